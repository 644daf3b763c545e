//! Verified claims: told of the invented people of a sandbox, and of nobody else.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use khue::storage::Engine::Postgres;
use serde_json::{Value, json};

use super::front_channel::old_system;
use crate::kit::{Answer, RelyingParty, TestApp, confidential};

async fn sandbox() -> TestApp {
    TestApp::builder().with("server.sandbox", "true").build().await
}

fn wish(claims: &Value) -> Value {
    json!({ "verification": { "trust_framework": null, "time": null }, "claims": claims })
}

/// A first visit of the teacher: she gives what she ticks.
async fn visit(app: &TestApp, system: &RelyingParty, claims: &Value, ticked: &[&str]) -> Answer {
    let request = system.authorize(&[("scope", "openid"), ("claims", &claims.to_string())]);
    let mut browser = app.browser();
    let page = browser.open(&request).await;
    let mut page = browser.submit(&page, "/sandbox/sign-in", &[("person", "teacher")]).await;
    if page.has("form[action='/consent']") {
        page = browser.agree(&page, ticked).await;
    }
    system.redeem(&page.answer()["code"]).await
}

async fn userinfo(app: &TestApp, system: &RelyingParty, verified: Value) -> Value {
    let tokens =
        visit(app, system, &json!({ "userinfo": { "verified_claims": verified } }), &["address"]).await;
    let told = system.userinfo(&tokens.text("access_token")).await;
    assert_eq!(told.status, 200);
    told.body
}

#[tokio::test]
async fn what_was_invented_is_told_as_that_where_it_was_asked_for__ida_5() {
    for app in [
        sandbox().await,
        TestApp::builder().with("server.sandbox", "true").engine(Postgres).redis().build().await,
    ] {
        let system = app.relying_party(confidential("dichvucong")).await;
        let claims =
            json!({ "name": { "essential": true }, "birthdate": null, "email": null, "given_name": null });
        let asked = json!({
            "userinfo": { "verified_claims": wish(&claims) },
            "id_token": { "verified_claims": {
                "verification": { "trust_framework": { "value": "sandbox" } }, "claims": { "gender": null },
            } },
        });
        let tokens = visit(&app, &system, &asked, &["email"]).await;
        assert_eq!(
            tokens.id_token()["verified_claims"],
            json!({ "verification": { "trust_framework": "sandbox" }, "claims": { "gender": "female" } })
        );
        let told = system.userinfo(&tokens.text("access_token")).await.body;
        let time = told["verified_claims"]["verification"]["time"].as_str().unwrap().to_owned();
        assert_eq!((time.len(), time.ends_with('Z')), (20, true), "{time}");
        let verified = json!({
            "verification": { "trust_framework": "sandbox", "time": time },
            "claims": { "name": "H'Mai Êban", "birthdate": "1991-11-20" },
        });
        assert_eq!(told, json!({ "sub": told["sub"], "verified_claims": verified }), "and nothing beside it");
        if app.engine() == Postgres {
            continue;
        }
        let log = app.texts("SELECT facts FROM audit_entry WHERE kind = 'claims.released'").await;
        let is_recorded = |names: &[&str]| {
            log.iter().any(|facts| names.iter().all(|name| facts.contains(&format!("\"{name}\""))))
        };
        assert!(
            is_recorded(&["gender", "id_token"]) && is_recorded(&["name", "birthdate", "userinfo"]),
            "{log:?}"
        );
    }
}

#[tokio::test]
async fn an_id_token_that_is_all_there_is_tells_both__oidc_core_5_4() {
    let app = sandbox().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let asked = json!({
        "userinfo": { "verified_claims": wish(&json!({ "birthdate": null })) },
        "id_token": { "verified_claims": wish(&json!({ "gender": null })) },
    });
    let request = system.authorize(&[
        ("response_type", "id_token"),
        ("scope", "openid"),
        ("claims", &asked.to_string()),
    ]);
    let mut browser = app.browser();
    let page = browser.open(&request).await;
    let mut page = browser.submit(&page, "/sandbox/sign-in", &[("person", "teacher")]).await;
    if page.has("form[action='/consent']") {
        page = browser.agree(&page, &[]).await;
    }
    let told = &crate::kit::claims(&page.answer()["id_token"])["verified_claims"];
    assert_eq!(
        (&told[0]["claims"]["gender"], &told[1]["claims"]["birthdate"]),
        (&json!("female"), &json!("1991-11-20"))
    );
}

#[tokio::test]
async fn only_what_is_registered_and_agreed_to_is_told__ida_5_7_3() {
    let app = sandbox().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let asked =
        json!({ "userinfo": { "verified_claims": wish(&json!({ "address": null, "age_over_18": null })) } });
    let request = system.authorize(&[("scope", "openid"), ("claims", &asked.to_string())]);
    let mut browser = app.browser();
    let page = browser.open(&request).await;
    let page = browser.submit(&page, "/sandbox/sign-in", &[("person", "teacher")]).await;
    assert!(page.has("input[name=claim][value=address]"), "she is asked: {}", page.text());
    let page = browser.agree(&page, &[]).await;
    let tokens = system.redeem(&page.answer()["code"]).await;
    let told = system.userinfo(&tokens.text("access_token")).await.body;
    assert_eq!(told, json!({ "sub": told["sub"] }), "she kept one, and the other is not registered");
}

#[tokio::test]
async fn each_of_several_wishes_is_answered_by_itself__ida_5_6() {
    let app = sandbox().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let bare = |framework: Value, claims: Value| json!({ "verification": { "trust_framework": framework }, "claims": claims });
    let asked = json!([
        bare(json!(null), json!({ "gender": null })),
        bare(json!({ "value": "eidas" }), json!({ "birthdate": null })),
        bare(json!({ "values": ["eidas", "sandbox"] }), json!({ "gender": null, "birthdate": null })),
    ]);
    let told = userinfo(&app, &system, asked).await;
    let verification = json!({ "trust_framework": "sandbox" });
    let expected = json!([
        { "verification": verification, "claims": { "gender": "female" } },
        { "verification": verification, "claims": { "birthdate": "1991-11-20", "gender": "female" } },
    ]);
    assert_eq!(told["verified_claims"], expected);
}

#[tokio::test]
async fn what_does_not_match_is_left_out_and_is_no_error__ida_5_7_4() {
    let app = sandbox().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    app.advance(Duration::from_secs(3600)).await;
    for verification in [
        json!({ "trust_framework": { "value": "eidas" } }),
        json!({ "trust_framework": null, "time": { "max_age": 1800 } }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" } }] }),
        json!({ "trust_framework": null, "time": { "max_age": 1800.5 } }),
        json!({ "trust_framework": null, "assurance_level": { "value": "high" } }),
    ] {
        let asked = json!({ "verification": verification, "claims": { "gender": null } });
        let told = userinfo(&app, &system, asked).await;
        assert_eq!(told, json!({ "sub": told["sub"] }), "{verification}");
    }
    let verification = json!({ "trust_framework": null, "time": { "max_age": 7200 } });
    let claims = json!({
        "gender": { "value": "male" }, "birthdate": { "values": ["1991-11-20"] }, "name": { "max_age": 1 },
    });
    let told = userinfo(&app, &system, json!({ "verification": verification, "claims": claims })).await;
    assert_eq!(told["verified_claims"]["claims"], json!({ "birthdate": "1991-11-20" }));
}

#[tokio::test]
async fn of_real_people_nothing_is_verified_and_nothing_is_kept() {
    let asked =
        json!({ "userinfo": { "verified_claims": wish(&json!({ "name": { "value": "Nguyễn Thị Ánh" } })) } });
    for is_sandbox in ["false", "true"] {
        let app = TestApp::builder().with("server.sandbox", is_sandbox).build().await;
        let system = app.relying_party(confidential("dichvucong")).await;
        let request = system.authorize(&[("scope", "openid email"), ("claims", &asked.to_string())]);
        let page = app.browser().first_visit(&request, &["email"]).await;
        let tokens = system.redeem(&page.answer()["code"]).await;
        let told = system.userinfo(&tokens.text("access_token")).await;
        assert_eq!((told.status.as_u16(), &told.body["verified_claims"]), (200, &Value::Null));
        assert_eq!(told.body["name"], Value::Null, "what is not verified takes no place of what is");
        if is_sandbox == "false" {
            let stored = app.texts("SELECT authorized FROM token_family").await;
            assert!(stored.iter().all(|authorized| !authorized.contains("\"verified\"")), "{stored:?}");
        }
    }
}

#[tokio::test]
async fn malformed_wishes_are_refused_everywhere__ida_5_4() {
    for is_sandbox in ["false", "true"] {
        let app = TestApp::builder().with("server.sandbox", is_sandbox).build().await;
        let system = app.relying_party(confidential("dichvucong")).await;
        for (member, told) in [
            (json!({ "claims": { "name": null } }), "verification"),
            (json!({ "verification": { "trust_framework": null } }), "claims"),
            (json!({ "verification": { "trust_framework": null }, "claims": {} }), "not empty"),
            (json!({ "verification": {}, "claims": { "name": null } }), "trust_framework"),
            (json!([]), "array of objects"),
            (
                json!({ "verification": { "trust_framework": null, "time": { "max_age": "x" } }, "claims": { "name": null } }),
                "max_age",
            ),
        ] {
            for place in ["userinfo", "id_token"] {
                let asked = json!({ place: { "verified_claims": member } }).to_string();
                let answer = app.browser().get(&system.authorize(&[("claims", &asked)])).await.answer();
                assert_eq!(answer["error"], "invalid_request", "{asked}");
                assert!(answer["error_description"].contains(told), "{answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn discovery_says_what_is_verified_here__ida_8() {
    for (is_sandbox, supported) in [("false", false), ("true", true)] {
        let app = TestApp::builder().with("server.sandbox", is_sandbox).build().await;
        let system = app.relying_party(confidential("dichvucong")).await;
        let get = Request::get("/.well-known/openid-configuration").body(Body::empty()).unwrap();
        let document = system.answer(get).await.body;
        assert_eq!(document["verified_claims_supported"], supported);
        let (frameworks, claims) = match supported {
            true => (
                json!(["sandbox"]),
                json!([
                    "name",
                    "birthdate",
                    "gender",
                    "address",
                    "age_over_14",
                    "age_over_16",
                    "age_over_18"
                ]),
            ),
            false => (Value::Null, Value::Null),
        };
        assert_eq!(document["trust_frameworks_supported"], frameworks);
        assert_eq!(document["claims_in_verified_claims_supported"], claims);
        assert_eq!(document["evidence_supported"], Value::Null, "there is none");
        let names = document["claims_supported"].as_array().unwrap();
        assert_eq!(names.contains(&json!("verified_claims")), supported);
    }
}
