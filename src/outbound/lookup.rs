//! Looking names up, and believing only answers that lie within reach.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Reach;

/// A name leads where no request may go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not public")]
pub(super) struct OutOfReach;

/// A name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be looked up")]
pub(super) struct Unknown;

/// Asks the system.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unknown)?;
            let found: Addrs = Box::new(found.collect::<Vec<_>>().into_iter());
            Ok(found)
        })
    }
}

/// Asks another, and passes on only what is within reach. The connection goes to what this gives, so that a name that
/// answers otherwise the next time gains nothing.
pub(super) struct Checked {
    pub reach: Reach,
    pub inner: Arc<dyn Resolve>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, inner) = (self.reach, Arc::clone(&self.inner));
        Box::pin(async move {
            let found: Vec<SocketAddr> = inner.resolve(name).await?.collect();
            // One address inside among public ones is an attempt, not a misfortune: all of them are refused.
            if found.iter().any(|address| !reach.allows(address.ip())) {
                return Err(OutOfReach.into());
            }
            if found.is_empty() {
                return Err(Unknown.into());
            }
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}
