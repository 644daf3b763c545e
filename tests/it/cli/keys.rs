//! `khue keys`.

use std::os::unix::fs::PermissionsExt;

use super::Khue;

/// Algorithm and state of every key, as listed.
fn states(khue: &Khue) -> Vec<String> {
    let listed = khue.run(&["keys", "list"]).succeeded().out;
    let row = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    listed.lines().skip(1).map(row).collect()
}

#[test]
fn a_signing_key_is_announced_before_it_takes_over_unless_it_must_at_once() {
    let khue = Khue::instance();
    assert_eq!(
        states(&khue),
        [
            "ECDH-ES active",
            "ES256 active",
            "ES384 active",
            "EdDSA active",
            "PS256 active",
            "RS256 active",
            "RSA-OAEP-256 active"
        ]
    );

    let announced = khue.run(&["keys", "rotate", "--algorithm", "ES256"]).succeeded();
    assert!(announced.out.starts_with("ES256: the next key is announced"), "{}", announced.out);
    assert_eq!(announced.out.lines().count(), 1);
    assert_eq!(states(&khue)[1..3], ["ES256 next", "ES256 active"]);
    // Asked again, nothing more is made.
    khue.run(&["keys", "rotate", "--algorithm", "ES256"]).succeeded();
    assert_eq!(states(&khue).len(), 8);

    khue.run(&["keys", "rotate", "--algorithm", "ES256", "--now"]).succeeded();
    assert_eq!(states(&khue)[1..3], ["ES256 active", "ES256 retiring"]);
    assert_eq!(khue.run(&["keys", "rotate"]).succeeded().out.lines().count(), 7);
}

#[test]
fn a_key_that_others_have_is_withdrawn_once_another_signs() {
    let khue = Khue::instance();
    let kid = || {
        let listed = khue.run(&["keys", "list"]).succeeded().out;
        let row = listed.lines().find(|line| line.starts_with("ES256 ")).unwrap().to_owned();
        row.split_whitespace().nth(2).unwrap().to_owned()
    };
    let stolen = kid();
    khue.run(&["keys", "withdraw", &stolen]).refused(1, "khue keys rotate --now");
    khue.run(&["keys", "rotate", "--algorithm", "ES256", "--now"]).succeeded();
    for said in ["is withdrawn. ", "is withdrawn already."] {
        let ran = khue.run(&["keys", "withdraw", &stolen]).succeeded();
        assert!(ran.out.contains(said), "{ran:?}");
    }
    assert_ne!(kid(), stolen);
    assert!(!khue.run(&["keys", "list"]).succeeded().out.contains(&stolen));
    khue.run(&["keys", "withdraw", "-unknown"]).refused(1, "there is no key -unknown");
}

#[test]
fn a_master_key_is_for_its_owner_alone_and_never_overwritten() {
    let khue = Khue::instance();
    let mode = khue.path("master.key").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = khue.read("master.key");
    khue.run(&["keys", "create-master"]).refused(1, "never overwritten");
    assert_eq!(khue.read("master.key"), before);
    khue.run(&["keys", "create-master", "nowhere/master.key"]).refused(1, "make its folder first");
    assert!(!khue.run(&["keys", "create-master", "other.key"]).succeeded().out.contains("khue-master-key"));
}

#[test]
fn the_master_key_is_changed_in_three_steps_each_safe_to_repeat() {
    let khue = Khue::instance();
    let step = |step| khue.run(&["keys", "rotate-master", step]);
    khue.run(&["client", "list"]).succeeded();
    step("switch").refused(1, "rotate-master add");

    step("add").succeeded();
    assert!(step("add").succeeded().out.contains("already"));
    assert!(khue.read("master.key").lines().last().unwrap().ends_with(":waiting"));
    // A server started now knows both, and wraps by the old one: wrapping anew would be for nothing.
    step("rewrap").refused(1, "rotate-master switch");

    step("switch").succeeded();
    step("switch").succeeded();
    assert!(!step("rewrap").succeeded().out.starts_with("0 "));
    let again = step("rewrap").succeeded();
    assert!(
        again.out.starts_with("0 keys") && again.err.contains("Nothing here needs version 1"),
        "{again:?}"
    );

    let new_only: Vec<String> =
        khue.read("master.key").lines().filter(|line| !line.contains(":1:")).map(str::to_owned).collect();
    khue.write("master.key", &new_only.join("\n"));
    assert_eq!(states(&khue).len(), 7);
}

#[test]
fn another_master_key_opens_nothing() {
    let khue = Khue::instance();
    khue.run(&["keys", "list"]).succeeded();
    std::fs::remove_file(khue.path("master.key")).unwrap();
    khue.run(&["keys", "create-master"]).succeeded();
    khue.run(&["keys", "list"]).refused(2, "the master key that this database was made with");
}
