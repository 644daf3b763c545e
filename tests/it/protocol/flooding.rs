//! Too many tries: told to wait, and nobody else is locked out.

use khue::services::guard::{Guarded, SPAN};

use crate::kit::{TestApp, confidential};

#[tokio::test]
async fn a_system_that_keeps_failing_is_told_to_wait_and_a_right_secret_still_counts() {
    for app in TestApp::on_both().await {
        let mut system = app.relying_party(confidential("dichvucong")).await;
        let right = system.secret.replace("wrong".to_owned());
        for _ in 0..Guarded::ClientAuthentication.limit() {
            assert_eq!(system.refresh("x").await.status, 401);
        }
        let told = system.refresh("x").await;
        assert_eq!((told.status.as_u16(), told.text("error").as_str()), (429, "slow_down"));
        assert_eq!(told.header("retry-after"), SPAN.as_secs().to_string());
        system.secret = right;
        assert_eq!(system.refresh("x").await.text("error"), "invalid_grant");
    }
}

#[tokio::test]
async fn a_place_that_begins_accounts_without_end_is_told_to_wait_on_a_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.open("/create").await;
    for _ in 0..Guarded::NewAccount.limit() {
        assert_eq!(browser.submit(&page, "/create", &[("name", "An")]).await.status, 200);
    }
    let told = browser.submit(&page, "/create", &[("name", "An")]).await;
    assert_eq!(told.status, 429);
    assert_eq!(told.header("retry-after"), SPAN.as_secs().to_string());
    app.advance(SPAN).await;
    let page = browser.open("/create").await;
    assert_eq!(browser.submit(&page, "/create", &[("name", "An")]).await.status, 200);
}
