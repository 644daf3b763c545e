//! What a proof says.

use serde::Deserialize;

use crate::base::Timestamp;
use crate::protocol::numeric_date;

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
    #[serde(deserialize_with = "numeric_date::deserialize")]
    pub iat: Timestamp,
    /// The nonce that we gave.
    pub nonce: Option<String>,
    /// The digest of the access token that goes with it.
    pub ath: Option<String>,
    /// Until when its maker wants it to be good. RFC 9449 does not ask for it, and RFC 7519 has it count where it stands.
    #[serde(default, deserialize_with = "numeric_date::deserialize_optional")]
    pub exp: Option<Timestamp>,
}
