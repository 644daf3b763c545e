//! Stores that fail: what needs them is refused with 503, nothing is half-done, and it works again by itself.

mod audit_refused;
mod postgres_down;
mod redis_down;

use std::time::Duration;

use axum::http::StatusCode;

use crate::kit::{Answer, Browser, Page, TestApp};

/// Waits until readiness says so: stores are real, and so is the time in which they come back.
async fn until_ready(app: &TestApp) {
    let ready = async {
        while app.browser().get("/health/ready").await.status != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), ready).await.expect("it recovers by itself");
}

/// The process lives; whether it should be sent requests is another question.
async fn is_alive_and_not_ready(app: &TestApp, down: &str) {
    let mut probe = app.browser();
    assert_eq!(probe.get("/health/live").await.status, StatusCode::OK);
    let ready = probe.get("/health/ready").await;
    assert_eq!((ready.status.as_u16(), ready.text().trim()), (503, down));
}

fn refused_for_now(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert_eq!(answer.text("error"), "temporarily_unavailable");
    assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{answer:?}");
}

fn page_for_now(page: &Page) {
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert!(page.header("retry-after").parse::<u32>().is_ok(), "{:?}", page.response.headers());
    assert!(page.has("h1"), "{}", page.text());
}

/// Sends what the person did once more, as a browser's reload does.
async fn again(browser: &mut Browser, action: &str, fields: &[(String, String)]) -> Page {
    let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post(action, &borrowed).await
}
