//! Usage, configuration, exit codes.

use std::fs;

use super::Khue;

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    let khue = Khue::nowhere();
    khue.run(&["--version"]).succeeded();
    khue.run(&["--help"]).succeeded();
    khue.run(&["client", "add", "--help"]).succeeded();
    khue.run(&[]).refused(2, "Usage");
    khue.run(&["sing-in"]).refused(2, "unrecognized subcommand");
    khue.run(&["keys", "rotate", "--algorithm", "HS256"]).refused(2, "possible values: ES256");
    khue.run(&["client", "add", "--id", "alone"]).refused(2, "--redirect-uri");
}

#[test]
fn where_there_is_no_instance_a_command_says_how_to_get_one_and_makes_nothing() {
    let khue = Khue::nowhere();
    for command in [&["client", "list"][..], &["keys", "list"], &["audit", "verify"]] {
        khue.run(command).refused(2, "khue demo");
    }
    assert_eq!(fs::read_dir(khue.path("")).unwrap().count(), 0);
}

#[test]
fn everything_wrong_with_a_configuration_is_named_at_once() {
    let khue = Khue::nowhere();
    khue.write("khue.toml", "[server]\nisuer = \"https://id.example.vn\"\nlisten = 8080\n");
    let ran = khue.run(&["config", "check"]).refused(2, "errors in the configuration");
    for line in ["khue.toml:2: server.isuer", "did you mean `issuer`?", "khue.toml:3: server.listen"] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    assert_eq!(ran.out, "");
    khue.run(&["serve"]).refused(2, "khue.toml:2: server.isuer");
    khue.run(&["client", "list"]).refused(2, "khue.toml:2: server.isuer");
}

#[test]
fn a_configuration_fit_to_serve_passes() {
    let khue = Khue::instance();
    let ran = khue.run(&["config", "check"]).succeeded();
    assert!(ran.out.contains("https://id.example.vn"), "{}", ran.out);
    let elsewhere = Khue::nowhere();
    let named = khue.path("khue.toml");
    elsewhere.run(&["--config", named.to_str().unwrap(), "config", "check"]).succeeded();
    elsewhere.run(&["config", "check", "--config", "missing.toml"]).refused(2, "missing.toml");
}

#[test]
fn a_sandbox_takes_a_key_for_trying_out_and_no_other() {
    let khue = Khue::instance();
    let given = std::fs::read_to_string(khue.path("khue.toml")).unwrap();
    khue.write("khue.toml", &given.replacen("[server]", "[server]\nsandbox = true", 1));
    for command in [&["config", "check"][..], &["serve"], &["client", "list"]] {
        khue.run(command).refused(2, "a production key, which a sandbox refuses");
    }
    khue.run(&["keys", "create-master", "--development", "sandbox.key"]).succeeded();
    let other = given.replacen("[server]", "[server]\nsandbox = true", 1);
    let other: String = other
        .lines()
        .map(|line| match line.starts_with("master_key_file") {
            true => "master_key_file = \"sandbox.key\"\n".to_owned(),
            false => format!("{line}\n"),
        })
        .collect();
    khue.write("khue.toml", &other);
    khue.run(&["config", "check"]).succeeded();
    khue.run(&["client", "list"]).succeeded();
    khue.write("khue.toml", &other.replacen("sandbox = true", "sandbox = perhaps", 1));
    khue.run(&["config", "check"]).refused(2, "is neither true nor false");
}

#[test]
fn the_reference_explains_every_setting() {
    let ran = Khue::nowhere().run(&["config", "reference"]).succeeded();
    assert!(ran.out.contains("KHUE_KEYS__MASTER_KEY_FILE"));
}

#[test]
fn migrating_is_safe_to_repeat() {
    let khue = Khue::instance();
    for _ in 0..2 {
        khue.run(&["migrate"]).succeeded();
    }
    khue.write("khue.toml", "[database]\nurl = \"sqlite:nowhere/khue.db\"\n");
    khue.run(&["migrate"]).refused(1, "check database.url");
}
