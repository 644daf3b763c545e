//! What the instance serves of its log proves itself; what a person sees of it is hers alone.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use khue::base::Clock;
use khue::base::ids::AccountId;
use khue::crypto::transparency::{
    Accumulator, Checkpoint, NodeHash, VerifierKey, verify_consistency, verify_inclusion,
};
use khue::domain::audit::{Actor, AuditEvent, Event, SignInFailure};
use khue::services::audit::verify::verify_live;
use khue::services::audit::{EntryProof, OwnLog};

use super::kept_log::sealed;
use crate::kit::{ISSUER, TestApp, send};

struct Answer {
    status: StatusCode,
    kind: String,
    cache: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn hashes(&self) -> Vec<NodeHash> {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        let hashes = body["hashes"].as_array().unwrap();
        hashes.iter().map(|hash| NodeHash::from_base64(hash.as_str().unwrap()).unwrap()).collect()
    }
}

async fn get(app: &TestApp, path: &str) -> Answer {
    let request = Request::get(format!("{ISSUER}{path}")).body(Body::empty()).unwrap();
    let answer = send(&app.router(), request).await;
    let header = |name: &str| {
        answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    Answer {
        status: answer.status(),
        kind: header("content-type"),
        cache: header("cache-control"),
        body: answer.body().to_vec(),
    }
}

async fn head(app: &TestApp) -> Checkpoint {
    let key = VerifierKey::parse(get(app, "/audit/key").await.text().trim()).unwrap();
    assert_eq!(key.name(), "id.example.vn/audit");
    let served = get(app, "/audit/checkpoint").await;
    assert_eq!(
        (served.kind.as_str(), served.cache.as_str()),
        ("text/plain; charset=utf-8", "public, max-age=1")
    );
    Checkpoint::open(&served.text(), &key).unwrap()
}

#[tokio::test]
async fn everything_served_of_the_log_proves_itself() {
    for app in TestApp::on_both().await {
        assert_eq!(get(&app, "/audit/checkpoint").await.status, StatusCode::NOT_FOUND);
        app.instance.audit.integrate().await.unwrap();
        let old = head(&app).await;
        app.browser().sign_up("/create", "Nguyễn Thị Ánh").await;
        app.instance.audit.integrate().await.unwrap();
        let new = head(&app).await;
        assert!(old.size > 0 && new.size > old.size, "{old:?} {new:?}");

        let tile = get(&app, &format!("/audit/tile/0/000.p/{}", new.size)).await;
        assert_eq!(tile.kind, "application/octet-stream");
        assert!(tile.cache.contains("immutable"));
        let leaves = NodeHash::many(&tile.body).unwrap();
        let mut tree = Accumulator::default();
        leaves.iter().for_each(|leaf| tree.push(*leaf));
        assert_eq!(tree.root(), new.root);

        let proof = get(&app, &format!("/audit/proof/inclusion?index=1&size={}", new.size)).await.hashes();
        assert_eq!(verify_inclusion(leaves[1], 1, new.size, &proof, new.root), Ok(()));
        let path = format!("/audit/proof/consistency?old={}&new={}", old.size, new.size);
        let proof = get(&app, &path).await.hashes();
        assert_eq!(verify_consistency((old.size, old.root), (new.size, new.root), &proof), Ok(()));
    }
}

#[tokio::test]
async fn what_the_log_does_not_have_is_told_as_a_problem() {
    let app = TestApp::start().await;
    app.instance.audit.integrate().await.unwrap();
    for (path, status) in [
        ("/audit/tile/0/001", 404),
        ("/audit/tile/0/000", 404),
        ("/audit/tile/0/%2e%2e/000", 404),
        ("/audit/tile/entries/000", 404),
        ("/audit/proof/inclusion?index=999999&size=999999", 404),
        ("/audit/proof/consistency?old=2&new=1", 404),
        ("/audit/proof/inclusion?index=0", 400),
        ("/audit/proof/inclusion?index=-1&size=1", 400),
        ("/audit/proof/consistency?old=0&new=1&more=1", 400),
        ("/audit/proof/consistency?old=0&new=18446744073709551616", 400),
    ] {
        let answer = get(&app, path).await;
        let told = (answer.status.as_u16(), answer.kind.as_str(), answer.cache.as_str());
        assert_eq!(told, (status, "application/problem+json", "no-store"), "{path}");
    }
}

async fn only_account(app: &TestApp) -> AccountId {
    app.instance.audit.integrate().await.unwrap();
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let entries = tx.audit_entries_between(0, 1_000).await.unwrap();
    entries.iter().find_map(|stored| stored.entry.subject).unwrap()
}

#[tokio::test]
async fn a_person_reads_her_whole_log_page_by_page_and_nobody_elses() {
    for app in TestApp::on_both().await {
        app.browser().sign_up("/create", "Nguyễn Thị Ánh").await;
        let account = only_account(&app).await;
        let provider = &app.instance.provider;
        for _ in 0..45 {
            app.clock.advance(std::time::Duration::from_secs(1));
            let event =
                Event::SignInFailed { account: Some(account), client: None, why: SignInFailure::NotProved };
            let event = AuditEvent::new(app.clock.now(), provider.entropy(), Actor::Anonymous, event);
            provider.db().record(&sealed(&event)).await.unwrap();
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let OwnLog::Page(page) = provider.own_log(account, cursor.as_deref()).await.unwrap() else {
                panic!()
            };
            seen.extend(page.entries);
            let Some(older) = page.older else { break };
            cursor = Some(older);
        }
        assert!(seen.len() >= 47, "{}", seen.len());
        assert!(seen.is_sorted_by(|newer, older| newer.entry.id > older.entry.id));
        assert!(seen.iter().all(|own| own.entry.subject == Some(account)));
        let created = seen.iter().find(|own| own.entry.kind == "account.created").unwrap();
        let place = created.personal.place.as_ref().unwrap();
        assert_eq!((place.address.to_string().as_str(), place.port), ("192.0.2.7", 40_123));

        // A cursor is sealed for its person.
        let stranger = AccountId::generate(app.clock.now(), provider.entropy());
        for (who, cursor) in
            [(stranger, cursor.as_deref()), (account, Some("bm9uc2Vuc2U")), (account, Some(""))]
        {
            assert!(matches!(provider.own_log(who, cursor).await.unwrap(), OwnLog::BadCursor));
        }
        assert!(matches!(provider.own_log(stranger, None).await.unwrap(), OwnLog::NoAccount));

        let proof = app.instance.audit.entry_proof(account, created.entry.id).await.unwrap();
        let EntryProof::Proof(proof) = proof else { panic!() };
        proof.verify(app.instance.audit.verifier()).unwrap();
    }
}

#[tokio::test]
async fn the_log_of_a_fresh_instance_holds_its_setting_up_once_and_verifies() {
    for app in TestApp::on_both().await {
        app.instance.audit.integrate().await.unwrap();
        let db = app.instance.provider.db();
        let mut tx = db.read().await.unwrap();
        let entries = tx.audit_entries_between(0, 100).await.unwrap();
        assert_eq!(entries.iter().filter(|stored| stored.entry.kind == "instance.initialised").count(), 1);
        let report = verify_live(db, app.instance.audit.verifier(), &[]).await.unwrap();
        assert!(report.is_clean() && report.size > 1, "{report:?}");
    }
}
