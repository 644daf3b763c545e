//! The relying system in whose name the flows are driven.

use khue::domain::client::Registration;
use serde_json::json;

use crate::fault::Fault;

/// Its identifier.
pub const ID: &str = "bench-portal";
/// Its secret.
pub const SECRET: &str = "a secret that only the load driver and its own instance know";
/// Where codes go.
pub const REDIRECT_URI: &str = "https://portal.bench.example/callback";
/// What a flow asks for.
pub const SCOPE: &str = "openid profile email";
/// What a flow asks for that is followed by refreshes.
pub const OFFLINE_SCOPE: &str = "openid profile email offline_access";

/// The registration.
pub fn registration() -> Result<Registration, Fault> {
    let claim = |claim: &str| {
        let purpose = json!({ "vi": "Điền sẵn hồ sơ", "en": "To fill in forms" });
        json!({ "claim": claim, "purpose": purpose, "basis": "consent", "essential": claim == "name" })
    };
    let claims = ["name", "birthdate", "gender", "email"].map(claim);
    Ok(serde_json::from_value(json!({
        "client_id": ID,
        "client_name": { "vi": "Cổng đo tải", "en": "Load portal" },
        "client_purpose": { "vi": "Đo tốc độ", "en": "Measures speed" },
        "contacts": ["bench@bench.example"],
        "client_uri": "https://portal.bench.example/",
        "redirect_uris": [REDIRECT_URI],
        "scope": OFFLINE_SCOPE,
        "claims": claims,
        "id_token_signed_response_alg": "ES256",
    }))?)
}
