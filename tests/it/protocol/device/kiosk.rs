//! A kiosk and the person before it.

use serde_json::json;

use crate::kit::{Answer, Browser, Page, RelyingParty, TestApp, registration};

pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A screen in a hall: no address to come back to, no secret.
pub(super) async fn kiosk(app: &TestApp) -> RelyingParty {
    let members = json!({
        "token_endpoint_auth_method": "none",
        "grant_types": [GRANT, "refresh_token"],
        "response_types": [],
        "redirect_uris": [],
        "post_logout_redirect_uris": [],
    });
    app.relying_party(registration("mot-cua", members)).await
}

pub(super) async fn begin(kiosk: &RelyingParty) -> Answer {
    kiosk.post("/device", &[("scope", "openid email offline_access")]).await
}

pub(super) async fn poll(kiosk: &RelyingParty, device_code: &str) -> Answer {
    kiosk.post("/token", &[("grant_type", GRANT), ("device_code", device_code)]).await
}

pub(super) async fn type_code(browser: &mut Browser, code: &str) -> Page {
    let page = browser.open("/device/verify").await;
    browser.submit(&page, "/device/verify", &[("user_code", code)]).await
}

/// As somebody new, up to the page that asks to compare the code.
pub(super) async fn come_with(browser: &mut Browser, code: &str) -> Page {
    let page = type_code(browser, code).await;
    let create = page.attribute("a[href^='/create']", "href").expect("a link to create an account");
    browser.sign_up(&create, "Nguyễn Thị Ánh").await
}

/// The request that waits behind the page on which the code is compared.
pub(super) fn waiting(page: &Page) -> String {
    page.attribute("form[action='/device/confirm'] input[name=interaction]", "value").unwrap()
}

pub(super) async fn same(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "/device/confirm", &[("decision", "same")]).await
}

/// As somebody new, to the end.
pub(super) async fn approve(browser: &mut Browser, code: &str) -> Page {
    let page = come_with(browser, code).await;
    let page = same(browser, &page).await;
    browser.agree(&page, &["email"]).await
}
