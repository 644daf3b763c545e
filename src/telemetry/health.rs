//! Whether this process lives, and whether it should be sent requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::{BoxFuture, join_all};

/// How long a part may take to answer before it counts as down.
const PATIENCE: Duration = Duration::from_secs(1);

type Check = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// The parts that must work before this node takes requests.
#[derive(Clone)]
pub struct Health {
    parts: Vec<(&'static str, Check)>,
    patience: Duration,
    stopping: Arc<AtomicBool>,
}

/// What a readiness check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Send requests.
    Ready,
    /// Requests under way are finished, new ones belong elsewhere.
    Stopping,
    /// These parts do not work.
    Down(Vec<&'static str>),
}

impl Default for Health {
    fn default() -> Self {
        Self { parts: Vec::new(), patience: PATIENCE, stopping: Arc::default() }
    }
}

impl Health {
    /// With another patience than a second.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// With the part `name`, which works when `check` says so in time.
    #[must_use]
    pub fn with<F>(mut self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.parts.push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    /// From here on not ready: a load balancer looks elsewhere while requests under way are finished.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Asks every part, all at once.
    pub async fn readiness(&self) -> Readiness {
        if self.stopping.load(Ordering::Relaxed) {
            return Readiness::Stopping;
        }
        let asked = self.parts.iter().map(|(name, check)| async move {
            let works = tokio::time::timeout(self.patience, check()).await.unwrap_or(false);
            (!works).then_some(*name)
        });
        let down: Vec<_> = join_all(asked).await.into_iter().flatten().collect();
        if down.is_empty() { Readiness::Ready } else { Readiness::Down(down) }
    }

    /// `GET /health/live` (the process answers) and `GET /health/ready` (and may be sent requests).
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let health = self.clone();
        let ready = move || async move { health.readiness().await };
        Router::new()
            .route("/health/live", get(|| async { plain(StatusCode::OK, "alive") }))
            .route("/health/ready", get(ready))
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("ready"),
            Self::Stopping => f.write_str("stopping"),
            Self::Down(parts) => write!(f, "down: {}", parts.join(", ")),
        }
    }
}

impl IntoResponse for Readiness {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Ready => StatusCode::OK,
            Self::Stopping | Self::Down(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        plain(status, self.to_string())
    }
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (status, headers, format!("{}\n", text.into())).into_response()
}
