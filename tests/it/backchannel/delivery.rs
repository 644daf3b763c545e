//! What is sent, and what happens when it is not heard.

use std::time::Duration;

use khue::domain::audit::EventKind;

use super::{app, apps, begin, deliver, enter, listening, sign_out, verified};
use crate::kit::{ISSUER, Mood, Receiver, TestApp, claims};

#[tokio::test]
async fn a_signed_token_says_who_and_which_session__backchannel_logout_2_4() {
    for app in apps().await {
        let receiver = Receiver::start(Mood::Answers(200)).await;
        let system = app.relying_party(listening("dichvucong", &receiver)).await;
        let mut browser = app.browser();
        let id_token = claims(&begin(&mut browser, &system).await);
        sign_out(&mut browser).await;
        assert!(receiver.heard().is_empty(), "no call is made while the person waits");
        deliver(&app).await;
        let [request] = &receiver.heard()[..] else { panic!("{:?}", receiver.heard()) };
        assert!(request.starts_with("POST /backchannel HTTP/1.1\r\n"), "{request}");
        let head = request.to_lowercase();
        assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{request}");

        let token = &receiver.tokens()[0];
        let mut told = verified(&app, token).await;
        let jti = told["jti"].take();
        assert_eq!(jti.as_str().unwrap().len(), 22);
        let now = told["iat"].as_i64().unwrap();
        let event = "http://schemas.openid.net/event/backchannel-logout";
        assert_eq!(
            told,
            serde_json::json!({
                "iss": ISSUER, "sub": id_token["sub"], "aud": "dichvucong", "iat": now, "exp": now + 120,
                "jti": null, "sid": id_token["sid"], "events": { event: {} },
            })
        );
        assert_eq!(waiting(&app).await, 0, "told once is enough");
        deliver(&app).await;
        assert_eq!(receiver.heard().len(), 1);
        assert_eq!(recorded(&app).await, [EventKind::LogoutDelivered]);
    }
}

#[tokio::test]
async fn a_system_that_fails_is_told_again_with_a_fresh_signature_and_the_same_jti() {
    for app in apps().await {
        let receiver = Receiver::start(Mood::Answers(503)).await;
        let system = app.relying_party(listening("dichvucong", &receiver)).await;
        let mut browser = app.browser();
        begin(&mut browser, &system).await;
        sign_out(&mut browser).await;
        deliver(&app).await;
        deliver(&app).await;
        assert_eq!(receiver.heard().len(), 1, "not before its time");
        for (tries, wait) in [(2, 1), (3, 5), (4, 30), (5, 120)] {
            app.clock.advance(Duration::from_secs(wait));
            deliver(&app).await;
            assert_eq!(receiver.heard().len(), tries);
        }
        let left = app.instance.provider.waiting_logouts(10).await.unwrap();
        assert_eq!((left[0].tries, left[0].last_problem.as_deref()), (5, Some("refused (503)")));

        receiver.turns(Mood::Answers(204));
        app.clock.advance(Duration::from_secs(600));
        deliver(&app).await;
        let tokens = receiver.tokens();
        assert_eq!((tokens.len(), waiting(&app).await), (6, 0));
        let (first, last) = (verified(&app, &tokens[0]).await, verified(&app, &tokens[5]).await);
        assert_eq!((&first["jti"], &first["sid"]), (&last["jti"], &last["sid"]));
        assert_eq!(last["iat"].as_i64().unwrap() - first["iat"].as_i64().unwrap(), 756);
        let mut expected = vec![EventKind::LogoutPostponed; 5];
        expected.push(EventKind::LogoutDelivered);
        assert_eq!(recorded(&app).await, expected);
    }
}

#[tokio::test]
async fn a_system_that_is_dead_for_a_day_is_given_up_and_seen() {
    let app = app().await;
    let receiver = Receiver::start(Mood::Answers(200)).await;
    let system = app.relying_party(listening("dichvucong", &receiver)).await;
    drop(receiver);
    let mut browser = app.browser();
    begin(&mut browser, &system).await;
    sign_out(&mut browser).await;
    let mut tries = 0;
    loop {
        deliver(&app).await;
        tries += 1;
        let left = app.instance.provider.waiting_logouts(10).await.unwrap();
        let Some(delivery) = left.first() else { break };
        assert_eq!((delivery.tries, delivery.last_problem.as_deref()), (tries, Some("unreachable")));
        app.clock.advance(delivery.due_at.since(app.instance.provider.now()));
    }
    assert_eq!(tries, 14);
    let kinds = recorded(&app).await;
    assert_eq!(kinds.len(), 14, "each try is recorded");
    assert_eq!(kinds.last(), Some(&EventKind::LogoutGivenUp));
    // The person sees the end of it, not each try.
    let page = browser.open("/sign-in").await;
    browser.sign_in(&page).await;
    let log = browser.open("/account/log").await.text();
    assert_eq!(log.matches("Không báo được cho hệ thống rằng bạn đã đăng xuất").count(), 1, "{log}");
}

#[tokio::test]
async fn one_silent_system_delays_no_other() {
    let app = app().await;
    let (silent, quick) = (Receiver::start(Mood::Silent).await, Receiver::start(Mood::Answers(200)).await);
    let slow_system = app.relying_party(listening("cham", &silent)).await;
    let quick_system = app.relying_party(listening("nhanh", &quick)).await;
    let mut first = app.browser();
    begin(&mut first, &slow_system).await;
    enter(&mut first, &quick_system).await;
    sign_out(&mut first).await;
    let under_way = tokio::spawn({
        let provider = std::sync::Arc::clone(&app.instance.provider);
        async move { provider.deliver_due_logouts().await }
    });
    silent.hears(1).await;
    quick.hears(1).await;
    assert!(!under_way.is_finished(), "the silent one keeps its own task only");

    // Somebody else signs out of both while that goes on: it is told at once, and the silent one is not asked twice.
    let mut second = app.browser();
    begin(&mut second, &quick_system).await;
    sign_out(&mut second).await;
    deliver(&app).await;
    assert_eq!(quick.heard().len(), 2);
    assert_eq!(silent.heard().len(), 1, "what one node is at, nobody else takes up");
    under_way.await.unwrap().unwrap();
    let left = app.instance.provider.waiting_logouts(10).await.unwrap();
    assert_eq!(left[0].last_problem.as_deref(), Some("too_late"));
}

#[tokio::test]
async fn what_leads_inside_is_never_called() {
    let receiver = Receiver::start(Mood::Answers(200)).await;
    let app = TestApp::start().await;
    let system = app.relying_party(listening("dichvucong", &receiver)).await;
    let mut browser = app.browser();
    begin(&mut browser, &system).await;
    sign_out(&mut browser).await;
    deliver(&app).await;
    assert!(receiver.heard().is_empty());
    assert_eq!(recorded(&app).await, [EventKind::LogoutPostponed]);
}

async fn waiting(app: &TestApp) -> usize {
    app.instance.provider.waiting_logouts(10).await.unwrap().len()
}

/// What the log says about deliveries, in order.
async fn recorded(app: &TestApp) -> Vec<EventKind> {
    app.instance.audit.integrate().await.unwrap();
    let db = app.instance.provider.db();
    let entries = db.read().await.unwrap().audit_entries_between(0, 10_000).await.unwrap();
    let deliveries = [EventKind::LogoutDelivered, EventKind::LogoutPostponed, EventKind::LogoutGivenUp];
    let kinds = entries.iter().filter_map(|stored| stored.entry.kind());
    kinds.filter(|kind| deliveries.contains(kind)).collect()
}
