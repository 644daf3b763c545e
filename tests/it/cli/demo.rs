//! `khue demo`.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use super::binary::{free_ports, get};
use super::{Khue, Running};

fn start(khue: &Khue, arguments: &[&str]) -> Running {
    khue.start(&[&["demo"], arguments].concat(), "Ctrl-C")
}

fn body(answer: &str) -> String {
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn a_demo_starts_from_nothing_and_goes_on_where_it_was() {
    let khue = Khue::nowhere();
    let port = free_ports(3);
    let (asked, issuer) = (port.to_string(), format!("\"issuer\":\"http://localhost:{port}\""));

    let running = start(&khue, &["--port", &asked]);
    assert!(get(port, "/.well-known/openid-configuration").contains(&issuer));
    let keys = body(&get(port, "/jwks"));
    for system in [port + 1, port + 2] {
        assert!(get(system, "/").starts_with("HTTP/1.1 200"));
        let sent = get(system, "/sign-in");
        assert!(sent.contains(&format!("location: http://localhost:{port}/authorize?")), "{sent}");
    }
    // Every other command acts on it, while it runs.
    let systems = khue.run(&["client", "list"]).succeeded().out;
    assert!(systems.contains("Cổng dịch vụ công") && systems.contains("Văn phòng điện tử"), "{systems}");
    khue.run(&["client", "disable", "van-phong-dien-tu"]).succeeded();
    assert_eq!(running.stop(), 0);

    for (name, mode) in [("", 0o700), ("master.key", 0o600), ("portal.secret", 0o600), ("khue.toml", 0o600)] {
        let found = khue.path("khue-data").join(name).metadata().unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }

    let again = start(&khue, &[]);
    assert_eq!(body(&get(port, "/jwks")), keys);
    assert!(
        khue.run(&["client", "show", "van-phong-dien-tu"]).succeeded().out.contains("status = \"disabled\"")
    );
    khue.run(&["demo"]).refused(1, "in use, perhaps by another demo");
    assert_eq!(again.stop(), 0);
    khue.run(&["audit", "verify"]).succeeded();
    khue.run(&["demo", "--port", &(port + 3).to_string()]).refused(2, "was set up on port");
}

#[test]
fn a_port_that_is_taken_leaves_nothing_behind() {
    let khue = Khue::nowhere();
    let port = free_ports(3);
    let taken = TcpListener::bind(("127.0.0.1", port + 2)).unwrap();
    let ran = khue.run(&["demo", "--port", &port.to_string()]).refused(1, "is in use");
    assert!(ran.err.contains(&(port + 2).to_string()) && ran.err.contains("--port 9080"), "{}", ran.err);
    assert!(!khue.path("khue-data").exists());
    drop(taken);
    khue.run(&["demo", "--port", "65535"]).refused(2, "65535");
    khue.run(&["demo", "--config", "khue.toml"]).refused(2, "--folder");
}

#[test]
fn the_folder_of_a_real_instance_is_not_taken_for_a_demo() {
    let khue = Khue::instance();
    khue.run(&["demo", "--folder", "."]).refused(2, "not of a demo");
}
