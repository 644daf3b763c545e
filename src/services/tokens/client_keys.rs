//! The public keys of clients: registered by value, or fetched from where they publish them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use url::Url;

use crate::base::Timestamp;
use crate::crypto::signing::Jwks;
use crate::domain::client::Client;
use crate::outbound::{Limits, Outbound, OutboundError};
use crate::protocol::ClientId;
use crate::services::Provider;

/// How long fetched keys are used without asking again: a key that a client takes back counts no longer than this.
const FRESH: Duration = Duration::from_secs(10 * 60);

/// How long they are used while their server does not answer.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How often a server is asked at most, whatever comes.
const BETWEEN: Duration = Duration::from_secs(60);

/// How many addresses are remembered. Only registered ones are ever asked; past this, all are forgotten.
const MOST_ADDRESSES: usize = 4096;

/// Keys that were fetched, by address.
#[derive(Default)]
pub(in crate::services) struct FetchedKeys(Mutex<HashMap<String, Arc<Source>>>);

/// One address. Reading never waits; fetching is done by one at a time.
#[derive(Default)]
struct Source {
    known: ArcSwap<Known>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Arc<Jwks>,
    fetched_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

/// Why no keys came.
#[derive(Debug, thiserror::Error)]
enum NoKeys {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("the content type is not JSON")]
    ContentType,
    #[error("the content is not a JWK set")]
    Form,
}

impl Known {
    fn is_younger(&self, than: Duration, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| now < at + than)
    }
}

impl Provider {
    /// What `look` finds in the client's keys. Keys that are fetched are asked for once more where it finds nothing, at most
    /// once a minute: the client may have changed them.
    pub(in crate::services) async fn with_client_keys<T>(
        &self,
        client: &Client,
        look: impl Fn(&Jwks) -> Option<T>,
    ) -> Option<T> {
        let registration = &client.registration;
        if let Some(jwks) = &registration.jwks {
            return look(&serde_json::from_value(jwks.value().clone()).ok()?);
        }
        let uri = registration.jwks_uri.as_deref()?;
        self.fetched_keys.find(&self.outbound, &registration.client_id, uri, self.now(), look).await
    }
}

impl FetchedKeys {
    async fn find<T>(
        &self,
        outbound: &Outbound,
        client: &ClientId,
        uri: &str,
        now: Timestamp,
        look: impl Fn(&Jwks) -> Option<T>,
    ) -> Option<T> {
        let source = self.source(uri);
        let before = source.known.load_full();
        if before.is_younger(FRESH, now)
            && let Some(found) = look(&before.keys)
        {
            return Some(found);
        }
        let _turn = source.turn.lock().await;
        let mut known = Known::clone(&source.known.load());
        if known.asked_at.is_none_or(|at| at + BETWEEN <= now) {
            known.asked_at = Some(now);
            match fetch(outbound, uri).await {
                Ok(keys) => {
                    known = Known { keys: Arc::new(keys), fetched_at: Some(now), asked_at: Some(now) }
                }
                Err(error) => tracing::warn!(%client, %error, "a system's jwks_uri gave no keys"),
            }
            source.known.store(Arc::new(known.clone()));
        }
        if known.is_younger(KEPT, now) { look(&known.keys) } else { None }
    }

    fn source(&self, uri: &str) -> Arc<Source> {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() >= MOST_ADDRESSES && !sources.contains_key(uri) {
            sources.clear();
        }
        Arc::clone(sources.entry(uri.to_owned()).or_default())
    }
}

async fn fetch(outbound: &Outbound, uri: &str) -> Result<Jwks, NoKeys> {
    let url = Url::parse(uri).map_err(|_| OutboundError::NotHttps)?;
    let fetched = outbound.get(&url, Limits::default()).await?;
    match fetched.media_type().as_deref() {
        Some("application/json" | "application/jwk-set+json") => {}
        _ => return Err(NoKeys::ContentType),
    }
    serde_json::from_slice(&fetched.body).map_err(|_| NoKeys::Form)
}
