//! `khue client`.

use super::{Khue, Ran};

const SECRET: &str = "a-secret-of-thirty-two-characters";

fn system(id: &str, more: &str) -> String {
    format!(
        "[[client]]\nclient_id = \"{id}\"\nclient_name = {{ vi = \"Học bạ\", en = \"School record\" }}\n\
         client_purpose = {{ vi = \"Xem học bạ\", en = \"To see school records\" }}\ncontacts = [\"it@example.vn\"]\n\
         client_uri = \"https://{id}.example.vn/\"\nredirect_uris = [\"https://{id}.example.vn/cb\"]\n\
         scope = \"openid profile_min\"\n{more}\n"
    )
}

fn add(khue: &Khue, more: &[&str]) -> Ran {
    let mut arguments =
        vec!["client", "add", "--id", "tra-cuu", "--name-vi", "Tra cứu", "--name-en", "Look-up"];
    arguments.extend([
        "--purpose-vi",
        "Tra cứu",
        "--purpose-en",
        "To look up",
        "--uri",
        "https://t.example.vn/",
    ]);
    arguments.extend(["--redirect-uri", "https://t.example.vn/cb", "--contact", "it@example.vn"]);
    arguments.extend(more);
    khue.run(&arguments)
}

#[test]
fn a_file_is_shown_as_a_plan_then_applied_then_nothing_is_left_to_do() {
    let khue = Khue::instance();
    let given = format!("client_secret = \"{SECRET}\"");
    khue.write("clients.toml", &(system("hoc-ba", &given) + &system("phap-che", "status = \"disabled\"")));

    let plan = khue.run(&["client", "apply", "clients.toml", "--dry-run"]).succeeded();
    assert_eq!(
        plan.out,
        "+ hoc-ba  added; secret: the given one\n    \
         redirect_uris: https://hoc-ba.example.vn/cb\n    scope: openid profile_min\n\
         + phap-che  added; secret: one is made; disabled\n    \
         redirect_uris: https://phap-che.example.vn/cb\n    scope: openid profile_min\n"
    );
    // Nobody is at the terminal: nothing happens without a word.
    khue.run(&["client", "apply", "clients.toml"]).refused(2, "--yes");
    assert_eq!(khue.run(&["client", "list"]).succeeded().out.lines().count(), 1);

    let done = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    assert!(done.out.contains("secret of phap-che (shown this once): khue_cs_"), "{}", done.out);
    assert!(!format!("{plan:?}{done:?}").contains(SECRET));
    let list = khue.run(&["client", "list"]).succeeded().out;
    let status = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    assert_eq!(list.lines().skip(1).map(status).collect::<Vec<_>>(), ["hoc-ba active", "phap-che disabled"]);

    let again = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    assert_eq!(again.out, "= hoc-ba  unchanged\n= phap-che  unchanged\nNothing to change.\n");
}

#[test]
fn a_changed_file_changes_what_it_names_and_nothing_else() {
    let khue = Khue::instance();
    khue.write("both.toml", &(system("hoc-ba", "") + &system("phap-che", "")));
    khue.run(&["client", "apply", "both.toml", "--yes"]).succeeded();
    khue.write("one.toml", &system("hoc-ba", "status = \"disabled\"").replace("profile_min", "email"));
    let ran = khue.run(&["client", "apply", "one.toml", "--yes"]).succeeded();
    let told = "~ hoc-ba  changed: scope; disabled\n    scope: openid profile_min → openid email\n";
    assert!(ran.out.starts_with(told), "{}", ran.out);
    assert!(ran.err.contains("left as they are: phap-che"), "{}", ran.err);
}

#[test]
fn everything_wrong_with_a_file_is_named_at_once_and_nothing_is_changed() {
    let khue = Khue::instance();
    let claim = "[[client.claims]]\nclaim = \"nam\"\nbasis = \"wish\"\nesential = true\n";
    let wrong =
        system("hoc-ba", "client_secret = \"x\"\ntoken_endpoint_auth_method = \"none\"\nlogo = \"a.png\"")
            .replace("contacts", "contact")
            + claim
            + &system("phap-che", "client_secret = \"x\"\ntoken_endpoint_auth_method = \"none\"")
                .replace("https://phap-che.example.vn/cb", "http://phap-che.example.vn/cb")
            + "[clients]\n";
    khue.write("clients.toml", &wrong);
    let ran = khue.run(&["client", "apply", "clients.toml", "--yes"]).refused(2, "10 errors in clients.toml");
    for line in [
        "clients.toml:1: contacts: is missing",
        "clients.toml:5: contact: unknown key\n    did you mean `contacts`?",
        "clients.toml:11: logo: unknown key\n    write logo_file",
        "clients.toml:12: purpose: is missing",
        "clients.toml:13: claim: is none of the choices",
        "clients.toml:14: basis: is none of the choices\n    write \"consent\", \"law\"",
        "clients.toml:15: esential: unknown key\n    did you mean `essential`?",
        "clients.toml:22: redirect_uris: http://phap-che.example.vn/cb must begin with https://",
        "clients.toml:24: client_secret: is given",
        "clients.toml:26: clients: unknown key\n    did you mean `client`?",
    ] {
        assert!(ran.err.contains(line), "{line}\n{}", ran.err);
    }
    assert_eq!(khue.run(&["client", "list"]).succeeded().out.lines().count(), 1);
}

#[test]
fn secrets_and_logos_come_from_files_beside_the_client_file() {
    let khue = Khue::instance();
    khue.write("secret", &format!("{SECRET}\n"));
    std::fs::write(khue.path("logo.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    khue.write(
        "clients.toml",
        &system("hoc-ba", "client_secret_file = \"secret\"\nlogo_file = \"logo.png\""),
    );
    khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    // The same secret, written out: nothing changes.
    let given = format!("client_secret = \"{SECRET}\"\nlogo_file = \"logo.png\"");
    khue.write("clients.toml", &system("hoc-ba", &given));
    let ran = khue.run(&["client", "apply", "clients.toml"]).succeeded();
    assert!(ran.out.contains("= hoc-ba  unchanged"), "{}", ran.out);
    assert!(khue.run(&["client", "show", "hoc-ba"]).succeeded().out.contains("# logo: image/png, 12 bytes"));
}

#[test]
fn keys_come_from_a_file_a_table_or_an_address_and_no_secret_is_made() {
    let khue = Khue::instance();
    let key = r#"{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    khue.write("keys.json", &format!("{{\"keys\":[{key}]}}"));
    let file = |more: &str| {
        let method = "token_endpoint_auth_method = \"private_key_jwt\"\n";
        khue.write("clients.toml", &system("nganhang", &format!("{method}{more}")));
    };
    file("jwks_file = \"keys.json\"\ntoken_endpoint_auth_signing_alg = \"ES256\"");
    let applied = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    assert!(applied.contains("+ nganhang  added\n") && !applied.contains("secret"), "{applied}");
    // What is shown has them as a table, and is the same.
    let shown = khue.run(&["client", "show", "nganhang"]).succeeded().out;
    khue.write("shown.toml", &shown);
    let again = khue.run(&["client", "apply", "shown.toml"]).succeeded().out;
    assert!(again.contains("= nganhang  unchanged"), "{shown}\n{again}");
    let refused = khue.run(&["client", "rotate-secret", "nganhang"]);
    assert!(refused.err.contains("has no secret"), "{}", refused.err);

    for (more, named) in [
        ("", "private_key_jwt and self_signed_tls_client_auth need jwks or jwks_uri"),
        ("jwks_file = \"keys.json\"\njwks_uri = \"https://a.vn/jwks\"", "leave out either jwks or jwks_uri"),
        ("jwks_file = \"clients.toml\"", "clients.toml is not JSON"),
        ("jwks_file = \"../keys.json\"", "lies outside the folder"),
        ("jwks_file = \"keys.json\"\njwks = { keys = [] }", "is given beside jwks"),
        ("jwks = { keys = [{ kty = \"EC\", d = \"AA\" }] }", "holds a private or symmetric key"),
        ("jwks_uri = \"http://a.vn/jwks\"", "must be an absolute https address"),
        (
            "jwks = { keys = [{ kty = \"OKP\", crv = \"Ed25519\", kid = \"k\", x = \"AA\" }] }",
            "nganhang: jwks: key 1 (k) cannot be used: its members",
        ),
        ("jwks_uri = \"http://127.0.0.1:9/jwks\"", "nganhang: jwks_uri: only https addresses"),
        ("jwks_uri = \"https://localhost/jwks\"", "nganhang: jwks_uri: the address leads to this machine"),
        ("jwks_uri = \"https://10.0.0.1/jwks\"", "nganhang: jwks_uri: the address leads to this machine"),
        (
            "jwks_file = \"keys.json\"\nrequest_uris = [\"https://[::1]/r\"]",
            "nganhang: request_uris: the address leads to this machine",
        ),
        (
            "jwks_file = \"keys.json\"\nbackchannel_logout_uri = \"http://localhost:3000/out\"",
            "nganhang: backchannel_logout_uri: only https addresses",
        ),
        (
            "jwks_uri = \"https://a.vn/jwks\"\nclient_secret = \"0123456789abcdef0123456789abcdef\"",
            "is given, and",
        ),
        (
            "jwks_uri = \"https://a.vn/jwks\"\ntoken_endpoint_auth_signing_alg = \"HS256\"",
            "HS256 with client_secret_jwt",
        ),
    ] {
        file(more);
        let ran = khue.run(&["client", "apply", "clients.toml", "--yes"]);
        assert!(ran.err.contains(named), "{more}: {}", ran.err);
    }
}

#[test]
fn what_is_shown_can_be_applied_and_holds_no_secret() {
    let khue = Khue::instance();
    let added =
        add(&khue, &["--claim", "name=consent,essential", "--scope", "openid profile_min"]).succeeded();
    let secret = added.out.lines().last().unwrap().split(' ').next_back().unwrap().to_owned();
    assert!(secret.starts_with("khue_cs_"), "{}", added.out);
    let shown = khue.run(&["client", "show", "tra-cuu"]).succeeded().out;
    assert!(!shown.contains("khue_cs_"), "{shown}");
    khue.write("shown.toml", &shown);
    let ran = khue.run(&["client", "apply", "shown.toml"]).succeeded();
    assert!(ran.out.contains("= tra-cuu  unchanged"), "{}", ran.out);
}

#[test]
fn a_system_is_added_once_and_gets_new_secrets() {
    let khue = Khue::instance();
    add(&khue, &[]).succeeded();
    add(&khue, &[]).refused(1, "registered already");
    add(&khue, &["--claim", "name"]).refused(2, "name=consent");
    let rotated = khue.run(&["client", "rotate-secret", "tra-cuu"]).succeeded();
    assert!(rotated.out.starts_with("khue_cs_") && rotated.out.lines().count() == 1, "{rotated:?}");
    khue.run(&["client", "rotate-secret", "nobody"]).refused(1, "no system is registered as nobody");
}

#[test]
fn a_system_is_disabled_and_taken_back() {
    let khue = Khue::instance();
    let added = add(&khue, &["--public"]).succeeded();
    assert!(!added.out.contains("secret"), "{}", added.out);
    for (command, said) in [
        ("disable", "tra-cuu is disabled now"),
        ("disable", "tra-cuu is disabled already"),
        ("enable", "tra-cuu is active now"),
    ] {
        let ran = khue.run(&["client", command, "tra-cuu"]).succeeded();
        assert!(ran.out.starts_with(said), "{ran:?}");
    }
    khue.run(&["client", "disable", "nobody"]).refused(1, "khue client list");
    khue.run(&["client", "rotate-secret", "tra-cuu"]).refused(1, "has no secret");
}

#[test]
fn the_example_in_the_documentation_can_be_applied() {
    let khue = Khue::instance();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/relying-parties/clients.example.toml");
    let plan = khue.run(&["client", "apply", example, "--dry-run"]).succeeded();
    assert_eq!(plan.out.lines().filter(|line| line.starts_with("+ ")).count(), 3, "{}", plan.out);
}

#[test]
fn a_file_that_lies_elsewhere_is_no_file_or_has_no_end_is_not_read() {
    let khue = Khue::instance();
    std::fs::create_dir(khue.path("inside")).unwrap();
    khue.write("outside", SECRET);
    std::fs::write(khue.path("inside/large"), vec![b'a'; 25 * 1024]).unwrap();
    std::fs::write(khue.path("inside/short"), "a").unwrap();
    std::os::unix::fs::symlink("/dev/zero", khue.path("inside/zero")).unwrap();
    std::os::unix::fs::symlink("../outside", khue.path("inside/link")).unwrap();
    let outside = khue.path("outside").display().to_string();
    for (member, name, said) in [
        ("logo_file", "/dev/zero", "lies outside the folder"),
        ("client_secret_file", "/dev/zero", "lies outside the folder"),
        ("client_secret_file", "zero", "lies outside the folder"),
        ("client_secret_file", "link", "lies outside the folder"),
        ("client_secret_file", "../outside", "lies outside the folder"),
        ("client_secret_file", &outside, "lies outside the folder"),
        ("client_secret_file", ".", "is not an ordinary file"),
        ("client_secret_file", "large", "is larger than 4096 bytes"),
        ("logo_file", "large", "is larger than 24576 bytes"),
        ("logo_file", "none", "cannot be read"),
        ("client_secret_file", "short", "fewer than 32 characters"),
    ] {
        khue.write("inside/clients.toml", &system("hoc-ba", &format!("{member} = \"{name}\"")));
        let ran = khue.run(&["client", "apply", "inside/clients.toml", "--yes"]);
        assert!(ran.err.contains(said), "{member} {name}: {}", ran.err);
        ran.refused(2, "1 error in");
    }
}

#[test]
fn a_contact_or_address_that_would_write_a_second_line_is_refused() {
    let khue = Khue::instance();
    let broken = system("hoc-ba", "").replace("it@example.vn", "x\\r\\ny");
    khue.write("clients.toml", &broken);
    khue.run(&["client", "apply", "clients.toml", "--yes"]).refused(2, "contacts: contains a character");
    khue.write("clients.toml", &system("hoc-ba", "").replace("example.vn/\"\n", "example.vn/\\r\\ny\"\n"));
    khue.run(&["client", "apply", "clients.toml", "--yes"]).refused(2, "client_uri: must be");
}

#[test]
fn a_plan_says_what_a_system_gets_and_what_becomes_of_it() {
    let khue = Khue::instance();
    std::fs::write(khue.path("logo.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    let claim = |basis: &str| {
        format!(
            "client_secret = \"{SECRET}\"\nlogo_file = \"logo.png\"\n[[client.claims]]\nclaim = \"name\"\n\
             purpose = {{ vi = \"Ghi tên\", en = \"To write it\" }}\nbasis = \"{basis}\"\nessential = true"
        )
    };
    khue.write("clients.toml", &system("hoc-ba", &claim("consent")));
    let added = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    assert!(
        added.out.contains("    claims: name=consent,essential (Ghi tên / To write it)\n"),
        "{}",
        added.out
    );
    khue.write("clients.toml", &system("hoc-ba", &claim("law")).replace("/cb\"", "/new\""));
    let plan = khue.run(&["client", "apply", "clients.toml", "--dry-run"]).succeeded();
    assert_eq!(
        plan.out,
        "~ hoc-ba  changed: claims, redirect_uris\n    claims: name=consent,essential (Ghi tên / To write it) → \
         name=law,essential (Ghi tên / To write it)\n    redirect_uris: https://hoc-ba.example.vn/cb → \
         https://hoc-ba.example.vn/new\n"
    );
    assert!(!format!("{added:?}{plan:?}").contains(SECRET));
}

#[test]
fn a_name_that_another_has_is_pointed_out() {
    let khue = Khue::instance();
    let named = |id: &str, name: &str| system(id, "").replace("School record", name).replace("Học bạ", id);
    khue.write("one.toml", &named("hoc-ba", "School"));
    let alone = khue.run(&["client", "apply", "one.toml", "--yes"]).succeeded();
    assert!(!alone.err.contains("warning"), "{}", alone.err);
    khue.write("two.toml", &(named("phap-che", "SCHOOL ") + &named("khac", "KHUÊ")));
    let two = khue.run(&["client", "apply", "two.toml", "--yes"]).succeeded();
    assert!(two.err.contains("warning: phap-che is called like hoc-ba\n"), "{}", two.err);
    assert!(two.err.contains("warning: khac is called like this service itself\n"), "{}", two.err);
    assert_eq!(two.err.matches("warning").count(), 2, "{}", two.err);
}

#[test]
fn an_initial_token_is_printed_once_and_says_what_it_is_good_for() {
    let khue = Khue::instance();
    let made = khue
        .run(&["client", "initial-token", "--count", "3", "--days", "2", "--scope", "openid email"])
        .succeeded();
    assert!(made.out.starts_with("khue_ia_"), "{}", made.out);
    assert!(made.err.contains("registers 3"), "{}", made.err);
    khue.run(&["client", "initial-token", "--scope", "openid nonsense"]).refused(2, "not a scope");
    khue.run(&["client", "initial-token", "--scope", "email"]).refused(2, "openid is missing");
    khue.run(&["client", "initial-token", "--count", "0"]).refused(2, "0");
    let given = khue.read("khue.toml");
    khue.write("khue.toml", &given.replacen("[server]", "[server]\nregistration = \"open\"", 1));
    khue.run(&["config", "check"]).refused(2, "is open, so that anybody could register");
}

#[test]
fn exceptions_are_shown_with_their_risks_wherever_a_system_is_looked_at() {
    let khue = Khue::instance();
    let file = system("hoc-ba", "profile = \"legacy\"\nrequire_pkce = false");
    khue.write("clients.toml", &(file + &system("phap-che", "")));
    let risk = "codes without PKCE: a stolen code can be put into another person's sign-in";
    let plan = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    assert!(plan.contains(&format!("    scope: openid profile_min\n    ! {risk}\n+ phap-che")), "{plan}");
    let shown = khue.run(&["client", "show", "hoc-ba"]).succeeded().out;
    assert!(
        shown.contains(&format!("# exception: {risk}\n")) && shown.contains("profile = \"legacy\""),
        "{shown}"
    );
    let list = khue.run(&["client", "list"]).succeeded().out;
    assert!(list.contains("legacy: codes without PKCE") && list.contains(" modern "), "{list}");
    let again = khue.run(&["client", "apply", "clients.toml"]).succeeded().out;
    assert!(!again.contains('!'), "what does not change is not told again: {again}");
}

#[test]
fn what_a_profile_refuses_is_named_with_its_line() {
    let khue = Khue::instance();
    khue.write("clients.toml", &system("hoc-ba", "profile = \"modern\"\nrequire_pkce = false"));
    let ran = khue.run(&["client", "apply", "clients.toml", "--yes"]).refused(2, "1 error in clients.toml");
    let says =
        "clients.toml:10: require_pkce: the profile modern takes true alone; going without is an exception";
    assert!(ran.err.contains(says), "{}", ran.err);
    let keys =
        "jwks_uri = \"https://hoc-ba.example.vn/jwks\"\ntoken_endpoint_auth_method = \"private_key_jwt\"\n";
    let members = ["id_token", "authorization", "introspection"]
        .map(|what| format!("{what}_signed_response_alg = \"ES256\"\n"));
    let strict = "profile = \"fapi2\"\ndpop_bound_access_tokens = true\nrequire_pushed_authorization_requests = true\n";
    let strict = format!("{strict}{keys}{}", members.concat());
    khue.write("clients.toml", &system("hoc-ba", &strict));
    khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    let local =
        system("hoc-ba", &strict).replace("\"https://hoc-ba.example.vn/cb\"", "\"http://127.0.0.1/cb\"");
    khue.write("clients.toml", &local);
    khue.run(&["client", "apply", "clients.toml", "--yes"]).refused(2, "the profile fapi2 takes https alone");
}
