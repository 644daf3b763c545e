//! Metrics for Prometheus. Where nothing is installed, counting costs next to nothing.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics::{Unit, describe_counter, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Requests answered, by method, route and status.
pub(super) const REQUESTS: &str = "khue_http_requests_total";

/// Seconds from request to response head, by route.
pub(super) const SECONDS: &str = "khue_http_request_seconds";

/// From well under a database commit to what a person calls broken.
const BUCKETS: [f64; 13] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

const UPKEEP: Duration = Duration::from_secs(5);

/// What has been counted in this process since [`Metrics::install`].
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count. Asked again, gives the same counts.
    pub fn install() -> Result<Self, BuildError> {
        static INSTALLED: OnceLock<Metrics> = OnceLock::new();
        if let Some(metrics) = INSTALLED.get() {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
        describe_counter!(REQUESTS, Unit::Count, "Requests answered");
        describe_histogram!(SECONDS, Unit::Seconds, "From request to response head");
        Ok(INSTALLED.get_or_init(|| Self(handle)).clone())
    }

    /// `GET /metrics`, for a listener of its own.
    pub fn routes(&self) -> Router {
        let metrics = self.clone();
        let page = move || {
            let text = metrics.render();
            async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response() }
        };
        Router::new().route("/metrics", get(page))
    }

    /// All counts in Prometheus' text form.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds what was measured into its buckets, for as long as the process lives. Without it, measurements pile up
    /// where nobody asks for them.
    pub async fn keep_up(self) {
        let mut tick = tokio::time::interval(UPKEEP);
        loop {
            tick.tick().await;
            self.0.run_upkeep();
        }
    }
}
