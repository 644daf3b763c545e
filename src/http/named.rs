//! What stands in an address where its route has a name for it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The named parts of a path. Bytes that are no text name nothing that there is: they come as empty texts, and each route
/// answers as to any other name that nobody has.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Default + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        Ok(Self(read.map(|Path(named)| named).unwrap_or_default()))
    }
}
