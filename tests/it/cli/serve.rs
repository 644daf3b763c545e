//! `khue serve`.

use super::Khue;
use super::binary::{free_ports, get};

#[test]
fn a_server_tells_its_health_counts_apart_and_stops_when_asked() {
    let khue = Khue::instance();
    let port = free_ports(2);
    let (listen, metrics) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{}", port + 1));
    let server = format!("listen = \"{listen}\"\n[telemetry]\nmetrics_listen = \"{metrics}\"\n[database]");
    khue.write("khue.toml", &khue.read("khue.toml").replace("[database]", &server));

    let running = khue.start(&["serve"], "serving issuer");
    assert!(get(port, "/health/live").starts_with("HTTP/1.1 200"));
    assert!(get(port, "/health/ready").starts_with("HTTP/1.1 200"));
    assert!(get(port, "/.well-known/openid-configuration").contains("\"issuer\":\"https://id.example.vn\""));
    assert!(get(port, "/metrics").starts_with("HTTP/1.1 404"), "metrics have a listener of their own");
    assert!(get(port + 1, "/metrics").contains("khue_http_requests_total"));
    khue.run(&["serve"]).refused(1, "set another");
    assert_eq!(running.stop(), 0);
    // What happened is in the log, integrated before the lights went out.
    let log = khue.run(&["audit", "verify"]).succeeded().out;
    assert!(log.ends_with("waiting for the next: 0.\n"), "{log}");
}

#[test]
fn production_refuses_to_start_on_a_development_key() {
    let khue = Khue::instance();
    khue.write("master.key", &khue.read("master.key").replace(":production:", ":development:"));
    khue.run(&["serve"]).refused(2, "development key");
    khue.run(&["client", "list"]).refused(2, "development key");
}
