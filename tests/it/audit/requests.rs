//! The number on a page, and in `X-Request-Id`, finds what the request left in the log.

use std::collections::BTreeSet;
use std::time::Duration;

use khue::base::ids::AuditEventId;
use khue::domain::audit::AuditEntry;
use uuid::Uuid;

use crate::kit::{Answer, TestApp, confidential, public};

/// What the request left, as kinds with their reasons, by the alphabet: under a clock that stands still, entries have no
/// order.
pub async fn left_by(app: &TestApp, reference: &str) -> Vec<String> {
    assert_eq!(reference.len(), 19, "{reference}");
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let entries = tx.audit_entries_of_request(reference).await.unwrap();
    let name = |entry: AuditEntry| match entry.reason {
        Some(reason) => format!("{} {reason}", entry.kind),
        None => entry.kind,
    };
    let mut left: Vec<String> = entries.into_iter().map(|stored| name(stored.entry)).collect();
    left.sort();
    left
}

async fn all(app: &TestApp) -> Vec<AuditEntry> {
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let none = AuditEventId::from_uuid(Uuid::nil());
    tx.audit_entries_pending(none).await.unwrap().into_iter().map(|stored| stored.entry).collect()
}

fn reference(answer: &Answer) -> &str {
    answer.header("x-request-id")
}

#[tokio::test]
async fn the_reference_on_a_page_that_refuses_a_sign_in_finds_the_refusal() {
    for app in TestApp::on_both().await {
        let mut browser = app.browser();
        let page = browser.open("/sign-in").await;
        let refused = browser.submit(&page, "/sign-in", &[("credential", "{}")]).await;
        let shown = refused.select_text(".foot-note .code");
        assert_eq!(shown, refused.header("x-request-id"), "{}", refused.text());
        assert_eq!(left_by(&app, &shown).await, ["sign_in.failed not_proved"]);

        let mut stranger = app.browser();
        stranger.open("/sign-in").await;
        let elsewhere = stranger.open("/sign-in").await;
        let ceremony = page.attribute("input[name=ceremony]", "value").unwrap();
        let fields = [("ceremony", ceremony.as_str()), ("credential", "{}")];
        let refused = stranger.submit(&elsewhere, "/sign-in", &fields).await;
        let shown = refused.select_text(".foot-note .code");
        assert_eq!((refused.status.as_u16(), shown.as_str()), (403, refused.header("x-request-id")));
        assert_eq!(left_by(&app, &shown).await, ["sign_in.failed ceremony_expired"]);
    }
}

#[tokio::test]
async fn whatever_a_request_brings_about_has_its_number() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let authorize = system.authorize(&[("scope", "openid profile email offline_access")]);
    let mut browser = app.browser();
    let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();
    let tokens = system.redeem(&code).await;
    assert_eq!(left_by(&app, reference(&tokens)).await, ["tokens.issued"]);
    let told = system.userinfo(&tokens.text("access_token")).await;
    assert_eq!(left_by(&app, reference(&told)).await, ["claims.released"]);
    let first = tokens.text("refresh_token");
    let refreshed = system.refresh(&first).await;
    assert_eq!(left_by(&app, reference(&refreshed)).await, ["tokens.refreshed"]);
    let reused = system.redeem(&code).await;
    assert_eq!(left_by(&app, reference(&reused)).await, ["code.reused", "family.ended code_reused"]);

    let online = browser.open(&system.authorize(&[("scope", "openid profile email")])).await;
    let online = system.redeem(&online.answer()["code"]).await;
    assert_eq!(online.status, 200, "{:?}", online.body);
    let offline = browser.open(&authorize).await.answer()["code"].clone();
    let first = system.redeem(&offline).await.text("refresh_token");
    system.refresh(&first).await;
    app.advance(Duration::from_secs(10)).await;
    let reused = system.refresh(&first).await;
    let expected = ["family.ended refresh_token_reused", "refresh.reused"];
    assert_eq!(left_by(&app, reference(&reused)).await, expected);

    let page = browser.open("/account/systems/withdraw?id=dienthoai").await;
    browser.submit(&page, "/account/systems/withdraw", &[]).await;
    let asked = browser.open(&authorize).await;
    browser.submit(&asked, "/consent", &[("decision", "decline")]).await;
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;

    let entries = all(&app).await;
    let of_requests = entries.iter().filter(|entry| !["operator", "system"].contains(&&*entry.actor.kind));
    let kinds: BTreeSet<&str> = of_requests.clone().map(|entry| entry.kind.as_str()).collect();
    let expected = [
        "account.created",
        "claims.released",
        "code.reused",
        "consent.declined",
        "consent.given",
        "consent.withdrawn",
        "family.ended",
        "logout",
        "passkey.added",
        "refresh.reused",
        "session.ended",
        "session.started",
        "tokens.issued",
        "tokens.refreshed",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
    for entry in of_requests {
        assert!(entry.request.is_some() && entry.sealed.is_some(), "{entry:?}");
    }
    assert!(
        entries.iter().filter(|entry| entry.actor.kind == "operator").all(|entry| entry.request.is_none())
    );
}

#[tokio::test]
async fn a_code_that_is_refused_is_on_record_once_for_each_reason() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let other = app.relying_party(confidential("motcua")).await;
        let mut browser = app.browser();
        let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
        let wrong = "wrong-verifier-wrong-verifier-wrong-verifier-0";
        for (answer, left) in [
            (
                system.redeem_with(&code, &[("code_verifier", wrong)]).await,
                &["code.refused wrong_verifier"][..],
            ),
            (system.redeem_with(&code, &[("code_verifier", wrong)]).await, &[]),
            (system.redeem_with(&code, &[("code_verifier", "")]).await, &["code.refused verifier_missing"]),
            (
                system.redeem_with(&code, &[("redirect_uri", "https://x.example.vn/")]).await,
                &["code.refused other_redirect_uri"],
            ),
            (other.redeem(&code).await, &[]),
            (system.redeem("nonsense").await, &[]),
        ] {
            assert_eq!(answer.text("error"), "invalid_grant");
            assert_eq!(left_by(&app, reference(&answer)).await, left);
        }
        app.advance(Duration::from_secs(60)).await;
        let late = system.redeem(&code).await;
        assert_eq!(left_by(&app, reference(&late)).await, ["code.refused expired"]);
    }
}

#[tokio::test]
async fn a_refresh_token_in_strange_hands_is_on_record_under_its_own_system() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let thief = app.relying_party(confidential("motcua")).await;
        let authorize = system.authorize(&[("scope", "openid profile email offline_access")]);
        let code = app.browser().first_visit(&authorize, &["email"]).await.answer()["code"].clone();
        let token = system.redeem(&code).await.text("refresh_token");
        let stolen = thief.refresh(&token).await;
        assert_eq!(left_by(&app, reference(&stolen)).await, ["refresh.refused other_client"]);
        assert!(left_by(&app, reference(&thief.refresh(&token).await)).await.is_empty(), "once");
        let entries = all(&app).await;
        let refused = entries.iter().find(|entry| entry.kind == "refresh.refused").unwrap();
        assert_eq!(refused.client.as_deref(), Some("dienthoai"));
        assert_eq!(refused.actor.id.as_deref(), Some("motcua"));
        assert!(refused.subject.is_some());
        app.advance(Duration::from_secs(400 * 24 * 3600)).await;
        let late = system.refresh(&token).await;
        assert_eq!(left_by(&app, reference(&late)).await, ["refresh.refused expired"]);
    }
}
