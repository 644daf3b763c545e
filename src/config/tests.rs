//! Whole configurations, right and wrong.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

fn folder(file: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE_NAME), file).unwrap();
    folder
}

fn load(file: &str) -> Result<Config, ConfigErrors> {
    Config::load(&Sources::of_folder(folder(file).path(), Purpose::Command))
}

/// `line subject: what | remedy` of every problem.
fn problems(result: Result<Config, ConfigErrors>) -> Vec<String> {
    let shown = |problem: Problem| {
        let place = match problem.place {
            Place::Line(_, line) => format!("line {line}"),
            other => other.to_string(),
        };
        format!("{place} {}: {} | {}", problem.subject, problem.what, problem.remedy)
    };
    result.unwrap_err().0.into_iter().map(shown).collect()
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::load(&Sources::of_folder(folder.path(), Purpose::Command)).unwrap();
    assert_eq!(config.server.issuer.as_str(), "http://localhost:8080");
    assert_eq!(config.sessions.idle, Duration::from_secs(900));
    assert_eq!(config.audit.origin.as_str(), "localhost:8080/audit");
    assert!(matches!(config.shortlived.place, ShortLivedPlace::InProcess));
    assert!(
        matches!(&config.database.address, DatabaseAddress::Sqlite(file) if *file == folder.path().join("khue-data/khue.db"))
    );
    assert_eq!(config.keys.master_key_file, folder.path().join("khue-data/master.key"));
}

#[test]
fn every_error_comes_at_once_with_line_and_remedy() {
    let found = problems(load(
        "[server]\n\
         isuer = \"https://id.example.vn\"\n\
         listen = 8080\n\
         trusted_proxies = [\"10.0.0.0/8\", \"proxy\"]\n\
         \n\
         [sesions]\n\
         [sessions]\n\
         idle = \"15\"\n\
         max = { hours = 12 }\n\
         [telemetry]\n\
         log_format = \"xml\"\n",
    ));
    assert_eq!(
        found,
        [
            "line 2 server.isuer: unknown setting | did you mean `issuer`?",
            "line 3 server.listen: is not an IP address and port | \
             write for example \"127.0.0.1:8080\" or \"[::]:8080\"",
            "line 4 server.trusted_proxies: is not a network | write for example \"10.1.0.0/16\" or \"10.1.2.3\"",
            "line 6 sesions: unknown section | did you mean `sessions`?",
            "line 8 sessions.idle: has no unit | \
             write a number and a unit (ms, s, min, h or d), for example \"15 min\"",
            "line 9 sessions.max: is of type table, where a span of time belongs | write a span of time",
            "line 11 telemetry.log_format: is `xml`, which is not one of the choices | write one of: json, human",
        ]
    );
}

#[test]
fn a_broken_file_still_names_its_other_faults() {
    let found = problems(load("[server\nlisten = \"nowhere\"\n[sessions]\nidle = = 3\ncolour = \"red\"\n"));
    assert!(found.iter().any(|problem| problem.starts_with("line 1 syntax")), "{found:#?}");
    assert!(found.iter().any(|problem| problem.starts_with("line 4 syntax")), "{found:#?}");
    assert!(
        found.iter().any(|problem| problem.starts_with("line 5 sessions.colour: unknown setting")),
        "{found:#?}"
    );
}

#[test]
fn the_environment_wins_over_the_file_and_the_command_over_both() {
    let folder = folder("[server]\nlisten = \"127.0.0.1:1\"\nissuer = \"http://localhost:1\"\n");
    let mut sources =
        Sources::of_folder(folder.path(), Purpose::Command).with("server.listen", "127.0.0.1:3");
    sources.variables = vec![
        ("KHUE_SERVER__LISTEN".into(), "127.0.0.1:2".into()),
        ("KHUE_SERVER__ISSUER".into(), "http://localhost:2".into()),
        ("KHUE_SERVER__TRUSTED_PROXIES".into(), "10.0.0.0/8, ::1".into()),
        ("KHUE_TEST_POSTGRES_URL".into(), "not ours".into()),
        ("KHUE_PORT".into(), "tcp://10.0.0.1:80".into()),
    ];
    let config = Config::load(&sources).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.issuer.as_str(), "http://localhost:2");
    assert_eq!(config.server.trusted_proxies.len(), 2);
}

#[test]
fn a_misspelt_variable_is_not_passed_over() {
    let mut sources = Sources::of_folder("/nonexistent", Purpose::Command);
    sources.variables = vec![
        ("KHUE_SERVER__ISUER".into(), "https://id.example.vn".into()),
        ("KHUE_SERVER_LISTEN".into(), "127.0.0.1:2".into()),
        ("KHUE_SESSIONS__IDLE".into(), "soon".into()),
    ];
    let found = problems(Config::load(&sources));
    assert_eq!(
        found.iter().map(|problem| problem.split(" | ").next().unwrap()).collect::<Vec<_>>(),
        [
            "environment KHUE_SERVER_LISTEN KHUE_SERVER_LISTEN: unknown setting",
            "environment KHUE_SERVER__ISUER KHUE_SERVER__ISUER: unknown setting",
            "environment KHUE_SESSIONS__IDLE sessions.idle: is not a span of time",
        ]
    );
    assert!(found[0].ends_with("did you mean `KHUE_SERVER__LISTEN`?"), "{}", found[0]);
}

#[test]
fn a_secret_comes_from_its_file_and_never_into_an_error() {
    let folder =
        folder("[database]\nurl_file = \"database-url\"\n[shortlived]\nurl = \"https://:s3cret@cache\"\n");
    fs::write(folder.path().join("database-url"), "postgres://khue:s3cret@db/khue\n").unwrap();
    let sources = Sources::of_folder(folder.path(), Purpose::Command);
    let errors = Config::load(&sources).unwrap_err();
    assert_eq!(errors.0.len(), 1);
    assert!(!format!("{errors} {errors:?}").contains("s3cret"));

    let config = Config::load(&sources.with("shortlived.url", "redis://cache")).unwrap();
    let DatabaseAddress::Postgres(url) = &config.database.address else {
        panic!("{:?}", config.database.address)
    };
    assert_eq!(url.expose(), "postgres://khue:s3cret@db/khue");
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn a_secret_given_twice_or_in_a_missing_file_is_refused() {
    let found = problems(load(
        "[database]\nurl = \"sqlite:a.db\"\nurl_file = \"b\"\n[shortlived]\nurl_file = \"missing\"\n",
    ));
    assert!(found[0].starts_with("line 3 database.url: is given twice"), "{found:#?}");
    assert!(
        found
            .iter()
            .any(|problem| problem.starts_with("line 5 shortlived.url: its file missing cannot be read"))
    );
}

#[test]
fn a_named_file_must_be_there() {
    let mut sources = Sources::of_folder("/nonexistent", Purpose::Command);
    sources.file = Some("other.toml".into());
    let found = problems(Config::load(&sources));
    assert!(found[0].starts_with("/nonexistent/other.toml configuration file: cannot be read"), "{found:#?}");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let found = problems(load(
        "[sessions]\nidle = \"13 h\"\n[keys]\nannounce = \"90 d\"\n[audit]\ncheckpoint_every = \"2 s\"\norigin = \"a b\"\n",
    ));
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn production_refuses_what_is_not_fit_for_people() {
    let folder = folder("[server]\nissuer = \"http://localhost:8080\"\n");
    let serve = Sources::of_folder(folder.path(), Purpose::Serve);
    let found = problems(Config::load(&serve));
    assert!(found[0].starts_with("line 2 server.issuer: is plain HTTP"), "{found:#?}");
    assert!(found[1].contains("master.key cannot be read"), "{found:#?}");

    fs::create_dir(folder.path().join("khue-data")).unwrap();
    let key = folder.path().join("khue-data/master.key");
    fs::write(&key, "khue-master-key:v1:development:1:AAAA\n").unwrap();
    let https = serve.clone().with("server.issuer", "https://id.example.vn");
    let found = problems(Config::load(&https));
    assert!(found.len() == 1 && found[0].contains("is a development key"), "{found:#?}");
    assert_eq!(check(&https).unwrap_err().0.len(), 1);

    fs::write(&key, "khue-master-key:v1:production:1:AAAA\n").unwrap();
    set_mode(&key, 0o640);
    let found = problems(Config::load(&https));
    assert!(found.len() == 1 && found[0].contains("read by others"), "{found:#?}");
    set_mode(&key, 0o600);
    assert!(Config::load(&https).is_ok());

    assert!(Config::load(&serve.with("server.mode", "demo")).is_ok());
}

#[cfg(unix)]
fn set_mode(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn certificates_and_keys_that_do_not_fit_are_named() {
    let folder = folder(
        "[server]\ntrusted_proxies = []\n[tls]\ncertificate_file = \"cert.pem\"\nkey_file = \"other.pem\"\n\
         [mutual_tls]\ncertificates = \"header\"\nauthorities_file = \"key.pem\"\nalias = \"https://a.vn/x\"\n",
    );
    let (key, other) = (rcgen::KeyPair::generate().unwrap(), rcgen::KeyPair::generate().unwrap());
    let certificate = rcgen::CertificateParams::new(vec![]).unwrap().self_signed(&key).unwrap();
    for (name, text) in [
        ("cert.pem", certificate.pem()),
        ("key.pem", key.serialize_pem()),
        ("other.pem", other.serialize_pem()),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let load = |more: &[(&'static str, &'static str)]| {
        let sources = Sources::of_folder(folder.path(), Purpose::Command);
        Config::load(&more.iter().fold(sources, |sources, (name, value)| sources.with(name, *value)))
    };
    let found = problems(load(&[])).join("\n");
    for says in [
        "line 2 server.trusted_proxies: is empty",
        "line 5 tls.key_file: ",
        "other.pem does not hold the key of the certificate",
        "line 8 mutual_tls.authorities_file: ",
        "key.pem holds no certificate",
        "line 9 mutual_tls.alias: is not https, or has another path",
    ] {
        assert!(found.contains(says), "{says}\n{found}");
    }
    let mended = [
        ("tls.key_file", "key.pem"),
        ("mutual_tls.certificates", "connection"),
        ("mutual_tls.authorities_file", "cert.pem"),
        ("mutual_tls.alias", "https://a.vn"),
    ];
    let config = load(&mended).unwrap();
    assert_eq!(config.mutual_tls.source, ClientCertificateSource::Connection);
    assert!(config.tls.is_some() && config.mutual_tls.authorities.is_some());
    let off = [
        mended[0],
        mended[2],
        mended[3],
        ("mutual_tls.certificates", "off"),
        ("mutual_tls.listen", "127.0.0.1:1"),
    ];
    assert!(problems(load(&off)).join("\n").contains("mutual_tls.listen: is a listener for certificates"));
}

#[test]
fn certificates_on_connections_need_tls() {
    let found = problems(load("[mutual_tls]\ncertificates = \"connection\"\n"));
    assert!(found[0].starts_with("line 2 mutual_tls.certificates: is \"connection\""), "{found:?}");
    let found = problems(load("[tls]\nkey_file = \"key.pem\"\n"));
    assert!(found[0].contains("tls.certificate_file: is missing beside tls.key_file"), "{found:?}");
}
