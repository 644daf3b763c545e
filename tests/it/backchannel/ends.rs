//! By whichever way a session ends, its systems are told; and only they.

use std::time::Duration;

use serde_json::json;

use super::{app, apps, begin, deliver, enter, listening, sign_out};
use crate::kit::{Mood, Receiver, TestApp, claims, public, registration};

#[tokio::test]
async fn every_way_of_ending_a_session_tells_its_systems() {
    for app in apps().await {
        let receiver = Receiver::start(Mood::Answers(200)).await;
        let system = app.relying_party(listening("dichvucong", &receiver)).await;

        let mut browser = app.browser();
        let hint = begin(&mut browser, &system).await;
        browser.get(&format!("/logout?id_token_hint={hint}")).await;
        told(&app, &receiver, 1, "at a system's wish").await;

        let page = browser.open("/sign-in").await;
        browser.sign_in(&page).await;
        enter(&mut browser, &system).await;
        sign_out(&mut browser).await;
        told(&app, &receiver, 2, "signed out here").await;

        let page = browser.open("/sign-in").await;
        browser.sign_in(&page).await;
        enter(&mut browser, &system).await;
        let mut elsewhere = app.browser();
        std::mem::swap(&mut elsewhere.authenticator, &mut browser.authenticator);
        let page = elsewhere.open("/sign-in").await;
        elsewhere.sign_in(&page).await;
        let page = elsewhere.open("/account/sessions").await;
        elsewhere.submit(&page, "/account/sessions/end-others", &[]).await;
        told(&app, &receiver, 3, "ended from the list of sessions").await;

        enter(&mut elsewhere, &system).await;
        app.advance(Duration::from_secs(5)).await;
        let page = elsewhere.open(&system.authorize(&[("prompt", "login")])).await;
        assert!(page.has("form[action='/not-me']"), "{}", page.text());
        elsewhere.submit(&page, "/not-me", &[]).await;
        told(&app, &receiver, 4, "not me").await;
    }
}

#[tokio::test]
async fn a_removed_passkey_and_another_person_end_sessions_too() {
    let app = app().await;
    let receiver = Receiver::start(Mood::Answers(200)).await;
    let system = app.relying_party(listening("dichvucong", &receiver)).await;

    let mut browser = app.browser();
    begin(&mut browser, &system).await;
    app.advance(Duration::from_secs(5)).await;
    let create = browser.open(&system.authorize(&[("prompt", "create")])).await;
    let page = browser.submit(&create, "/create", &[("name", "Bình")]).await;
    let page = browser.create_passkey(&page, "/create/passkey").await;
    assert!(page.has("form[action='/consent']"), "{}", page.text());
    told(&app, &receiver, 1, "another person at the same browser").await;

    enter(&mut browser, &system).await;
    app.advance(Duration::from_secs(1)).await;
    let page = browser.open("/account/passkeys").await;
    let first = page.attribute(".things > li:nth-child(1) input[name=id]", "value").unwrap();
    let mut second = crate::authenticator::Authenticator::new(crate::kit::ISSUER);
    let credential = second.create(&page.passkey_options("/account/passkeys"));
    browser
        .submit(&page, "/account/passkeys", &[("credential", &credential), ("label", "Khóa dự phòng")])
        .await;
    let page = browser.open(&format!("/account/passkeys/remove?id={first}")).await;
    browser.submit(&page, "/account/passkeys/remove", &[]).await;
    assert_eq!(browser.get("/account").await.status, 303, "she is signed out with it");
    told(&app, &receiver, 2, "the passkey was removed").await;
}

#[tokio::test]
async fn only_systems_of_the_session_that_ask_for_it_are_told_each_under_its_own_names() {
    let app = app().await;
    let [first, second, third] = [
        Receiver::start(Mood::Answers(200)).await,
        Receiver::start(Mood::Answers(200)).await,
        Receiver::start(Mood::Answers(200)).await,
    ];
    let portal = app.relying_party(listening("dichvucong", &first)).await;
    let school = app.relying_party(listening("hocba", &second)).await;
    let never_entered = app.relying_party(listening("tuyensinh", &third)).await;
    let deaf = app.relying_party(public("khongnghe")).await;

    let mut browser = app.browser();
    begin(&mut browser, &portal).await;
    enter(&mut browser, &school).await;
    enter(&mut browser, &deaf).await;
    enter(&mut browser, &portal).await;
    let mut other = app.browser();
    begin(&mut other, &never_entered).await;
    sign_out(&mut browser).await;
    deliver(&app).await;
    assert_eq!([first.heard().len(), second.heard().len(), third.heard().len()], [1, 1, 0]);
    let (one, two) = (claims(&first.tokens()[0]), claims(&second.tokens()[0]));
    for name in ["sid", "sub", "jti", "aud"] {
        assert_ne!(one[name], two[name], "{name}");
    }
}

#[tokio::test]
async fn what_outlives_the_session_is_told_of_its_end_and_lives_on() {
    let app = app().await;
    let receiver = Receiver::start(Mood::Answers(200)).await;
    let system = app.relying_party(listening("dichvucong", &receiver)).await;
    let mut browser = app.browser();
    let authorize = system.authorize(&[("scope", "openid offline_access")]);
    let code = browser.first_visit(&authorize, &[]).await.answer()["code"].clone();
    let tokens = system.redeem(&code).await;
    sign_out(&mut browser).await;
    deliver(&app).await;
    assert_eq!(receiver.heard().len(), 1);
    // Back-Channel Logout §2.7: a refresh token with offline_access is not revoked by it.
    assert_eq!(system.refresh(&tokens.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn a_system_that_does_not_listen_any_more_is_let_go() {
    let app = app().await;
    let receiver = Receiver::start(Mood::Answers(503)).await;
    let system = app.relying_party(listening("dichvucong", &receiver)).await;
    let mut browser = app.browser();
    begin(&mut browser, &system).await;
    sign_out(&mut browser).await;
    deliver(&app).await;
    let changes = json!({ "token_endpoint_auth_method": "none" });
    app.relying_party(registration("dichvucong", changes)).await;
    app.clock.advance(Duration::from_secs(1));
    deliver(&app).await;
    assert_eq!(receiver.heard().len(), 1);
    assert!(app.instance.provider.waiting_logouts(10).await.unwrap().is_empty());
}

async fn told(app: &TestApp, receiver: &Receiver, count: usize, why: &str) {
    deliver(app).await;
    assert_eq!(receiver.heard().len(), count, "{why}");
}

#[tokio::test]
async fn a_system_that_alone_is_left_is_told_and_not_when_she_has_come_back() {
    for app in apps().await {
        let [first, second] =
            [Receiver::start(Mood::Answers(503)).await, Receiver::start(Mood::Answers(200)).await];
        let portal = app.relying_party(listening("dichvucong", &first)).await;
        let school = app.relying_party(listening("hocba", &second)).await;
        let mut browser = app.browser();
        let before = claims(&begin(&mut browser, &portal).await);
        enter(&mut browser, &school).await;
        let page = browser.get("/logout?client_id=dichvucong").await;
        browser.submit(&page, "/logout/confirm", &[("from", "system")]).await;
        told(&app, &first, 1, "left alone").await;
        assert_eq!(claims(&first.tokens()[0])["sid"], before["sid"]);

        // She comes back in the same session: what was not heard would end the new visit.
        app.advance(Duration::from_secs(1)).await;
        enter(&mut browser, &portal).await;
        told(&app, &first, 1, "moot").await;
        assert!(app.instance.provider.waiting_logouts(10).await.unwrap().is_empty());
        assert!(second.heard().is_empty(), "nothing ended there");
    }
}
