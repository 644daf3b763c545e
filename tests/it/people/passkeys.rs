//! A second passkey, and parting with the first.

use std::time::Duration;

use khue::base::RequestId;
use khue::domain::audit::{Origin, Place};

use crate::authenticator::{Authenticator, Fault};
use crate::kit::{Browser, ISSUER, Page, TestApp};

const PASSKEYS: &str = "/account/passkeys";

async fn signed_up(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    browser.sign_up("/create", "An").await;
    browser
}

/// Adds a passkey on another device; gives that device back.
async fn add_passkey(app: &TestApp, browser: &mut Browser, label: &str) -> (Page, Authenticator) {
    // The list is in the order in which they were added.
    app.advance(Duration::from_secs(1)).await;
    let page = browser.open(PASSKEYS).await;
    let mut key = Authenticator::synced(ISSUER);
    let credential = key.create(&page.passkey_options(PASSKEYS));
    let page = browser.submit(&page, PASSKEYS, &[("credential", &credential), ("label", label)]).await;
    (page, key)
}

fn id_of(page: &Page, place: usize) -> String {
    let selector = format!(".things > li:nth-child({place}) input[name=id]");
    page.attribute(&selector, "value").unwrap_or_else(|| panic!("no passkey {place}: {}", page.text()))
}

#[tokio::test]
async fn a_second_passkey_opens_the_account_too() {
    for app in TestApp::on_both().await {
        let mut browser = signed_up(&app).await;
        let (page, key) = add_passkey(&app, &mut browser, "Khóa dự phòng").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Khóa dự phòng"), "{}", page.text());
        let mut elsewhere = app.browser();
        elsewhere.authenticator = key;
        let page = elsewhere.open("/sign-in").await;
        assert_eq!(elsewhere.sign_in(&page).await.heading(), "Xin chào, An");
    }
}

#[tokio::test]
async fn passkeys_change_only_after_a_fresh_sign_in() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app).await;
    let (page, _) = add_passkey(&app, &mut browser, "Khóa dự phòng").await;
    let (stale, id) = (browser.open(PASSKEYS).await, id_of(&page, 2));
    app.advance(Duration::from_secs(301)).await;
    let again = Some("/sign-in?for=passkeys");
    assert_eq!(browser.get(PASSKEYS).await.location().as_deref(), again);
    assert_eq!(browser.get(&format!("{PASSKEYS}/remove?id={id}")).await.location().as_deref(), again);
    let credential = Authenticator::new(ISSUER).create(&stale.passkey_options(PASSKEYS));
    let late = browser.submit(&stale, PASSKEYS, &[("credential", &credential), ("label", "x")]).await;
    assert!(late.has("form[action='/sign-in']"), "{}", late.text());
    let page = browser.sign_in(&late).await;
    assert!(page.has(&format!("form[action='{PASSKEYS}']")), "back where she was going");
}

#[tokio::test]
async fn a_passkey_is_renamed() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app).await;
    let page = browser.open(PASSKEYS).await;
    let rename = format!("{PASSKEYS}/rename");
    let renamed = browser.submit(&page, &rename, &[("label", "Điện thoại của tôi")]).await;
    assert!(renamed.text().contains("Điện thoại của tôi"));
    for bad in ["", "a\u{202E}b", &"x".repeat(101)] {
        let wrong = browser.submit(&page, &rename, &[("label", bad)]).await;
        assert_eq!(wrong.status, 400, "{bad:?}");
    }
    let mut other = app.browser();
    other.sign_up("/create", "Bình").await;
    let theirs = other.open(PASSKEYS).await;
    let refused = other.submit(&theirs, &rename, &[("id", &id_of(&page, 1)), ("label", "Của tôi")]).await;
    assert_eq!(refused.status, 404, "not hers");
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_and_ends_what_rests_on_it() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app).await;
    let (page, key) = add_passkey(&app, &mut browser, "Khóa dự phòng").await;
    let mut elsewhere = app.browser();
    elsewhere.authenticator = key;
    let sign_in = elsewhere.open("/sign-in").await;
    elsewhere.sign_in(&sign_in).await;
    let own = browser.open(&format!("{PASSKEYS}/remove?id={}", id_of(&page, 1))).await;
    assert!(own.text().contains("bạn sẽ được đăng xuất"), "said beforehand: {}", own.text());
    let page = browser.open(&format!("{PASSKEYS}/remove?id={}", id_of(&page, 2))).await;
    assert!(page.text().contains("Khóa dự phòng") && !page.text().contains("bạn sẽ được đăng xuất"));
    let removed = browser.submit(&page, &format!("{PASSKEYS}/remove"), &[]).await;
    assert_eq!(removed.status, 200);
    assert!(!removed.text().contains("Khóa dự phòng"));
    assert_eq!(elsewhere.get("/account").await.location().as_deref(), Some("/sign-in"));
    let page = elsewhere.open("/sign-in").await;
    assert_eq!(elsewhere.sign_in(&page).await.status, 400);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn the_last_passkey_stays_also_when_two_are_removed_at_once() {
    for app in TestApp::on_both().await {
        let mut browser = signed_up(&app).await;
        let last = browser.open(PASSKEYS).await;
        let remove = format!("{PASSKEYS}/remove");
        let token = last.attribute("input[name=form_token]", "value").unwrap();
        let refused = browser.post(&remove, &[("form_token", &token), ("id", &id_of(&last, 1))]).await;
        assert_eq!(refused.status, 400);
        let (page, _) = add_passkey(&app, &mut browser, "Khóa dự phòng").await;
        let provider = &app.instance.provider;
        let session =
            provider.session_of(browser.cookie("__Host-khue_session").unwrap()).await.unwrap().unwrap();
        let ids =
            [id_of(&page, 1), id_of(&page, 2)].map(|id| khue::base::ids::CredentialId::parse(&id).unwrap());
        let place = Place::new("192.0.2.7".parse().unwrap(), 1, None);
        let origin = Origin { place, request: RequestId::generate(provider.now(), provider.entropy()) };
        let (one, two) = tokio::join!(
            provider.remove_passkey(&session, ids[0], &origin),
            provider.remove_passkey(&session, ids[1], &origin),
        );
        let removed = [one.unwrap(), two.unwrap()];
        let count =
            removed.iter().filter(|one| **one == khue::services::accounts::PasskeyRemoval::Removed).count();
        assert_eq!(count, 1, "{removed:?}");
        assert_eq!(provider.own_passkeys(&session).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_registration_makes_no_account_and_no_passkey() {
    let app = TestApp::start().await;
    for fault in [
        Fault::Origin("https://evil.example"),
        Fault::Challenge(vec![3; 32]),
        Fault::RelyingParty("evil.example"),
        Fault::NotVerified,
        Fault::NotDiscoverable,
        Fault::Algorithm,
        Fault::ForgedAttestation,
    ] {
        let mut browser = app.browser();
        let page = browser.open("/create").await;
        let page = browser.submit(&page, "/create", &[("name", "An")]).await;
        browser.authenticator.misbehave(fault.clone());
        let refused = browser.create_passkey(&page, "/create/passkey").await;
        assert_eq!(refused.status, 400, "{fault:?}");
        assert_eq!(browser.cookie("__Host-khue_session"), None, "{fault:?}");
        let created = browser.create_passkey(&refused, "/create/passkey").await;
        assert_eq!(created.heading(), "Xin chào, An", "the next try is right: {fault:?}");
    }
}

#[tokio::test]
async fn a_passkey_of_somebody_else_is_not_registered_again() {
    let app = TestApp::start().await;
    let mut an = signed_up(&app).await;
    let known = an.authenticator.credential_ids()[0].clone();
    let mut binh = app.browser();
    let page = binh.open("/create").await;
    let page = binh.submit(&page, "/create", &[("name", "Bình")]).await;
    let create = |browser: &mut Browser, page: &Page| {
        browser.authenticator.create(&page.passkey_options("/create/passkey"))
    };
    let credential = create(&mut binh, &page);
    binh.submit(&page, "/create/passkey", &[("credential", &credential)]).await;
    binh.set_cookie("__Host-khue_session", "");
    let replayed = binh.submit(&page, "/create/passkey", &[("credential", &credential)]).await;
    assert_eq!(replayed.status, 400, "a ceremony makes one account");
    assert_eq!(an.authenticator.credential_ids(), [known]);
    assert_eq!(an.get("/account").await.status, 200);
}
