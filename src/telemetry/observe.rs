//! One middleware around every request: its id, its span, its log line, its counts.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, debug, error, error_span, info, warn};

use super::request_counts::{RequestCounts, method_label};
use super::{Cause, Routine, Stopwatch};
use crate::base::{Clock, Entropy, RequestId};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What [`observe`] needs.
#[derive(Clone)]
pub struct Observer {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    counts: Arc<RequestCounts>,
}

impl Observer {
    /// Request ids begin with the time of `clock`; the rest is drawn from `entropy`.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy, counts: Arc::default() }
    }
}

/// Observes one request. Lay it over the router with `axum::middleware::from_fn_with_state(observer, observe)`.
///
/// The id stands in the request's extensions and in the answer's `X-Request-Id`. What is logged and counted is the
/// route as written in the route table: paths and queries hold what people sent.
pub async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let id = RequestId::generate(observer.clock.now(), &*observer.entropy);
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let header = HeaderValue::from_str(id.as_str()).ok();
    // Of the highest level, so that no log level hides the number by which a person asks.
    let span = error_span!("request", id = id.as_str());
    request.extensions_mut().insert(id);

    let mut response = next.run(request).instrument(span.clone()).await;

    let status = response.status();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let took = watch.elapsed();
    span.in_scope(|| log(method, route, took, &response));
    observer.counts.count(method, route, status, took);
    if let Some(header) = header {
        response.headers_mut().insert(HEADER, header);
    }
    response
}

fn log(method: &'static str, route: &str, took: Duration, response: &Response) {
    let status = response.status().as_u16();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let extensions = response.extensions();
    match extensions.get::<Cause>() {
        Some(cause) if status >= 500 => error!(method, route, status, micros, %cause, "failed"),
        Some(cause) => warn!(method, route, status, micros, %cause, "refused"),
        None if extensions.get::<Routine>().is_some() => debug!(method, route, status, micros, "answered"),
        None => info!(method, route, status, micros, "answered"),
    }
}
