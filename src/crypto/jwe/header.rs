//! The protected header (RFC 7516 §4).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::signing::PublicKey;
use crate::protocol::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

/// What is read of a header, and all that is written of one. Members that are not understood are passed over
/// (RFC 7516 §4), those that must be understood are not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct JweHeader {
    pub alg: KeyManagementAlgorithm,
    pub enc: ContentEncryptionAlgorithm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cty: Option<String>,
    /// RFC 7518 §4.6.1.1: the sender's half of the agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epk: Option<PublicKey>,
    /// RFC 7518 §4.6.1.2: about the sender. It goes into the derivation as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apu: Option<String>,
    /// RFC 7518 §4.6.1.3: about the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apv: Option<String>,
    /// RFC 7516 §4.1.13: none is understood.
    #[serde(default, skip_serializing)]
    pub crit: Option<Value>,
    /// RFC 8725 §3.6: compressed content tells of itself by its length.
    #[serde(default, skip_serializing)]
    pub zip: Option<Value>,
    /// RFC 8725 §3.10: whoever sends it says where a key is; it is never looked at, and not passed over either.
    #[serde(default, skip_serializing)]
    pub jku: Option<Value>,
    /// Likewise.
    #[serde(default, skip_serializing)]
    pub x5u: Option<Value>,
}
