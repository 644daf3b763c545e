//! Proof Key for Code Exchange (RFC 7636), S256 only.

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::wire_enum::wire_enum;
use crate::base::Secret;
use crate::base::encoding::from_base64url;

wire_enum! {
    /// How a challenge is made from its verifier. `plain` is no protection and does not exist here (RFC 9700 §2.1.1).
    CodeChallengeMethod {
        /// SHA-256 of the verifier.
        S256 = "S256",
    }
}

/// A challenge: the SHA-256 of a verifier that only the asking client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge([u8; SHA256_OUTPUT_LEN]);

impl CodeChallenge {
    /// Reads the 43 base64url characters of a digest; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        from_base64url(text)?.try_into().ok().map(Self)
    }
}

/// What the client presents with the code to show that it began the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeVerifier(Secret<String>);

impl CodeVerifier {
    /// Reads 43 to 128 unreserved characters (RFC 7636 §4.1); `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let fits = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
        fits.then(|| Self(Secret::new(text.to_owned())))
    }

    /// Whether this is the verifier of `challenge` (RFC 7636 §4.6), in constant time.
    pub fn answers(&self, challenge: &CodeChallenge) -> bool {
        digest(&SHA256, self.0.expose().as_bytes()).as_ref().ct_eq(&challenge.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_answers__rfc7636_appendix_b() {
        let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert!(verifier.answers(&challenge));
        let other = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK").unwrap();
        assert!(!other.answers(&challenge));
    }

    #[test]
    fn only_a_digest_is_a_challenge__rfc7636_4_2() {
        let long = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM";
        for text in ["", &long[..42], long, &format!("{}=", &long[..43]), &"+".repeat(43)] {
            assert_eq!(CodeChallenge::parse(text), None, "{text:?}");
        }
        // The last character of 32 bytes carries two loose bits: only one spelling is taken.
        assert_eq!(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), None);
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters__rfc7636_4_1() {
        for (length, taken) in [(42, false), (43, true), (128, true), (129, false)] {
            assert_eq!(CodeVerifier::parse(&"~".repeat(length)).is_some(), taken, "{length}");
        }
        assert_eq!(CodeVerifier::parse(&format!("{}+", "a".repeat(43))), None);
    }
}
