//! What a proof says.

use serde::{Deserialize, Deserializer};

use crate::base::Timestamp;

/// The claims of a proof (RFC 9449 §4.2). What else it carries is not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProofClaims {
    /// Its own name: one proof, one call.
    pub jti: String,
    /// The method of the call.
    pub htm: String,
    /// The address of the call.
    pub htu: String,
    /// When it was made.
    #[serde(deserialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// The nonce that we gave.
    pub nonce: Option<String>,
    /// The digest of the access token that goes with it.
    pub ath: Option<String>,
}

/// RFC 7519 §2: seconds, perhaps with a fraction, of which nothing depends here.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole = || number.as_f64().map(|seconds| seconds.floor() as i64);
    number
        .as_i64()
        .or_else(whole)
        .map(Timestamp::from_seconds)
        .ok_or_else(|| serde::de::Error::custom("not a time"))
}
