//! Which jobs there are, and how often each takes its turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::deliver_logouts::Deliveries;
use super::repeat;
use crate::app::Instance;

/// How often what is cached in process is compared with what is stored: a change is in force everywhere within a second.
const CACHES: Duration = Duration::from_millis(500);
/// How often keys are asked whether their time has come.
const KEYS: Duration = Duration::from_secs(60);

/// How often what has run out is forgotten.
const FORGETTING: Duration = Duration::from_secs(10);

/// How often the outbox of sign-outs is looked at.
const LOGOUTS: Duration = Duration::from_millis(500);

/// Starts every job. They end when the set is dropped.
pub fn start(instance: &Instance) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let provider = Arc::clone(&instance.provider);
    jobs.spawn(repeat::every(CACHES, "cache refresh", move || {
        let provider = Arc::clone(&provider);
        async move { provider.refresh_caches().await }
    }));
    let provider = Arc::clone(&instance.provider);
    jobs.spawn(repeat::every(KEYS, "key rotation", move || {
        let provider = Arc::clone(&provider);
        async move { provider.advance_signing_keys().await }
    }));
    let provider = Arc::clone(&instance.provider);
    jobs.spawn(repeat::every(FORGETTING, "forgetting of tokens", move || {
        let provider = Arc::clone(&provider);
        async move { provider.forget_opaque_tokens().await }
    }));
    let audit = Arc::clone(&instance.audit);
    jobs.spawn(repeat::every(instance.config().audit.checkpoint_every, "audit integration", move || {
        let audit = Arc::clone(&audit);
        async move { audit.integrate().await.map(drop) }
    }));
    let deliveries = Arc::new(Mutex::new(Deliveries::new(Arc::clone(&instance.provider))));
    jobs.spawn(repeat::every(LOGOUTS, "logout delivery", move || {
        let deliveries = Arc::clone(&deliveries);
        async move { deliveries.lock().await.begin().await }
    }));
    jobs
}
