//! Workloads in a client file: who vouches, and for whom.

use super::Khue;

const KEYS: &str =
    "jwks_uri = \"https://cum.bo.example.vn/jwks\"\ntoken_endpoint_auth_method = \"private_key_jwt\"\n";

fn nobody_is_sent(id: &str, more: &str) -> String {
    format!(
        "[[client]]\nclient_id = \"{id}\"\nclient_name = {{ vi = \"Đếm\", en = \"Counting\" }}\n\
         client_purpose = {{ vi = \"Đếm\", en = \"To count\" }}\ncontacts = [\"it@example.vn\"]\n\
         client_uri = \"https://a.example.vn/\"\nresponse_types = []\nscope = \"\"\n{more}\n"
    )
}

fn cluster(more: &str) -> String {
    nobody_is_sent("https://cum.bo.example.vn", &format!("grant_types = []\n{KEYS}{more}"))
}

fn workload(grants: &str, subjects: &str) -> String {
    let resources = "[[client.resources]]\nresource = \"https://hoc-sinh.example.vn/api\"\nscope = \"doc\"\n";
    nobody_is_sent("thong-ke", &format!("grant_types = [{grants}]\n{subjects}{resources}"))
}

const GRANT: &str = "\"urn:ietf:params:oauth:grant-type:jwt-bearer\"";
const SUBJECT: &str = "[[client.jwt_bearer_subjects]]\nissuer = \"https://cum.bo.example.vn\"\nsubject = \"system:serviceaccount:thong-ke:dem\"\n";

#[test]
fn who_vouches_and_for_whom_is_applied_shown_and_applied_again() {
    let khue = Khue::instance();
    khue.write("clients.toml", &(cluster("vouches_for_workloads = true") + &workload(GRANT, SUBJECT)));
    let applied = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    let said = "    jwt_bearer_subjects: system:serviceaccount:thong-ke:dem by https://cum.bo.example.vn\n";
    assert!(applied.contains("+ thong-ke  added") && applied.contains(said), "{applied}");
    let said = "+ https://cum.bo.example.vn  added\n    vouches_for_workloads: true\n";
    assert!(applied.contains(said), "{applied}");
    let again = khue.run(&["client", "apply", "clients.toml"]).succeeded().out;
    assert!(again.contains("Nothing to change."), "{again}");
    for id in ["https://cum.bo.example.vn", "thong-ke"] {
        let shown = khue.run(&["client", "show", id]).succeeded().out;
        let member =
            if id == "thong-ke" { "[[client.jwt_bearer_subjects]]" } else { "vouches_for_workloads = true" };
        assert!(shown.contains(member), "{shown}");
        khue.write("shown.toml", &shown);
        let again = khue.run(&["client", "apply", "shown.toml"]).succeeded().out;
        assert!(again.contains(&format!("= {id}  unchanged")), "{shown}\n{again}");
    }

    let other = SUBJECT.replace("dem", "gom");
    khue.write("clients.toml", &workload(GRANT, &other));
    let plan = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    assert!(plan.starts_with("~ thong-ke  changed: jwt_bearer_subjects"), "{plan}");
    assert!(
        plan.contains("thong-ke:dem") && plan.contains("thong-ke:gom"),
        "what was, and what will be: {plan}"
    );
}

#[test]
fn what_is_wrong_with_workloads_is_named_with_its_line_and_nothing_is_changed() {
    let khue = Khue::instance();
    let of_itself = SUBJECT.replace("https://cum.bo.example.vn", "thong-ke");
    for (file, named) in [
        (workload(GRANT, ""), "jwt_bearer_subjects: go together with the grant type"),
        (workload("\"client_credentials\"", SUBJECT), "jwt_bearer_subjects: go together with the grant type"),
        (workload(GRANT, &of_itself), "of an issuer other than the system"),
        (workload(GRANT, &[SUBJECT, SUBJECT].concat()), "each once"),
        (workload(GRANT, &SUBJECT.replace("dem", &"x".repeat(256))), "1 to 255 bytes"),
        (
            workload(GRANT, &SUBJECT.replace("subject =", "sub =")),
            "sub: unknown key\n    known here: issuer, subject",
        ),
        (
            workload(GRANT, &SUBJECT.replace("issuer = \"https://cum.bo.example.vn\"\n", "")),
            "issuer: is missing",
        ),
        (workload(GRANT, &SUBJECT.replace("\"system:serviceaccount:thong-ke:dem\"", "7")), "subject: "),
        (workload(GRANT, "jwt_bearer_subjects = [\"dem\"]\n"), "jwt_bearer_subjects: "),
        (
            workload(GRANT, &["token_endpoint_auth_method = \"none\"\n", SUBJECT].concat()),
            "jwt_bearer_subjects: need a token_endpoint_auth_method",
        ),
        (
            cluster("vouches_for_workloads = true").replace(KEYS, ""),
            "vouches_for_workloads: needs jwks or jwks_uri",
        ),
        (cluster("vouches_for_workloads = \"yes\""), "vouches_for_workloads: "),
    ] {
        khue.write("clients.toml", &file);
        let ran = khue.run(&["client", "apply", "clients.toml", "--yes"]);
        assert!(ran.err.contains(named) && ran.err.contains("clients.toml:"), "{named}\n{file}\n{}", ran.err);
        ran.refused(2, "in clients.toml");
    }
    assert_eq!(khue.run(&["client", "list"]).succeeded().out.lines().count(), 1);
}

#[test]
fn a_plan_says_whose_tokens_are_exchanged_and_which_keys_there_are() {
    let khue = Khue::instance();
    let grant = "\"urn:ietf:params:oauth:grant-type:token-exchange\"";
    let pair = "[[client.exchanges]]\nfrom = \"cong-tinh\"\nresource = \"https://hoc-sinh.example.vn/api\"\nscope = \"doc\"\n";
    khue.write("clients.toml", &nobody_is_sent("ho-so", &format!("grant_types = [{grant}]\n{pair}")));
    let plan = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    assert!(plan.contains("    exchanges: https://hoc-sinh.example.vn/api (doc) for cong-tinh\n"), "{plan}");

    let key = r#"{ kty = "EC", crv = "P-256", kid = "a", x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" }"#;
    let keys = |kid: &str| {
        let set = format!("jwks = {{ keys = [{}] }}\n", key.replace("\"a\"", &format!("\"{kid}\"")));
        nobody_is_sent(
            "cum",
            &format!("grant_types = []\ntoken_endpoint_auth_method = \"private_key_jwt\"\n{set}"),
        )
    };
    khue.write("clients.toml", &keys("a"));
    khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded();
    khue.write("clients.toml", &keys("b"));
    let plan = khue.run(&["client", "apply", "clients.toml", "--yes"]).succeeded().out;
    assert!(plan.contains(r#""kid":"a""#) && plan.contains(r#""kid":"b""#), "{plan}");
}
