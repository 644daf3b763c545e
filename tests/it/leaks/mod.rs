//! A run whose every secret and personal word is known, and a search for each of them in all that it leaves behind.

mod day;
mod needles;

use std::fs;

use axum::body::Body;
use axum::http::Request;
use khue::storage::Engine;
use sqlx::Row;

use self::day::{Day, said_by_everyone};
use self::needles::Needles;
use crate::kit::{Installation, Node, Wire};
use crate::parts;

/// Logs everything that it can be told to log, and counts.
const TALKATIVE: &str = "[telemetry]\nlog_level = \"debug\"\nmetrics_listen = \"127.0.0.1:0\"\n";

#[test]
fn the_search_finds_what_is_there_in_every_form() {
    let mut needles = Needles::default();
    needles.add("name", "Nguyễn Thị Quỳnh Sương");
    for hidden in [
        b"xxNguy\xe1\xbb\x85n Th\xe1\xbb\x8b Qu\xe1\xbb\xb3nh S\xc6\xb0\xc6\xa1ngxx".to_vec(),
        b"{\"n\":\"nguyen thi quynh suong\"}".to_vec(),
        b"?name=Nguy%E1%BB%85n+Th%E1%BB%8B+Qu%E1%BB%B3nh+S%C6%B0%C6%A1ng&".to_vec(),
        "Nguyễn Thị Quỳnh Sương".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        khue::base::encoding::base64url("aNguyễn Thị Quỳnh Sương").into_bytes(),
        khue::base::encoding::base64url("abNguyễn Thị Quỳnh Sương").into_bytes(),
    ] {
        let found = std::panic::catch_unwind(|| needles.nowhere_in("planted", &hidden));
        assert!(found.is_err(), "{}", String::from_utf8_lossy(&hidden));
    }
    needles.nowhere_in("nothing", "Nguyễn Thị Ánh".as_bytes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_logs_and_metrics_of_a_run_on_sqlite_tell_nothing() {
    let installation = Installation::new(Engine::Sqlite, TALKATIVE).await;
    let (registration, secret) = installation.register(day::system()).await;
    let mut day = Day::new(registration, secret);

    for format in ["human", "json"] {
        let node = start(&installation, format).await;
        day.live(&node).await;
        nothing_in_metrics(&day.needles, &node).await;
        let log = if format == "human" { node.kill().await } else { node.stop().await.1 };
        assert!(log.contains("/token") && log.contains("answered"), "the log was kept: {log}");
        day.needles.nowhere_in(&format!("the {format} log"), log.as_bytes());
        nothing_in_files(&day.needles, &installation, format);
    }
    for command in [&["audit", "verify"][..], &["client", "list"], &["keys", "list"]] {
        let told = installation.khue(command);
        assert!(told.status.success(), "{told:?}");
        day.needles.nowhere_in(&command.join(" "), &[told.stdout, told.stderr].concat());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_logs_and_redis_of_a_run_on_postgres_tell_nothing() {
    let prefix = format!("leaks-{}:", std::process::id());
    let redis = format!("[shortlived]\nurl = \"{}\"\nkey_prefix = \"{prefix}\"\n", parts::redis_url());
    let installation = Installation::new(Engine::Postgres, &format!("{TALKATIVE}{redis}")).await;
    let (registration, secret) = installation.register(day::system()).await;
    let mut day = Day::new(registration, secret);
    let node = start(&installation, "json").await;
    day.live(&node).await;
    nothing_in_metrics(&day.needles, &node).await;
    let kept = redis_dump(&prefix);
    assert!(!kept.is_empty(), "ceremonies were kept in Redis");
    day.needles.nowhere_in("Redis", &kept);
    let (_, log) = node.stop().await;
    day.needles.nowhere_in("the log", log.as_bytes());
    let tables = postgres_dump(&installation.database_url()).await;
    assert!(tables.contains("dichvucong"), "what is no secret is found");
    day.needles.nowhere_in("the tables", tables.as_bytes());
}

async fn start(installation: &Installation, format: &str) -> Node {
    let variables = [
        ("KHUE_TELEMETRY__LOG_FORMAT", format),
        // The proxy in front, so that addresses are those of people.
        ("KHUE_SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        // No back door to the level that libraries tell everything on.
        ("RUST_LOG", "trace"),
    ];
    installation.start_with(&variables).await
}

async fn nothing_in_metrics(needles: &Needles, node: &Node) {
    let wire = Wire::to(node.metrics.expect("metrics are served"));
    let metrics = wire.send(Request::get("/metrics").body(Body::empty()).unwrap()).await;
    let text = String::from_utf8(metrics.body().to_vec()).unwrap();
    assert!(text.contains("khue_http_requests_total"), "{text}");
    needles.nowhere_in("the metrics", text.as_bytes());
}

/// Database, WAL, shared memory, configuration: all that lies in the folder.
fn nothing_in_files(needles: &Needles, installation: &Installation, run: &str) {
    let mut seen = Vec::new();
    for file in fs::read_dir(installation.folder()).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        let content = fs::read(file.path()).unwrap();
        needles.nowhere_in(&format!("{name} after the {run} run"), &content);
        if said_by_everyone(&content) {
            seen.push(name);
        }
    }
    assert!(!seen.is_empty(), "what is no secret is found");
}

async fn postgres_dump(url: &str) -> String {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let tables =
        sqlx::query("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    let mut dump = String::new();
    for table in tables {
        let name: String = table.get(0);
        let rows = format!("SELECT t::text FROM \"{name}\" t");
        for row in sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap() {
            dump.push_str(&row.get::<String, _>(0));
            dump.push('\n');
        }
    }
    dump
}

fn redis_dump(prefix: &str) -> Vec<u8> {
    let mut connection = redis::Client::open(parts::redis_url()).unwrap().get_connection().unwrap();
    let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg(format!("{prefix}*")).query(&mut connection).unwrap();
    let mut dump = Vec::new();
    for key in keys {
        let value: Option<Vec<u8>> = redis::cmd("GET").arg(&key).query(&mut connection).unwrap();
        dump.extend(key);
        dump.push(b'\n');
        dump.extend(value.unwrap_or_default());
        dump.push(b'\n');
    }
    dump
}
