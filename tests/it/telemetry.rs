//! What operators see of a request, and what they never see.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use khue::base::{SystemClock, SystemEntropy};
use khue::config::{LogFormat, LogLevel};
use khue::telemetry::{Cause, Health, Metrics, Observer, Readiness, Routine, observe, subscriber};
use tower::ServiceExt;
use tracing::instrument::WithSubscriber;

#[derive(Debug, thiserror::Error)]
#[error("the vault did not open")]
struct VaultError(#[source] io::Error);

async fn broken() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Cause::new(VaultError(io::Error::other("hinge"))));
    response
}

fn router() -> Router {
    let observer = Observer::new(Arc::new(SystemClock), Arc::new(SystemEntropy::new()));
    Router::new()
        .route("/fine/{name}", get(|| async { "fine" }))
        .route("/same", get(|| async { (Extension(Routine), "same") }))
        .route("/broken", get(broken))
        .layer(from_fn_with_state(observer, observe))
}

async fn ask(path: &str) -> Response {
    let request =
        Request::get(path).header("cookie", "__Host-khue_session=s3cret").header("x-request-id", "forged");
    router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// The log lines of asking for `path`, and the answer.
async fn logged(format: LogFormat, path: &str) -> (String, Response) {
    logged_at(LogLevel::Debug, format, path).await
}

async fn logged_at(level: LogLevel, format: LogFormat, path: &str) -> (String, Response) {
    let lines = Lines::default();
    let response = ask(path).with_subscriber(subscriber(format, level, lines.clone())).await;
    (lines.text(), response)
}

#[tokio::test]
async fn what_is_the_same_for_everybody_has_a_line_at_debug_alone() {
    for (level, expected) in [(LogLevel::Debug, 1), (LogLevel::Info, 0)] {
        let (lines, response) = logged_at(level, LogFormat::Json, "/same").await;
        assert_eq!(lines.matches("answered").count(), expected, "{lines}");
        assert!(response.headers().contains_key("x-request-id"));
    }
    assert_eq!(logged_at(LogLevel::Info, LogFormat::Json, "/fine/a").await.0.matches("answered").count(), 1);
}

#[tokio::test]
async fn a_log_line_names_the_route_and_nothing_that_was_sent() {
    let (line, response) = logged(LogFormat::Json, "/fine/nguyen?code=s3cret").await;
    let fields: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(fields["route"], "/fine/{name}");
    assert_eq!((&fields["method"], &fields["status"]), (&"GET".into(), &200.into()));
    assert_eq!(fields["span"]["id"], response.headers()["x-request-id"].to_str().unwrap());
    assert!(!line.contains("s3cret") && !line.contains("nguyen") && !line.contains("forged"), "{line}");
}

#[tokio::test]
async fn a_cause_is_logged_once_and_never_answered() {
    let (line, response) = logged(LogFormat::Human, "/broken").await;
    assert_eq!(line.matches("the vault did not open: hinge").count(), 1, "{line}");
    assert!(line.contains("ERROR"), "{line}");
    assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
}

#[tokio::test]
async fn counts_are_bounded_by_the_route_table() {
    let metrics = Metrics::install().unwrap();
    for number in 0..100 {
        ask(&format!("/fine/{number}")).await;
        ask(&format!("/nowhere/{number}")).await;
    }
    let page = metrics.routes().oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let text = String::from_utf8(page.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let counted = |route: &str, status: &str| {
        let label =
            format!("khue_http_requests_total{{method=\"GET\",route=\"{route}\",status=\"{status}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&label)?.parse::<u64>().ok())
    };
    assert!(counted("/fine/{name}", "2xx") >= Some(100), "{text}");
    assert!(counted("unmatched", "4xx") >= Some(100), "{text}");
    assert!(text.contains("khue_http_request_seconds_bucket{route=\"/fine/{name}\",le=\"0.01\"}"), "{text}");
    assert!(!text.contains("nowhere"), "{text}");
}

#[tokio::test]
async fn a_node_is_ready_only_while_its_parts_work_and_it_is_not_stopping() {
    let health = Health::default().with("database", async || true);
    assert_eq!(health.readiness().await, Readiness::Ready);
    let down = health.clone().with("short-lived store", async || false);
    assert_eq!(down.readiness().await, Readiness::Down(vec!["short-lived store"]));
    assert_eq!(probe(&down, "/health/ready").await, (503, "down: short-lived store\n".into()));
    assert_eq!(probe(&down, "/health/live").await, (200, "alive\n".into()));
    health.stop();
    assert_eq!(probe(&health, "/health/ready").await, (503, "stopping\n".into()));
}

#[tokio::test]
async fn a_part_that_never_answers_is_down() {
    let health = Health::default()
        .patient_for(Duration::from_millis(10))
        .with("database", std::future::pending::<bool>);
    assert_eq!(health.readiness().await, Readiness::Down(vec!["database"]));
}

async fn probe(health: &Health, path: &str) -> (u16, String) {
    let response =
        health.routes::<()>().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
