//! The systems in whose names the driver calls.

use khue::domain::client::Registration;
use serde_json::{Map, Value, json};

use crate::fault::Fault;

/// The secret of those that have one.
pub const SECRET: &str = "a secret that only the load driver and its own instance know";
/// Where codes go.
pub const REDIRECT_URI: &str = "https://portal.bench.example/callback";
/// What a flow asks for.
pub const SCOPE: &str = "openid profile email";
/// What a flow asks for that is followed by refreshes.
pub const OFFLINE_SCOPE: &str = "openid profile email offline_access";
/// What services call, and resources ask about.
pub const RESOURCE: &str = "https://records.bench.example/api";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Signs people in with a secret.
    Portal,
    /// Signs people in with keys: `private_key_jwt`, and tokens bound by DPoP.
    Bank,
    /// Calls a resource for itself.
    Service,
    /// The resource.
    Records,
}

impl System {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Portal, Self::Bank, Self::Service, Self::Records];
    /// Those to which people come.
    pub const VISITED: [Self; 2] = [Self::Portal, Self::Bank];

    /// Its identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Portal => "bench-portal",
            Self::Bank => "bench-bank",
            Self::Service => "bench-service",
            Self::Records => "bench-records",
        }
    }

    /// Whether it has a secret.
    pub const fn has_secret(self) -> bool {
        !matches!(self, Self::Bank)
    }

    /// Its registration; `jwks` are the keys of the one that has keys.
    pub fn registration(self, jwks: &Value) -> Result<Registration, Fault> {
        let every = json!({
            "client_id": self.id(),
            "client_name": { "vi": "Hệ thống đo tải", "en": "Load system" },
            "client_purpose": { "vi": "Đo tốc độ", "en": "Measures speed" },
            "contacts": ["bench@bench.example"],
            "client_uri": "https://portal.bench.example/",
        });
        let resource = json!([{ "resource": RESOURCE, "scope": "read" }]);
        let own = match self {
            Self::Portal => visited(),
            Self::Bank => together([
                visited(),
                json!({
                    "token_endpoint_auth_method": "private_key_jwt",
                    "jwks": jwks,
                    "dpop_bound_access_tokens": true,
                }),
            ]),
            Self::Service => json!({
                "grant_types": ["client_credentials"], "response_types": [], "resources": resource
            }),
            Self::Records => {
                json!({ "grant_types": [], "response_types": [], "protected_resources": resource })
            }
        };
        Ok(serde_json::from_value(together([every, own]))?)
    }
}

/// The members of all of them.
fn together(parts: [Value; 2]) -> Value {
    let members = |part| if let Value::Object(members) = part { members } else { Map::new() };
    parts.into_iter().flat_map(members).collect()
}

fn visited() -> Value {
    let claim = |claim: &str| {
        let purpose = json!({ "vi": "Điền sẵn hồ sơ", "en": "To fill in forms" });
        json!({ "claim": claim, "purpose": purpose, "basis": "consent", "essential": claim == "name" })
    };
    let claims = ["name", "birthdate", "gender", "email"].map(claim);
    json!({
        "redirect_uris": [REDIRECT_URI],
        "scope": OFFLINE_SCOPE,
        "claims": claims,
        "id_token_signed_response_alg": "ES256",
    })
}
