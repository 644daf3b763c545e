//! A device asks until it is answered.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::kiosk::{GRANT, approve, begin, come_with, kiosk, poll, same, type_code};
use crate::kit::{Answer, TestApp, registration};

#[tokio::test]
async fn who_asks_too_early_waits_longer_from_then_on__rfc8628_3_5() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let code = begin(&kiosk).await.text("device_code");
        let after = async |seconds| {
            app.advance(Duration::from_secs(seconds)).await;
            poll(&kiosk, &code).await.text("error")
        };
        assert_eq!(after(0).await, "authorization_pending");
        assert_eq!(after(4).await, "authorization_pending", "networks are not even");
        assert_eq!(after(1).await, "slow_down");
        assert_eq!(after(5).await, "slow_down", "ten seconds by now");
        assert_eq!(after(14).await, "authorization_pending", "fifteen");
        assert_eq!(after(5).await, "slow_down");
        let answer = poll(&kiosk, &code).await;
        assert_eq!(answer.status, 400, "no client is shut out for it");
    }
}

#[tokio::test]
async fn of_sixteen_questions_at_once_one_is_answered__rfc8628_3_5() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let begun = begin(&kiosk).await;
        approve(&mut app.browser(), &begun.text("user_code")).await;
        let code = begun.text("device_code");
        let answers = join_all((0..16).map(|_| poll(&kiosk, &code))).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        let lost = answers.iter().filter(|answer| answer.status != 200);
        for answer in lost {
            assert_eq!(answer.text("error"), "slow_down");
        }
        let access = won[0].text("access_token");
        assert_eq!(kiosk.userinfo(&access).await.status, 200, "and keeps what it was given");
        app.advance(Duration::from_secs(90)).await;
        assert_eq!(poll(&kiosk, &code).await.text("error"), "invalid_grant");
        assert_eq!(kiosk.userinfo(&access).await.status, 401, "a second redemption ends the first");
    }
}

#[tokio::test]
async fn a_device_code_is_its_own_client_s_and_a_thief_burns_nothing() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let members = json!({ "token_endpoint_auth_method": "none", "grant_types": [GRANT], "response_types": [], "redirect_uris": [] });
    let other = app.relying_party(registration("khac", members)).await;
    let begun = begin(&kiosk).await;
    approve(&mut app.browser(), &begun.text("user_code")).await;
    for _ in 0..3 {
        let answer = poll(&other, &begun.text("device_code")).await;
        assert_eq!(answer.text("error"), "invalid_grant");
    }
    for forged in ["khue_dc_x", "", &begun.text("device_code")[..20], &begun.text("user_code")] {
        let answer = poll(&kiosk, forged).await;
        assert!(["invalid_grant", "invalid_request"].contains(&answer.text("error").as_str()), "{forged}");
    }
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.status, 200);
}

#[tokio::test]
async fn codes_are_over_after_ten_minutes_and_say_so__rfc8628_3_2() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    let begun = begin(&kiosk).await;
    let waiting = come_with(&mut phone, &begun.text("user_code")).await;
    app.advance(Duration::from_secs(600)).await;
    let answer = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, "expired_token"));
    let page = type_code(&mut phone, &begun.text("user_code")).await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("KH-323"), "{}", page.text());
    let page = same(&mut phone, &waiting).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "Mã đã hết hạn"));
    app.advance(Duration::from_secs(700)).await;
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "invalid_grant");
    assert!(type_code(&mut phone, &begun.text("user_code")).await.text().contains("KH-322"));
}

#[tokio::test]
async fn a_kiosk_on_one_node_and_a_phone_on_the_other() {
    let nodes = TestApp::two_nodes().await;
    let here = kiosk(&nodes[0]).await;
    nodes[1].instance.provider.refresh_caches().await.unwrap();
    let there = here.by(nodes[1].router());
    let begun = begin(&here).await;
    let code = begun.text("device_code");
    approve(&mut nodes[1].browser(), &begun.text("user_code")).await;
    let answers =
        join_all((0..16).map(|number| poll(if number % 2 == 0 { &here } else { &there }, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}
