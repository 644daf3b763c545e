//! Checking an ID token as a relying system must (OIDC Core §3.1.3.7), with nothing of the provider's own code.

use data_encoding::BASE64URL_NOPAD;
use khue::base::{Clock, SystemClock};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;

use crate::fault::Fault;

/// The published ES256 keys.
pub struct Verifier(Vec<(String, UnparsedPublicKey<Vec<u8>>)>);

/// What a checked token says.
#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    /// The person.
    pub sub: String,
}

#[derive(Deserialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    /// Keys that others encrypt to name none.
    #[serde(default)]
    alg: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Verifier {
    /// Reads a key set.
    pub fn read(jwks: &[u8]) -> Result<Self, Fault> {
        let jwks: Jwks = serde_json::from_slice(jwks)?;
        let read = |key: &Jwk| {
            let mut point = vec![4];
            point.extend(BASE64URL_NOPAD.decode(key.x.as_bytes())?);
            point.extend(BASE64URL_NOPAD.decode(key.y.as_bytes())?);
            Ok::<_, Fault>((key.kid.clone(), UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)))
        };
        let keys = jwks.keys.iter().filter(|key| key.alg == "ES256").map(read).collect::<Result<_, _>>()?;
        Ok(Self(keys))
    }

    /// Checks signature and claims.
    pub fn check(
        &self,
        token: &str,
        issuer: &str,
        client_id: &str,
        nonce: Option<&str>,
    ) -> Result<Claims, Fault> {
        let (signed, signature) = token.rsplit_once('.').ok_or("an ID token without signature")?;
        let (header, claims) = signed.split_once('.').ok_or("an ID token without header")?;
        let header = BASE64URL_NOPAD.decode(header.as_bytes())?;
        let header: Header<'_> = serde_json::from_slice(&header)?;
        let key = self.0.iter().find(|(kid, _)| kid == header.kid).filter(|_| header.alg == "ES256");
        let (_, key) = key.ok_or("an ID token signed with a key that is not published")?;
        key.verify(signed.as_bytes(), &BASE64URL_NOPAD.decode(signature.as_bytes())?)
            .map_err(|_| "an ID token with a wrong signature")?;
        let claims: Claims = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes())?)?;
        let now = SystemClock.now().seconds();
        let is_good = claims.iss == issuer
            && claims.aud == client_id
            && claims.exp > now
            && claims.iat <= now + 1
            && claims.nonce.as_deref() == nonce
            && !claims.sub.is_empty();
        if is_good { Ok(claims) } else { Err("an ID token with wrong claims".into()) }
    }
}
