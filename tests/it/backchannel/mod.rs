//! Systems are told, server to server, that a session has ended (Back-Channel Logout 1.0).

mod delivery;
mod ends;
mod killed;
mod nodes;
mod registered;

use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use khue::domain::client::Registration;
use khue::storage::Engine;
use serde_json::{Value, json};

use crate::kit::{Browser, Receiver, RelyingParty, TestApp, registration};

/// A system that wants to be told at `receiver`.
fn listening(id: &str, receiver: &Receiver) -> Registration {
    registration(
        id,
        json!({
            "token_endpoint_auth_method": "none",
            "backchannel_logout_uri": receiver.address,
            "backchannel_logout_session_required": true,
        }),
    )
}

/// An instance that may call this machine, on each engine.
async fn apps() -> [TestApp; 2] {
    let builder = || TestApp::builder().with("server.sandbox", "true");
    [builder().build().await, builder().engine(Engine::Postgres).redis().build().await]
}

async fn app() -> TestApp {
    TestApp::builder().with("server.sandbox", "true").build().await
}

/// Enters `system`, and gives the ID token that it got.
async fn enter(browser: &mut Browser, system: &RelyingParty) -> String {
    let page = browser.open(&system.authorize(&[])).await;
    let page = match page.location() {
        Some(_) => page,
        None => browser.agree(&page, &[]).await,
    };
    system.redeem(&page.answer()["code"]).await.text("id_token")
}

/// Signs up on the way to `system`, and gives the ID token that it got.
async fn begin(browser: &mut Browser, system: &RelyingParty) -> String {
    let page = browser.first_visit(&system.authorize(&[]), &[]).await;
    system.redeem(&page.answer()["code"]).await.text("id_token")
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;
}

async fn deliver(app: &TestApp) {
    app.instance.provider.deliver_due_logouts().await.unwrap();
}

/// What a logout token says to whoever checks it with what is published.
async fn verified(app: &TestApp, token: &str) -> Value {
    let jwks: Jwks = serde_json::from_str(&app.browser().get("/jwks").await.text()).unwrap();
    verify_jwt(token, JwtType::LogoutToken, &VerifyingKeys::from_jwks(&jwks)).unwrap()
}
