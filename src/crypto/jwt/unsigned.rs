//! JWTs that nobody signed (RFC 7519 §6). They are worth what plain parameters are worth.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::JwtRefused;
use super::verify::LARGEST_JWT;
use crate::base::encoding::from_base64url;

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// Whether `token` says of itself that nobody signed it.
pub fn says_unsigned(token: &str) -> bool {
    header(token).is_some_and(|header| header.alg == "none")
}

/// Its type in lower case, if it says one, and its claims. Never for anything that has to be proved.
pub fn read_unsigned_jwt<T: DeserializeOwned>(token: &str) -> Result<(Option<String>, T), JwtRefused> {
    if token.len() > LARGEST_JWT {
        return Err(JwtRefused::TooLong);
    }
    let header = header(token).ok_or(JwtRefused::Malformed)?;
    if header.crit.is_some() {
        return Err(JwtRefused::ForbiddenHeader);
    }
    let parts: Vec<&str> = token.split('.').collect();
    // RFC 7518 §3.6: its signature is empty.
    let ([_, claims, ""], "none") = (&parts[..], header.alg.as_str()) else {
        return Err(JwtRefused::OtherAlgorithm);
    };
    let claims = from_base64url(claims).ok_or(JwtRefused::Malformed)?;
    let claims = serde_json::from_slice(&claims).map_err(|_| JwtRefused::Claims)?;
    let typ = header.typ.map(|typ| typ.to_ascii_lowercase());
    Ok((typ.map(|typ| typ.strip_prefix("application/").unwrap_or(&typ).to_owned()), claims))
}

fn header(token: &str) -> Option<Header> {
    let encoded = token.split('.').next().filter(|_| token.len() <= LARGEST_JWT)?;
    serde_json::from_slice(&from_base64url(encoded)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::encoding::base64url;

    fn token(header: &Value, signature: &str) -> String {
        format!("{}.{}.{signature}", base64url(header.to_string()), base64url(r#"{"a":1}"#))
    }

    #[test]
    fn only_what_says_so_and_has_no_signature_is_read__rfc7519_6() {
        let whole = token(&json!({ "alg": "none", "typ": "application/OAuth-Authz-Req+JWT" }), "");
        assert!(says_unsigned(&whole));
        let (typ, claims) = read_unsigned_jwt::<Value>(&whole).unwrap();
        assert_eq!((typ.as_deref(), claims), (Some("oauth-authz-req+jwt"), json!({ "a": 1 })));
        for wrong in [
            token(&json!({ "alg": "none" }), "AAAA"),
            token(&json!({ "alg": "None" }), ""),
            token(&json!({ "alg": "ES256" }), ""),
            token(&json!({ "alg": "none", "crit": ["x"] }), ""),
            token(&json!({}), ""),
            whole.trim_end_matches('.').to_owned(),
            format!("{whole}."),
            "".to_owned(),
            "a".repeat(LARGEST_JWT + 1),
        ] {
            assert!(read_unsigned_jwt::<Value>(&wrong).is_err(), "{wrong}");
        }
    }
}
