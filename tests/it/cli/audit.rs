//! `khue audit`.

use super::Khue;
use crate::kit::TestApp;

#[test]
fn a_log_is_proved_live_and_from_an_export_with_nothing_but_the_key() {
    let khue = Khue::instance();
    let exported = khue.run(&["audit", "export", "log.jsonl"]).succeeded();
    assert!(exported.out.ends_with("entries were exported.\n"), "{}", exported.out);
    assert!(khue.run(&["audit", "verify"]).succeeded().out.starts_with("The log is as it was signed."));
    let key = khue.run(&["audit", "key"]).succeeded().out;
    assert!(key.starts_with("id.example.vn/audit+"), "{key}");

    let auditor = Khue::nowhere();
    auditor.write("log.jsonl", &khue.read("log.jsonl"));
    auditor.write("key", &key);
    auditor.run(&["audit", "verify", "--bundle", "log.jsonl", "--key", key.trim()]).succeeded();
    auditor.run(&["audit", "verify", "--bundle", "log.jsonl", "--key", "key"]).succeeded();
    auditor.run(&["audit", "verify", "--bundle", "log.jsonl"]).refused(2, "master key");

    auditor.write("log.jsonl", &khue.read("log.jsonl").replacen("ES256", "ES512", 1));
    let found = auditor.run(&["audit", "verify", "--bundle", "log.jsonl", "--key", "key"]);
    let found = found.refused(1, "not as it was signed");
    assert!(found.out.starts_with("entry changed: place "), "{}", found.out);
}

#[test]
fn an_export_never_overwrites_and_a_wrong_key_is_wrong_usage() {
    let khue = Khue::instance();
    khue.write("there", "something");
    khue.run(&["audit", "export", "there"]).refused(1, "there: File exists");
    assert_eq!(khue.read("there"), "something");
    khue.run(&["audit", "verify", "--key", "nonsense"]).refused(2, "khue audit key");
    khue.run(&["audit", "verify", "--proof", "there"]).refused(2, "no proof file");
}

#[tokio::test]
async fn a_reference_finds_what_its_request_left_and_nothing_personal_is_told() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    let refused = browser.submit(&page, "/sign-in", &[("credential", "{}")]).await;
    let reference = refused.select_text(".foot-note .code");

    let khue = Khue::nowhere();
    let database = format!("[database]\nurl = \"{}\"\n", app.database_url());
    khue.write("khue.toml", &format!("[server]\nissuer = \"https://id.example.vn\"\n{database}"));
    let found = khue.run(&["audit", "find", &reference]).succeeded().out;
    assert_eq!(found.lines().count(), 1, "{found}");
    let entry: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&entry["kind"], &entry["request"]), (&"sign_in.failed".into(), &reference.as_str().into()));
    assert!(entry["sealed"].is_string() && !found.contains("192.0.2.7"), "{found}");
    for unknown in ["AAAAAAAAAAAA", "-AAAAAAAAAAA", "--AAAAAAAAAA"] {
        assert!(khue.run(&["audit", "find", unknown]).refused(1, unknown).out.is_empty());
    }
}
