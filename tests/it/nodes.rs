//! Two nodes on one PostgreSQL and one Redis: what happens on one holds on the other.

use std::collections::BTreeSet;

use futures_util::future::{join, join_all};
use khue::base::encoding::from_base64url;
use khue::domain::client::ClientStatus;
use khue::protocol::SigningAlgorithm;
use khue::services::audit::verify::verify_live;
use khue::services::clients::Switched;
use khue::services::signing_keys::Urgency;
use khue::storage::Db;
use serde_json::Value;

use crate::kit::{Answer, ProofKey, RelyingParty, TestApp, confidential, with_proof};

/// As the job does every two seconds.
async fn catch_up(node: &TestApp) {
    node.instance.provider.refresh_caches().await.unwrap();
}

async fn portal_on_both([here, there]: &[TestApp; 2]) -> [RelyingParty; 2] {
    let portal = here.relying_party(confidential("dichvucong")).await;
    catch_up(there).await;
    let portal_there = portal.by(there.router());
    [portal, portal_there]
}

fn authorize(portal: &RelyingParty) -> String {
    portal.authorize(&[("scope", "openid email offline_access")])
}

#[tokio::test]
async fn a_session_a_code_and_a_token_of_one_node_count_on_the_other_once() {
    let nodes = TestApp::two_nodes().await;
    let [portal, portal_there] = portal_on_both(&nodes).await;
    let mut browser = nodes[0].browser();
    let code = browser.first_visit(&authorize(&portal), &["email"]).await.answer()["code"].clone();
    browser.by(nodes[1].router().into());
    let second = browser.get(&authorize(&portal)).await.answer()["code"].clone();
    assert_eq!(portal.redeem(&second).await.status, 200, "given there, redeemed here");

    let tokens = portal.redeem(&code).await;
    let (here, there) = join(
        portal.refresh(&tokens.text("refresh_token")),
        portal_there.refresh(&tokens.text("refresh_token")),
    )
    .await;
    assert_eq!(here.text("refresh_token"), there.text("refresh_token"), "one successor");

    assert_eq!(portal_there.redeem(&code).await.text("error"), "invalid_grant");
    assert_eq!(portal.refresh(&here.text("refresh_token")).await.text("error"), "invalid_grant");
    assert_eq!(portal.userinfo(&here.text("access_token")).await.status, 401, "reuse ended it everywhere");
}

#[tokio::test]
async fn of_sixteen_redemptions_on_both_nodes_one_wins() {
    let nodes = TestApp::two_nodes().await;
    let both = portal_on_both(&nodes).await;
    let code =
        nodes[0].browser().first_visit(&authorize(&both[0]), &["email"]).await.answer()["code"].clone();
    let answers = join_all((0..16).map(|number| both[number % 2].redeem(&code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_ceremony_begun_on_one_node_ends_on_the_other_once() {
    let nodes = TestApp::two_nodes().await;
    let [portal, _] = portal_on_both(&nodes).await;
    let mut browser = nodes[0].browser();
    browser.first_visit(&authorize(&portal), &["email"]).await;
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;

    let page = browser.open("/sign-in").await;
    let credential = browser.authenticator.get(&page.passkey_options("/sign-in"));
    browser.by(nodes[1].router().into());
    let signed_in = browser.submit(&page, "/sign-in", &[("credential", &credential)]).await;
    assert!(signed_in.text().contains("Nguyễn Thị Ánh"), "{}", signed_in.text());

    let out = browser.open("/logout").await;
    browser.submit(&out, "/logout/confirm", &[]).await;
    browser.by(nodes[0].router().into());
    browser.submit(&page, "/sign-in", &[("credential", &credential)]).await;
    assert_eq!(browser.get("/account").await.status, 303, "used there, it is used here");
}

#[tokio::test]
async fn a_disabled_system_is_refused_by_the_other_node() {
    let nodes = TestApp::two_nodes().await;
    let [portal, portal_there] = portal_on_both(&nodes).await;
    let mut browser = nodes[0].browser();
    let code = browser.first_visit(&authorize(&portal), &["email"]).await.answer()["code"].clone();
    let tokens = portal.redeem(&code).await;
    let waiting = browser.get(&authorize(&portal)).await.answer()["code"].clone();

    let id = &portal.registration.client_id;
    let provider = &nodes[0].instance.provider;
    assert_eq!(provider.switch_client(id, ClientStatus::Disabled).await.unwrap(), Switched::Done);
    catch_up(&nodes[1]).await;
    assert_eq!(portal_there.redeem(&waiting).await.text("error"), "invalid_client");
    assert_eq!(portal_there.refresh(&tokens.text("refresh_token")).await.text("error"), "invalid_client");
    assert_eq!(portal_there.userinfo(&tokens.text("access_token")).await.status, 401);
    browser.by(nodes[1].router().into());
    let page = browser.get(&authorize(&portal)).await;
    assert_eq!((page.status.as_u16(), page.location()), (400, None));
}

#[tokio::test]
async fn a_new_secret_and_a_new_key_are_known_to_the_other_node() {
    let nodes = TestApp::two_nodes().await;
    let [portal, mut portal_there] = portal_on_both(&nodes).await;
    let mut browser = nodes[0].browser();
    let code = browser.first_visit(&authorize(&portal), &["email"]).await.answer()["code"].clone();
    let tokens = portal.redeem(&code).await;

    let provider = &nodes[0].instance.provider;
    let secret = provider.rotate_client_secret(&portal.registration.client_id).await.unwrap().unwrap();
    let urgent = provider.rotate_signing_key(SigningAlgorithm::ES256, Urgency::Immediate).await;
    urgent.unwrap();
    for node in &nodes {
        catch_up(node).await;
    }

    portal_there.secret = Some(secret.expose().to_owned());
    let fresh = portal_there.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(fresh.status, 200, "{:?}", fresh.body);
    assert_ne!(kid(&tokens), kid(&fresh), "the other node signs with the new key");
    let again = portal.refresh(&fresh.text("refresh_token")).await;
    assert_eq!(kid(&again), kid(&fresh), "the former secret still counts; both sign with one key");
    let mut jwks = Vec::new();
    for node in &nodes {
        jwks.push(node.browser().get("/jwks").await.text());
    }
    assert_eq!(jwks[0], jwks[1]);
    assert!(jwks[0].contains(&kid(&fresh)));
}

#[tokio::test]
async fn both_integrate_the_log_and_it_never_forks() {
    let nodes = TestApp::two_nodes().await;
    let both = portal_on_both(&nodes).await;
    let code =
        nodes[0].browser().first_visit(&authorize(&both[0]), &["email"]).await.answer()["code"].clone();
    let mut token = both[0].redeem(&code).await.text("refresh_token");
    for turn in 0..12 {
        let (refreshed, _) = join(
            both[turn % 2].refresh(&token),
            // Losing against the other is no failure of the log: the entries wait for the next turn.
            join_all((0..4).map(|number| nodes[number % 2].instance.audit.integrate())),
        )
        .await;
        token = refreshed.text("refresh_token");
    }
    for node in &nodes {
        node.instance.audit.integrate().await.unwrap();
    }
    let db = Db::connect(nodes[0].database_url(), 1).await.unwrap();
    let report = verify_live(&db, nodes[0].instance.audit.verifier(), &[]).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.pending, 0);
    let mut heads = BTreeSet::new();
    for node in &nodes {
        heads.insert(node.browser().get("/audit/checkpoint").await.text());
    }
    assert_eq!(heads.len(), 1, "{heads:?}");
}

fn kid(answer: &Answer) -> String {
    let token = answer.text("access_token");
    let header: Value =
        serde_json::from_slice(&from_base64url(token.split('.').next().unwrap()).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_proof_that_one_node_took_is_used_on_the_other__rfc9449_11_1() {
    let nodes = TestApp::two_nodes().await;
    let [portal, portal_there] = portal_on_both(&nodes).await;
    let key = ProofKey::generate();
    let proof = key.proof(&nodes[0]);
    let ask = |portal: &RelyingParty| with_proof(portal.refreshing("nonsense"), &proof);
    let (here, there) = join(portal.answer(ask(&portal)), portal_there.answer(ask(&portal_there))).await;
    let mut errors = [here.text("error"), there.text("error")];
    errors.sort_unstable();
    assert_eq!(errors, ["invalid_dpop_proof", "invalid_grant"], "exactly one of them took it");

    let nonce = nodes[0].instance.provider.dpop_nonce();
    let proof = key.proof_with(&nodes[0], &[("nonce", serde_json::json!(nonce))]);
    let answer = portal_there.answer(with_proof(portal_there.refreshing("nonsense"), &proof)).await;
    assert_eq!(answer.text("error"), "invalid_grant", "the nonce of one node is known to the other");
}

#[tokio::test]
async fn what_is_revoked_on_one_node_is_not_active_on_the_other_within_a_second__rfc7009_2_2() {
    let nodes = TestApp::two_nodes().await;
    let [portal, portal_there] = portal_on_both(&nodes).await;
    let pupils = "https://hoc-sinh.example.vn/api";
    let resource = nodes[0].relying_party(crate::kit::resource("hoc-sinh", pupils, "doc")).await;
    let caller = nodes[0].relying_party(crate::kit::service("thong-ke", &[(pupils, "doc")])).await;
    catch_up(&nodes[1]).await;
    let resource = resource.by(nodes[1].router());
    let service = caller.post("/token", &[("grant_type", "client_credentials")]).await.text("access_token");
    let code = nodes[0].browser().first_visit(&authorize(&portal), &["email"]).await.answer()["code"].clone();
    let given = portal.redeem(&code).await;
    let (access, refresh) = (given.text("access_token"), given.text("refresh_token"));

    let there = [(&portal_there, &access), (&portal_there, &refresh), (&resource, &service)];
    let active = async || {
        let mut active = Vec::new();
        for (system, token) in there {
            active.push(system.post("/introspect", &[("token", token)]).await.body["active"].clone());
        }
        active
    };
    assert_eq!(active().await, [true, true, true]);
    assert_eq!(portal.post("/revoke", &[("token", &refresh)]).await.status, 200);
    assert_eq!(caller.post("/revoke", &[("token", &service)]).await.status, 200);
    nodes[0].clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(active().await, [false, false, false]);
    assert_eq!(portal_there.userinfo(&access).await.status, 401);
}
