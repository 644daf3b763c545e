//! The number that finds one request again: on the page, in every log line about it, in the audit log.

use std::fmt;

use super::encoding::base64url;
use super::entropy::{Entropy, random_bytes};

/// 72 random bits, in 12 characters that can be read over the telephone. Never taken from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A fresh one.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self(base64url(random_bytes::<9>(entropy)))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
