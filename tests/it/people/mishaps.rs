//! Stores that are down, and proxies that lie.

use super::raw::get;
use crate::kit::TestApp;

#[tokio::test]
async fn without_the_short_lived_store_nobody_signs_in_and_nothing_is_half_done() {
    // Nothing listens there.
    let app = TestApp::builder().with("shortlived.url", "redis://127.0.0.1:1").build().await;
    let mut browser = app.browser();
    let page = browser.open("/create").await;
    let refused = browser.submit(&page, "/create", &[("name", "An")]).await;
    assert_eq!(refused.status, 503);
    assert!(
        refused.text().contains("KH-503") && !refused.header("retry-after").is_empty(),
        "{}",
        refused.text()
    );
    assert!(!refused.text().contains("127.0.0.1"), "the operator's side stays in the log");
    assert_eq!(browser.cookie("__Host-khue_session"), None);
    let page = browser.open("/sign-in").await;
    let refused = browser.submit(&page, "/sign-in", &[("credential", "{}")]).await;
    assert_eq!(refused.status, 503, "whoever cannot be counted is not let try again and again");
}

#[tokio::test]
async fn a_forwarded_address_counts_only_from_a_proxy_of_ours_and_must_be_one() {
    let app = TestApp::builder().with("server.trusted_proxies", "192.0.2.0/24").build().await;
    let nonsense = get(&app, "/help", &[("x-forwarded-for", "not-an-address")]).await;
    assert_eq!(nonsense.status, 400);
    assert!(nonsense.body.contains("KH-204"));
    assert_eq!(get(&app, "/help", &[("x-forwarded-for", "203.0.113.9")]).await.status, 200);
    let stranger = TestApp::start().await;
    assert_eq!(get(&stranger, "/help", &[("x-forwarded-for", "not-an-address")]).await.status, 200);
}
