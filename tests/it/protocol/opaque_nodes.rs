//! Opaque access tokens on two nodes: given by one they are good on the other, and end there within a second.

use std::time::Duration;

use khue::domain::client::{ClientStatus, Registration};
use serde_json::{Value, json};

use crate::kit::{
    Browser, ISSUER, ProofKey, RelyingParty, TestApp, registration, resource, service, with_proof,
};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";

/// A resource that takes opaque tokens, a portal that calls it for people, and a service that calls it for itself.
struct Systems {
    pupils: [RelyingParty; 2],
    portal: [RelyingParty; 2],
    service: [RelyingParty; 2],
}

impl Systems {
    async fn on([here, there]: &[TestApp; 2]) -> Self {
        let mut pupils = serde_json::to_value(resource("hoc-sinh", PUPILS, "doc")).unwrap();
        pupils["protected_resources"][0]["access_token_format"] = json!("opaque");
        let pupils = serde_json::from_value::<Registration>(pupils).unwrap();
        let resources = json!([{ "resource": PUPILS, "scope": "doc" }]);
        let both = async |registered: Registration| {
            let here = here.relying_party(registered).await;
            there.instance.provider.refresh_caches().await.unwrap();
            let other = here.by(there.router());
            [here, other]
        };
        Self {
            pupils: both(pupils).await,
            portal: both(registration("dichvucong", json!({ "resources": resources }))).await,
            service: both(service("thong-ke", &[(PUPILS, "doc")])).await,
        }
    }

    /// Whether each node tells the resource that `token` is good.
    async fn told(&self, token: &str) -> [Value; 2] {
        let mut told = [Value::Null, Value::Null];
        for (node, pupils) in self.pupils.iter().enumerate() {
            let answer = pupils.post("/introspect", &[("token", token)]).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            told[node] = match answer.body["active"] == json!(false) {
                true => {
                    assert_eq!(answer.body, json!({ "active": false }), "and nothing more");
                    json!(false)
                }
                false => answer.body["active"].clone(),
            };
        }
        told
    }

    async fn code(&self, browser: &mut Browser) -> String {
        let address =
            self.portal[0].authorize(&[("scope", "openid offline_access doc"), ("resource", PUPILS)]);
        let address = format!("{address}&resource={ISSUER}");
        browser.first_visit(&address, &[]).await.answer()["code"].clone()
    }
}

/// What a node found half a second ago counts no more.
fn a_second_passes(nodes: &[TestApp; 2]) {
    nodes[0].clock.advance(Duration::from_secs(1));
}

#[tokio::test]
async fn what_one_node_gave_the_other_knows_and_ends_for_both__rfc7009_2_2() {
    let nodes = TestApp::two_nodes().await;
    let systems = Systems::on(&nodes).await;
    let mut browser = nodes[0].browser();
    let code = systems.code(&mut browser).await;
    let given = systems.portal[1].redeem(&code).await;
    let (first, refresh) = (given.text("access_token"), given.text("refresh_token"));
    let second = systems.portal[0].refresh(&refresh).await;
    let own = systems.service[1].post("/token", &[("grant_type", "client_credentials")]).await;
    let (second, own) = (second.text("access_token"), own.text("access_token"));
    for token in [&first, &second, &own] {
        assert!(token.starts_with("khue_at_"), "{token}");
        assert_eq!(systems.told(token).await, [true, true]);
    }
    for portal in &systems.portal {
        assert_eq!(portal.userinfo(&first).await.body["sub"], given.id_token()["sub"]);
    }

    assert_eq!(systems.service[0].post("/revoke", &[("token", &own)]).await.status, 200);
    assert_eq!(systems.told(&own).await[0], false, "at once where it was said");
    a_second_passes(&nodes);
    assert_eq!(systems.told(&own).await, [false, false]);
    assert_eq!(systems.told(&first).await, [true, true], "nobody else's");

    assert_eq!(systems.portal[1].post("/revoke", &[("token", &second)]).await.status, 200);
    a_second_passes(&nodes);
    for token in [&first, &second] {
        assert_eq!(systems.told(token).await, [false, false], "with everything of its authorization");
        for portal in &systems.portal {
            assert_eq!(portal.userinfo(token).await.status, 401);
        }
    }
}

#[tokio::test]
async fn with_a_session_or_a_system_it_ends_on_both_nodes() {
    let nodes = TestApp::two_nodes().await;
    let systems = Systems::on(&nodes).await;
    let mut browser = nodes[0].browser();
    let address = systems.portal[0].authorize(&[("scope", "openid doc"), ("resource", PUPILS)]);
    let code = browser.first_visit(&address, &[]).await.answer()["code"].clone();
    let of_session = systems.portal[0].redeem(&code).await.text("access_token");
    let own = systems.service[0].post("/token", &[("grant_type", "client_credentials")]).await;
    let own = own.text("access_token");
    for token in [&of_session, &own] {
        assert_eq!(systems.told(token).await, [true, true]);
    }

    browser.by(nodes[1].router().into());
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;
    let id = &systems.service[1].registration.client_id;
    nodes[1].instance.provider.switch_client(id, ClientStatus::Disabled).await.unwrap();
    for node in &nodes {
        node.instance.provider.refresh_caches().await.unwrap();
    }
    a_second_passes(&nodes);
    for token in [&of_session, &own] {
        assert_eq!(systems.told(token).await, [false, false]);
    }
}

#[tokio::test]
async fn bound_to_a_key_it_opens_userinfo_on_either_node_with_that_key_alone__rfc9449_7_1() {
    let nodes = TestApp::two_nodes().await;
    let systems = Systems::on(&nodes).await;
    let [key, thief] = [ProofKey::generate(), ProofKey::generate()];
    let code = systems.code(&mut nodes[0].browser()).await;
    let portal = &systems.portal;
    let given = portal[0].answer(with_proof(portal[0].redemption(&code), &key.proof(&nodes[0]))).await;
    let token = given.text("access_token");
    for (node, portal) in nodes.iter().zip(portal) {
        assert_eq!(portal.userinfo(&token).await.status, 401, "the token alone");
        assert_eq!(portal.answer(thief.asking(node, &token)).await.status, 401, "another key");
        let answer = portal.answer(key.asking(node, &token)).await;
        assert_eq!(answer.body["sub"], given.id_token()["sub"]);
    }
}

#[tokio::test]
async fn both_nodes_forget_what_ran_out_together() {
    let nodes = TestApp::two_nodes().await;
    let systems = Systems::on(&nodes).await;
    let give = async || {
        let answer = systems.service[0].post("/token", &[("grant_type", "client_credentials")]).await;
        answer.text("access_token")
    };
    for _ in 0..3 {
        give().await;
    }
    nodes[0].clock.advance(Duration::from_secs(200));
    let young = give().await;
    nodes[0].clock.advance(Duration::from_secs(100));
    let [one, other] = nodes.each_ref().map(|node| node.instance.provider.forget_opaque_tokens());
    let (one, other) = futures_util::future::join(one, other).await;
    one.unwrap();
    other.unwrap();
    let db = khue::storage::Db::connect(nodes[0].database_url(), 1).await.unwrap();
    let now = nodes[0].instance.provider.now();
    assert!(!db.read().await.unwrap().have_opaque_tokens_run_out(now).await.unwrap());
    assert_eq!(systems.told(&young).await, [true, true]);
}

#[tokio::test]
async fn what_was_exchanged_ends_with_each_system_through_whose_hands_it_went() {
    const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
    const DOSSIERS: &str = "https://ho-so.example.vn/api";
    const STORE: &str = "https://kho.example.vn/api";
    let nodes = TestApp::two_nodes().await;
    let systems = Systems::on(&nodes).await;
    let middle = async |id: &str, own: &str, from: &str, to: &str| {
        let members = json!({
            "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
            "grant_types": [EXCHANGE], "protected_resources": [{ "resource": own, "scope": "doc" }],
            "exchanges": [{ "from": from, "resource": to, "scope": "doc" }],
        });
        nodes[0].relying_party(registration(id, members)).await
    };
    let dossiers = middle("ho-so", DOSSIERS, "cong-tinh", STORE).await;
    let store = middle("kho", STORE, "ho-so", PUPILS).await;
    let resources = json!([{ "resource": DOSSIERS, "scope": "doc" }]);
    let front = nodes[0].relying_party(registration("cong-tinh", json!({ "resources": resources }))).await;
    let caught_up = async || {
        for node in &nodes {
            node.instance.provider.refresh_caches().await.unwrap();
        }
        a_second_passes(&nodes);
    };
    caught_up().await;
    let address = front.authorize(&[("scope", "openid doc"), ("resource", DOSSIERS)]);
    let code = nodes[0].browser().first_visit(&address, &[]).await.answer()["code"].clone();
    let mut token = front.redeem(&code).await.text("access_token");
    for system in [&dossiers, &store] {
        let is = "urn:ietf:params:oauth:token-type:access_token";
        let params = [("grant_type", EXCHANGE), ("subject_token", &token), ("subject_token_type", is)];
        token = system.post("/token", &params).await.text("access_token");
    }
    assert_eq!(systems.told(&token).await, [true, true]);
    for system in [&front, &dossiers, &store] {
        for (status, is_good) in [(ClientStatus::Disabled, false), (ClientStatus::Active, true)] {
            let id = &system.registration.client_id;
            nodes[0].instance.provider.switch_client(id, status).await.unwrap();
            caught_up().await;
            assert_eq!(systems.told(&token).await, [is_good, is_good], "{id} {status:?}");
        }
    }
}
