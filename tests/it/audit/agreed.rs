//! What exactly a person agreed to stands in the log: provable to whoever says it, and readable to her alone.

use std::time::Duration;

use khue::base::SeededEntropy;
use khue::base::encoding::{base64url, from_base64url};
use khue::base::ids::AuditEventId;
use khue::crypto::{MasterKeyKind, MasterKeys};
use khue::services::audit::Agreement;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::cli::Khue;
use crate::kit::{Browser, Page, RelyingParty, TestApp, knowing, registration};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";

async fn portal(app: &TestApp) -> RelyingParty {
    app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
    let members = json!({
        "resources": [{ "resource": PUPILS, "scope": "doc" }], "authorization_details_types": ["hoc_ba"],
    });
    app.relying_party(registration("dichvucong", members)).await
}

fn record(year: u32) -> Value {
    json!({ "type": "hoc_ba", "nam_hoc": year, "mon": ["Toán", "Văn"] })
}

async fn ask(browser: &mut Browser, portal: &RelyingParty, details: &Value) -> Page {
    browser.open(&portal.authorize(&[("authorization_details", &details.to_string())])).await
}

/// The entries of agreements, as `id` and facts, the newest first.
async fn agreements(app: &TestApp) -> Vec<(AuditEventId, Value)> {
    let beginning = AuditEventId::from_uuid(uuid::Uuid::nil());
    let all =
        app.instance.provider.db().read().await.unwrap().audit_entries_pending(beginning).await.unwrap();
    let given = all.into_iter().map(|stored| stored.entry).filter(|entry| entry.kind == "consent.given");
    let mut found: Vec<_> = given.map(|entry| (entry.id, entry.facts())).collect();
    found.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    found
}

#[tokio::test]
async fn the_log_says_to_what_exactly_she_agreed__rfc9396_11_2() {
    for app in TestApp::on_both().await {
        let portal = portal(&app).await;
        let mut browser = app.browser();
        browser.first_visit(&portal.authorize(&[]), &[]).await.answer();
        assert_eq!(agreements(&app).await[0].1.get("details"), None, "nothing was asked for exactly");
        app.advance(Duration::from_secs(1)).await;
        let page = ask(&mut browser, &portal, &json!([record(2026)])).await;
        browser.agree(&page, &[]).await.answer();

        let (id, facts) = agreements(&app).await.remove(0);
        let stated = &facts["details"];
        assert_eq!((&stated[0]["type"], &stated[0]["resource"]), (&json!("hoc_ba"), &json!(PUPILS)));
        assert!(!facts.to_string().contains("2026") && !facts.to_string().contains("Toán"), "{facts}");
        let log = browser.open("/account/log").await;
        assert_eq!(log.select_text(".entry h3"), "Bạn đồng ý chia sẻ thông tin");
        let shown = format!("Đúng việc này: Xem học bạ · Năm học: 2026 · Môn: Toán, Văn {PUPILS}");
        assert!(log.select_text(".entry").contains(&shown), "{}", log.select_text(".entry"));

        let provider = &app.instance.provider;
        let said = |details: Value| serde_json::from_value::<Vec<_>>(details).unwrap();
        let Agreement::Exactly(opened) = provider.agreement(id, &said(json!([record(2026)]))).await.unwrap()
        else {
            panic!("she agreed to that")
        };
        assert_eq!(stated[0]["digest"], opened[0].digest());
        for other in [json!([record(2025)]), json!([record(2026), record(2025)]), json!([])] {
            let found = provider.agreement(id, &said(other.clone())).await.unwrap();
            assert_eq!(found, Agreement::Otherwise, "{other}");
        }
    }
}

#[tokio::test]
async fn the_same_agreement_has_another_digest_in_each_entry() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let mut browser = app.browser();
    browser.first_visit(&portal.authorize(&[]), &[]).await.answer();
    for year in [2026, 2025, 2026] {
        app.advance(Duration::from_secs(1)).await;
        let page = ask(&mut browser, &portal, &json!([record(year)])).await;
        browser.agree(&page, &[]).await.answer();
    }
    let all = agreements(&app).await;
    assert_ne!(
        all[0].1["details"][0]["digest"], all[2].1["details"][0]["digest"],
        "nobody can try out values"
    );
}

/// The digest as `docs/audit.md` describes it, computed by somebody else.
fn computed(opened: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut lines = vec![
        text(&opened["salt"]),
        text(&opened["resource"]),
        text(&opened["name"]["vi"]),
        text(&opened["name"]["en"]),
        opened["detail"].to_string(),
    ];
    for line in opened["lines"].as_array().unwrap() {
        lines.extend([text(&line[0]["vi"]), text(&line[0]["en"])]);
    }
    let bytes = lines.iter().flat_map(|line| [&(line.len() as u64).to_be_bytes(), line.as_bytes()].concat());
    base64url(digest(&SHA256, &bytes.collect::<Vec<u8>>()))
}

#[tokio::test]
async fn a_command_holds_an_agreement_against_what_a_system_says() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let mut browser = app.browser();
    let address = portal.authorize(&[("authorization_details", &json!([record(2026)]).to_string())]);
    browser.first_visit(&address, &[]).await.answer();
    let (id, facts) = agreements(&app).await.remove(0);

    let khue = Khue::nowhere();
    let database = format!("[database]\nurl = \"{}\"\n", app.database_url());
    let keys = "[keys]\nmaster_key_file = \"master.key\"\n";
    khue.write("khue.toml", &format!("[server]\nissuer = \"https://id.example.vn\"\n{database}{keys}"));
    let master = MasterKeys::generate(MasterKeyKind::Production, &SeededEntropy::new(1));
    master.create_file(&khue.path("master.key")).unwrap();
    khue.write("said.json", &json!([record(2026)]).to_string());
    khue.write("other.json", &json!([record(2025)]).to_string());
    khue.write("nonsense.json", "{}");

    let id = id.to_string();
    let told = khue.run(&["audit", "agreed", &id, "said.json"]).succeeded().out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["digest"], facts["details"][0]["digest"]);
    assert_eq!(computed(&told["opened"]), facts["details"][0]["digest"]);
    assert_eq!(from_base64url(told["opened"]["salt"].as_str().unwrap()).unwrap().len(), 16);
    let refused =
        khue.run(&["audit", "agreed", &id, "other.json"]).refused(1, "no agreement to exactly this");
    assert_eq!(refused.out, "", "and nothing is told");
    khue.run(&["audit", "agreed", "0197a0de-0000-7000-8000-000000000000", "said.json"])
        .refused(1, "No entry");
    khue.run(&["audit", "agreed", &id, "nonsense.json"]).refused(2, "JSON array");
    khue.run(&["audit", "agreed", "x", "said.json"]).refused(2, "no id of an entry");
}
