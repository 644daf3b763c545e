//! The query of a page's address.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::error::PageError;
use crate::protocol::RawParams;
use crate::protocol::params::BODY_LIMIT;
use crate::view::{Done, Trouble};

/// The parameters of the address.
#[derive(Debug)]
pub struct Asked(RawParams);

impl Asked {
    /// The value of a parameter; nothing where it is missing or empty. Sent twice, it is no address of ours.
    pub fn get(&self, name: &'static str) -> Result<Option<&str>, PageError> {
        self.0.get(name).map_err(|repeated| PageError::new(Trouble::BadInput).because(repeated))
    }

    /// What was just done, where the page follows on something.
    pub fn done(&self) -> Result<Option<Done>, PageError> {
        Ok(self.get(Done::PARAMETER)?.and_then(Done::from_code))
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        let query = parts.uri.query().unwrap_or_default();
        let params = RawParams::parse(query.as_bytes(), BODY_LIMIT);
        params.map(Self).map_err(|error| PageError::new(Trouble::BadInput).because(error))
    }
}
