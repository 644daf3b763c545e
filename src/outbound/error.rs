//! Why something was not fetched or sent.

use std::error::Error;

use super::lookup::{OutOfReach, Unknown};

/// Facts for the operator and for whoever registered the address; the address itself is never in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Plain HTTP, another scheme, or credentials in the address.
    #[error("only https addresses without user information are called")]
    NotHttps,
    /// It leads inside.
    #[error("the address leads to this machine or into a private network")]
    OutOfReach,
    /// The name leads nowhere.
    #[error("the name cannot be looked up")]
    Unresolved,
    /// No connection, no valid certificate, or an answer that is not HTTP.
    #[error("no answer over a trusted connection")]
    Unreachable,
    /// It took too long.
    #[error("no whole answer in time")]
    TooLate,
    /// More than is taken.
    #[error("the answer is too large")]
    TooLarge,
    /// Another status than the one that brings something.
    #[error("the answer has status {0}")]
    Status(u16),
}

impl From<reqwest::Error> for OutboundError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TooLate;
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(one) = cause {
            if one.is::<OutOfReach>() {
                return Self::OutOfReach;
            }
            if one.is::<Unknown>() {
                return Self::Unresolved;
            }
            cause = one.source();
        }
        Self::Unreachable
    }
}
