//! JWTs that clients sign: by a key of theirs that we know, with the one algorithm that this key is for.

use jsonwebtoken::{Algorithm, Header, decode_header};
use ring::hmac;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::verify::{LARGEST_JWT, refuse_foreign_keys, verified};
use super::{JwtRefused, provider};
use crate::base::Secret;
use crate::base::encoding::from_base64url;
use crate::crypto::signing::{Jwk, Jwks, VerifyingKey};
use crate::protocol::{AssertionAlgorithm, ClientId, SigningAlgorithm};

/// The most keys that are tried for a JWT that names none.
const MOST_TRIED: usize = 4;

/// A JWT whose header is understood. Its claims come out once its signature is verified, and not before.
pub struct ForeignJwt<'a> {
    token: &'a str,
    algorithm: AssertionAlgorithm,
    header: Header,
}

impl<'a> ForeignJwt<'a> {
    /// Reads the header. One that brings or points to a key, demands an extension, or names an algorithm that is not
    /// spoken here, `none` among them, is refused.
    pub fn read(token: &'a str) -> Result<Self, JwtRefused> {
        if token.len() > LARGEST_JWT {
            return Err(JwtRefused::TooLong);
        }
        let header = decode_header(token).ok().or_else(|| by_another_name(token));
        let header = header.ok_or(JwtRefused::Malformed)?;
        refuse_foreign_keys(&header)?;
        let algorithm = match header.alg {
            Algorithm::ES256 => AssertionAlgorithm::ES256,
            Algorithm::ES384 => AssertionAlgorithm::ES384,
            Algorithm::RS256 => AssertionAlgorithm::RS256,
            Algorithm::PS256 => AssertionAlgorithm::PS256,
            Algorithm::EdDSA => AssertionAlgorithm::EdDSA,
            Algorithm::HS256 => AssertionAlgorithm::HS256,
            _ => return Err(JwtRefused::OtherAlgorithm),
        };
        Ok(Self { token, algorithm, header })
    }

    /// What it says it is signed with.
    pub const fn algorithm(&self) -> AssertionAlgorithm {
        self.algorithm
    }

    /// Its type in lower case, without `application/` (RFC 7515 §4.1.9).
    pub fn typ(&self) -> Option<String> {
        let typ = self.header.typ.as_ref()?.to_ascii_lowercase();
        Some(typ.strip_prefix("application/").unwrap_or(&typ).to_owned())
    }

    /// Who it says made it, verified or not: to find the key, and for nothing else before that.
    pub fn said_issuer(&self) -> Option<ClientId> {
        /// The one claim that is looked at.
        #[derive(Deserialize)]
        struct Maker {
            iss: ClientId,
        }
        let claims = from_base64url(self.token.split('.').nth(1)?)?;
        serde_json::from_slice::<Maker>(&claims).ok().map(|maker| maker.iss)
    }

    /// The keys of `set` that it may have been signed with: those of the name that it gives, or all where it gives none,
    /// as far as they are for its algorithm.
    pub fn candidates(&self, set: &Jwks) -> Vec<VerifyingKey> {
        let Some(algorithm) = self.algorithm.signing() else { return Vec::new() };
        let named = |jwk: &&Jwk| self.header.kid.is_none() || jwk.kid == self.header.kid;
        let fitting = |jwk: &Jwk| VerifyingKey::for_algorithm(jwk, algorithm).ok();
        set.keys.iter().filter(named).filter_map(fitting).take(MOST_TRIED).collect()
    }

    /// Its claims, if one of `keys` signed it.
    pub fn verify<T: DeserializeOwned>(&self, keys: &[VerifyingKey]) -> Result<T, JwtRefused> {
        let mut refused = JwtRefused::UnknownKey;
        for key in keys.iter().filter(|key| Some(key.algorithm()) == self.algorithm.signing()) {
            match verified(self.token, key) {
                Ok(claims) => return Ok(claims),
                Err(why) => refused = why,
            }
        }
        Err(refused)
    }

    /// Its claims, if its code was made with one of `secrets` (HS256). The time taken does not tell how much was right.
    pub fn verify_mac<T: DeserializeOwned>(&self, secrets: &[Secret<Vec<u8>>]) -> Result<T, JwtRefused> {
        if self.algorithm != AssertionAlgorithm::HS256 {
            return Err(JwtRefused::OtherAlgorithm);
        }
        let (message, code) = self.token.rsplit_once('.').ok_or(JwtRefused::Malformed)?;
        let claims = message.split_once('.').and_then(|(_, claims)| from_base64url(claims));
        let code = from_base64url(code).ok_or(JwtRefused::Malformed)?;
        let fits = |secret: &Secret<Vec<u8>>| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
            hmac::verify(&key, message.as_bytes(), &code).is_ok()
        };
        // Every one is tried: which of two secrets it was shall not show.
        if secrets.iter().filter(|secret| fits(secret)).count() == 0 {
            return Err(JwtRefused::Signature);
        }
        serde_json::from_slice(&claims.ok_or(JwtRefused::Malformed)?).map_err(|_| JwtRefused::Claims)
    }
}

/// The header of a JWT whose `alg` the library knows by another name ([`SigningAlgorithm::named`]).
fn by_another_name(token: &str) -> Option<Header> {
    let (header, _) = token.split_once('.')?;
    let mut header: serde_json::Map<String, Value> = serde_json::from_slice(&from_base64url(header)?).ok()?;
    let alg = header.get_mut("alg")?;
    *alg = SigningAlgorithm::named(alg.as_str()?)?.as_str().into();
    serde_json::from_value(Value::Object(header)).ok()
}

/// Spends the time that verifying takes, where there is no key to verify with.
pub fn verify_for_nothing(token: &str) {
    /// The public key of RFC 7515 appendix A.3.
    const NOBODYS: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    provider::install();
    let key = serde_json::from_str(NOBODYS).ok().and_then(|jwk: Jwk| VerifyingKey::from_jwk(&jwk).ok());
    let (message, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    if let Some(key) = key {
        // A signature of the right length, so that the curve is reached: what was sent may be of another kind.
        let signature: String = signature.chars().chain(std::iter::repeat('A')).take(86).collect();
        let _wrong = jsonwebtoken::crypto::verify(
            &signature,
            message.as_bytes(),
            key.decoding_key(),
            Algorithm::ES256,
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::encoding::base64url;
    use crate::crypto::signing::{SigningKey, generate_pkcs8};

    fn key(algorithm: SigningAlgorithm) -> SigningKey {
        SigningKey::from_pkcs8(algorithm, generate_pkcs8(algorithm).unwrap().expose()).unwrap()
    }

    fn signed(key: &SigningKey, header: &Value) -> String {
        let message = format!("{}.{}", base64url(header.to_string()), base64url(r#"{"sub":"rp"}"#));
        let signature = base64url(key.sign(message.as_bytes()).unwrap());
        format!("{message}.{signature}")
    }

    fn verify(token: &str, set: &Jwks) -> Result<Value, JwtRefused> {
        let jwt = ForeignJwt::read(token)?;
        jwt.verify(&jwt.candidates(set))
    }

    #[test]
    fn each_algorithm_verifies_with_its_own_key_named_or_not() {
        let keys: Vec<_> = SigningAlgorithm::ALL.iter().map(|algorithm| key(*algorithm)).collect();
        let set = Jwks { keys: keys.iter().map(|key| key.public_jwk().clone()).collect() };
        for key in &keys {
            let named = signed(key, &json!({"alg": key.algorithm(), "kid": key.kid()}));
            assert_eq!(verify(&named, &set).unwrap(), json!({"sub": "rp"}), "{key:?}");
            let unnamed = signed(key, &json!({"alg": key.algorithm()}));
            assert!(verify(&unnamed, &set).is_ok(), "{key:?}");
            let foreign = signed(key, &json!({"alg": key.algorithm(), "kid": "other"}));
            assert_eq!(verify(&foreign, &set).unwrap_err(), JwtRefused::UnknownKey);
            for other in SigningAlgorithm::ALL.iter().filter(|other| **other != key.algorithm()) {
                let taken_for_another = signed(key, &json!({"alg": other, "kid": key.kid()}));
                assert!(verify(&taken_for_another, &set).is_err(), "{key:?} as {other}");
            }
        }
    }

    #[test]
    fn ed25519_is_eddsa_by_its_newer_name__rfc9864_2_2() {
        let key = key(SigningAlgorithm::EdDSA);
        for alg in [None, Some("EdDSA"), Some("Ed25519")] {
            let mut jwk = key.public_jwk().clone();
            jwk.alg = alg.map(str::to_owned);
            let set = Jwks { keys: vec![jwk] };
            assert!(verify(&signed(&key, &json!({"alg": "Ed25519"})), &set).is_ok(), "{alg:?}");
            let brings = signed(&key, &json!({"alg": "Ed25519", "jwk": key.public_jwk()}));
            assert_eq!(verify(&brings, &set).unwrap_err(), JwtRefused::ForbiddenHeader);
            assert!(verify(&signed(&key, &json!({"alg": "Ed448"})), &set).is_err());
        }
        let other = Jwks { keys: vec![self::key(SigningAlgorithm::ES256).public_jwk().clone()] };
        let token = signed(&key, &json!({"alg": "Ed25519"}));
        assert_eq!(verify(&token, &other).unwrap_err(), JwtRefused::UnknownKey);
    }

    #[test]
    fn no_header_brings_its_key_or_goes_without_one__rfc8725_3_1() {
        let key = key(SigningAlgorithm::ES256);
        let set = Jwks { keys: vec![key.public_jwk().clone()] };
        for (member, value) in [
            ("jku", json!("https://evil.example/jwks")),
            ("x5u", json!("https://evil.example/cert")),
            ("jwk", json!(key.public_jwk())),
            ("x5c", json!(["AA=="])),
            ("crit", json!(["b64"])),
        ] {
            let header = json!({"alg": "ES256", "kid": key.kid(), member: value});
            let refused = verify(&signed(&key, &header), &set).unwrap_err();
            assert_eq!(refused, JwtRefused::ForbiddenHeader, "{member}");
        }
        for alg in ["none", "None", "NONE", "", "ES512", "RS1", "HS999"] {
            let token = signed(&key, &json!({"alg": alg, "kid": key.kid()}));
            assert!(verify(&token, &set).is_err(), "{alg}");
            let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
            assert!(verify(&unsigned, &set).is_err(), "{alg}");
        }
        let whole = signed(&key, &json!({"alg": "ES256"}));
        for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
            assert!(verify(&whole[..cut], &set).is_err(), "{cut}");
        }
        assert!(verify(&format!("{whole}A"), &set).is_err());
        assert!(verify(&"a".repeat(LARGEST_JWT + 1), &set).is_err());
    }

    #[test]
    fn a_code_under_a_public_key_is_worth_nothing__rfc8725_2_1() {
        let key = key(SigningAlgorithm::RS256);
        let set = Jwks { keys: vec![key.public_jwk().clone()] };
        let message = format!("{}.{}", base64url(r#"{"alg":"HS256"}"#), base64url("{}"));
        let public = serde_json::to_vec(key.public_jwk()).unwrap();
        let code = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), message.as_bytes());
        let token = format!("{message}.{}", base64url(code));
        assert_eq!(verify(&token, &set).unwrap_err(), JwtRefused::UnknownKey);
        let jwt = ForeignJwt::read(&token).unwrap();
        assert!(jwt.verify_mac::<Value>(&[]).is_err());
        assert!(jwt.verify_mac::<Value>(&[Secret::new(public)]).is_ok(), "with that secret it would be");
        assert!(jwt.verify_mac::<Value>(&[Secret::new(b"other".to_vec())]).is_err());
        let signed = signed(&key, &json!({"alg": "RS256"}));
        let as_code = ForeignJwt::read(&signed).unwrap().verify_mac::<Value>(&[]);
        assert_eq!(as_code.unwrap_err(), JwtRefused::OtherAlgorithm);
        verify_for_nothing(&signed);
    }
}
