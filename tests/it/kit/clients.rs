//! Registrations of systems that tests use.

use khue::domain::client::Registration;
use serde_json::{Value, json};

/// A system with a secret that may learn everything, some of it by consent and some by law.
pub fn confidential(id: &str) -> Registration {
    registration(id, json!({ "token_endpoint_auth_method": "client_secret_basic" }))
}

/// A system that runs in a browser or on a phone.
pub fn public(id: &str) -> Registration {
    registration(id, json!({ "token_endpoint_auth_method": "none" }))
}

/// A system with some members set otherwise.
pub fn registration(id: &str, changes: Value) -> Registration {
    let claim = |name: &str, basis: &str, essential: bool| {
        let purpose = json!({ "vi": format!("Để dùng {name}"), "en": format!("To use {name}") });
        json!({ "claim": name, "purpose": purpose, "basis": basis, "essential": essential })
    };
    let mut document = json!({
        "client_id": id,
        "client_name": { "vi": format!("Hệ thống {id}"), "en": format!("System {id}") },
        "client_purpose": { "vi": "Thử nghiệm", "en": "Testing" },
        "contacts": ["it@example.vn"],
        "client_uri": format!("https://{id}.example.vn/"),
        "redirect_uris": [format!("https://{id}.example.vn/callback")],
        "post_logout_redirect_uris": [format!("https://{id}.example.vn/signed-out")],
        "scope": "openid profile_min profile email phone address age offline_access",
        "id_token_signed_response_alg": "ES256",
        "claims": [
            claim("name", "consent", true),
            claim("email", "consent", false),
            claim("phone_number", "consent", false),
            claim("birthdate", "law", true),
            claim("gender", "law", false),
            claim("address", "consent", false),
            claim("locale", "law", false),
            claim("updated_at", "law", false),
            claim("age_over_16", "law", false),
            claim("ial", "law", false),
        ],
    });
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

/// A system under `fapi2`, known by the keys of `jwks`, whose tokens are bound by DPoP.
pub fn fapi2(id: &str, jwks: Value, changes: Value) -> Registration {
    let mut members = json!({
        "profile": "fapi2",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": jwks,
        "require_pushed_authorization_requests": true,
        "dpop_bound_access_tokens": true,
        "authorization_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
    });
    for (name, value) in changes.as_object().unwrap() {
        members[name] = value.clone();
    }
    registration(id, members)
}

/// A system that is the resource `uri` and nothing else.
pub fn resource(id: &str, uri: &str, scope: &str) -> Registration {
    let protected = json!([{ "resource": uri, "scope": scope }]);
    for_itself(id, json!({ "grant_types": [], "protected_resources": protected }))
}

/// The resource `uri` with the scope `doc` that knows `kind` of authorization details: a needed field, and another.
pub fn knowing(id: &str, uri: &str, kind: &str) -> Registration {
    let label = |vi: &str, en: &str| json!({ "vi": vi, "en": en });
    let protected = json!([{
        "resource": uri, "scope": "doc",
        "authorization_details": [{
            "type": kind, "name": label("Xem học bạ", "Read the school record"),
            "fields": [
                { "field": "nam_hoc", "label": label("Năm học", "School year"), "required": true },
                { "field": "mon", "label": label("Môn", "Subjects") },
            ],
        }],
    }]);
    for_itself(id, json!({ "grant_types": [], "protected_resources": protected }))
}

/// A system that calls resources for itself, each with its scopes.
pub fn service(id: &str, resources: &[(&str, &str)]) -> Registration {
    let resources: Vec<Value> =
        resources.iter().map(|(uri, scope)| json!({ "resource": uri, "scope": scope })).collect();
    for_itself(id, json!({ "grant_types": ["client_credentials"], "resources": resources }))
}

/// A system to which nobody is ever sent.
fn for_itself(id: &str, changes: Value) -> Registration {
    let mut all = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
    });
    for (name, value) in changes.as_object().unwrap() {
        all[name] = value.clone();
    }
    registration(id, all)
}
