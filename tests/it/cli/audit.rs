//! `khue audit`.

use super::Khue;

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
