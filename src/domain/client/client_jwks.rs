//! The public keys of a system, registered by value.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most keys of a set: enough for a change of each kind.
const MOST_KEYS: usize = 20;

/// The most bytes of a set as JSON.
const LARGEST: usize = 32 * 1024;

/// Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A JWK set (RFC 7517 §5), kept as it was written: certificates in it count too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientJwks(Value);

/// What is wrong with a set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// Another form.
    #[error("must be a JWK set: an object whose member keys is a list of 1 to 20 keys, at most 32 KiB")]
    Form,
    /// A key that is not public.
    #[error(
        "holds a private or symmetric key: register public keys alone, and replace this one, which is known now"
    )]
    Private,
    /// A key of no known kind.
    #[error("holds a key whose kty is not EC, RSA or OKP")]
    Kind,
    /// Two keys of one name.
    #[error("holds two keys with the same kid")]
    SameName,
}

impl ClientJwks {
    /// The set as JSON.
    pub const fn value(&self) -> &Value {
        &self.0
    }

    /// What keeps it from being used.
    pub fn problem(&self) -> Option<JwksError> {
        let keys = match self.0.get("keys") {
            Some(Value::Array(keys)) if (1..=MOST_KEYS).contains(&keys.len()) => keys,
            _ => return Some(JwksError::Form),
        };
        let text = |key: &Value, member: &str| key.get(member).and_then(Value::as_str).map(str::to_owned);
        if keys.iter().any(|key| PRIVATE.iter().any(|member| key.get(member).is_some())) {
            return Some(JwksError::Private);
        }
        if keys.iter().any(|key| !matches!(text(key, "kty").as_deref(), Some("EC" | "RSA" | "OKP"))) {
            return Some(JwksError::Kind);
        }
        if self.0.to_string().len() > LARGEST {
            return Some(JwksError::Form);
        }
        let mut names: Vec<String> = keys.iter().filter_map(|key| text(key, "kid")).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        (names.len() != count).then_some(JwksError::SameName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<JwksError> {
        serde_json::from_str::<ClientJwks>(text).unwrap().problem()
    }

    #[test]
    fn only_public_keys_are_registered() {
        assert_eq!(problem(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","x5c":["AA"]}]}"#), None);
        for form in ["[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}"#, "null"] {
            assert_eq!(problem(form), Some(JwksError::Form), "{form}");
        }
        for member in PRIVATE {
            let set = format!(r#"{{"keys":[{{"kty":"EC","{member}":"AA"}}]}}"#);
            assert_eq!(problem(&set), Some(JwksError::Private), "{member}");
        }
        for kind in [r#"{"kty":"oct"}"#, r#"{"kty":"ec"}"#, "{}", "7"] {
            assert_eq!(problem(&format!(r#"{{"keys":[{kind}]}}"#)), Some(JwksError::Kind), "{kind}");
        }
        let twice = r#"{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","kid":"a"}]}"#;
        assert_eq!(problem(twice), Some(JwksError::SameName));
        let many = format!(r#"{{"keys":[{}]}}"#, vec![r#"{"kty":"EC"}"#; 21].join(","));
        assert_eq!(problem(&many), Some(JwksError::Form));
        let large = format!(r#"{{"keys":[{{"kty":"EC","x":"{}"}}]}}"#, "A".repeat(LARGEST));
        assert_eq!(problem(&large), Some(JwksError::Form));
    }
}
