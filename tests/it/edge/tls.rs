//! TLS without a proxy, and the certificates that clients show on it.

use std::net::SocketAddr;
use std::time::Duration;

use khue::protocol::ClientAuthMethod;
use khue::storage::Engine;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::exchange;
use crate::kit::{Authority, Certified, Installation, RelyingParty, TestApp, client_params, registration};

const HOST: &str = "id.example.vn";

/// The files of a server: its certificate, its key, the authorities of clients.
fn files(folder: &std::path::Path, clients: &Authority) -> Certified {
    let server = Certified::by_itself(&CertificateParams::new(vec![HOST.to_owned()]).unwrap());
    std::fs::write(folder.join("cert.pem"), server.certificate.pem()).unwrap();
    let key = folder.join("key.pem");
    std::fs::write(&key, server.key.serialize_pem()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    std::fs::write(folder.join("clients.pem"), clients.certificate.pem()).unwrap();
    server
}

/// Somebody who trusts `server`, with a certificate of his own or without.
fn caller(server: &Certified, address: SocketAddr, own: Option<&Certified>) -> reqwest::Client {
    let root = reqwest::Certificate::from_pem(server.certificate.pem().as_bytes()).unwrap();
    let builder = reqwest::Client::builder()
        .no_proxy()
        .use_rustls_tls()
        .tls_built_in_root_certs(false)
        .add_root_certificate(root)
        .resolve(HOST, address)
        // Each request on a connection of its own: what was agreed on one is taken up on the next.
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(30));
    let builder = match own {
        Some(own) => builder.identity(reqwest::Identity::from_pem(own.pem().as_bytes()).unwrap()),
        None => builder,
    };
    builder.build().unwrap()
}

/// Whether `caller` is known as the system: a refresh token that does not exist is `invalid_grant`.
async fn knows(caller: &reqwest::Client, address: SocketAddr, client_id: &str) -> bool {
    let form = format!("grant_type=refresh_token&refresh_token=x&client_id={client_id}");
    let request = caller
        .post(format!("https://{HOST}:{}/token", address.port()))
        .header("content-type", "application/x-www-form-urlencoded")
        // What a header says of a certificate is nobody's word here.
        .header("client-cert", ":bm9uc2Vuc2U=:")
        .body(form);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    match answer["error"].as_str() {
        Some("invalid_grant") => true,
        Some("invalid_client") => false,
        other => panic!("{other:?}"),
    }
}

fn by_name(id: &str) -> khue::domain::client::Registration {
    let members = json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "ngan-hang.example.vn" });
    registration(id, members)
}

#[tokio::test]
async fn a_certificate_of_the_connection_authenticates__rfc8705_2() {
    let (root, folder) = (Authority::root("Root"), tempfile::tempdir().unwrap());
    let server = files(folder.path(), &root);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let app = TestApp::builder()
        .with("tls.certificate_file", path("cert.pem"))
        .with("tls.key_file", path("key.pem"))
        .with("mutual_tls.certificates", "connection")
        .with("mutual_tls.authorities_file", path("clients.pem"))
        .build()
        .await;
    let own = Certified::by_itself(&client_params());
    app.relying_party(by_name("by-name")).await;
    let members =
        json!({ "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": own.certified_jwks() });
    let by_itself = app.relying_party(registration("by-itself", members)).await;
    assert_eq!(by_itself.registration.token_endpoint_auth_method, ClientAuthMethod::SelfSignedTlsClientAuth);

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let [listening, _] = app.instance.listening().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let serving =
        tokio::spawn(khue::http::serve(listener, listening, app.router(), stopped, Duration::from_secs(5)));

    let between = root.below("Between");
    let below = between.client();
    let nobody = caller(&server, address, None);
    let certified = root.client();
    let certified = caller(&server, address, Some(&certified));
    let stranger = Authority::root("Root").client();
    let stranger = caller(&server, address, Some(&stranger));
    let registered = caller(&server, address, Some(&own));
    // A connection on which another one was agreed on before carries its certificate all the same.
    for _ in 0..3 {
        assert!(knows(&certified, address, "by-name").await);
        assert!(knows(&registered, address, "by-itself").await);
        for (who, client_id) in [
            (&nobody, "by-name"),
            (&stranger, "by-name"),
            (&registered, "by-name"),
            (&certified, "by-itself"),
            (&nobody, "by-itself"),
        ] {
            assert!(!knows(who, address, client_id).await, "{client_id}");
        }
    }
    let pem = below.pem() + &between.certificate.pem();
    let root_of_server = reqwest::Certificate::from_pem(server.certificate.pem().as_bytes()).unwrap();
    let with_chain = reqwest::Client::builder()
        .no_proxy()
        .use_rustls_tls()
        .tls_built_in_root_certs(false)
        .add_root_certificate(root_of_server)
        .resolve(HOST, address)
        .identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap())
        .build()
        .unwrap();
    assert!(knows(&with_chain, address, "by-name").await, "those between come on the connection");

    // Who speaks no TLS gets no HTTP, and nobody else notices.
    for nonsense in [
        &b"GET / HTTP/1.1\r\nHost: id.example.vn\r\nConnection: close\r\n\r\n"[..],
        &[0x16, 3, 1, 0xff, 0xff],
    ] {
        assert!(!exchange(address, nonsense).await.starts_with("HTTP/"));
    }
    let page = nobody.get(format!("https://{HOST}:{}/", address.port())).send().await.unwrap();
    assert_eq!(page.status(), 200, "people need no certificate");
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[tokio::test]
async fn the_program_asks_for_certificates_where_it_is_told_to() {
    let more = "[tls]\ncertificate_file = \"cert.pem\"\nkey_file = \"key.pem\"\n\
        [mutual_tls]\ncertificates = \"connection\"\nauthorities_file = \"clients.pem\"\nlisten = \"127.0.0.1:0\"\n";
    let installation = Installation::new(Engine::Sqlite, more).await;
    let root = Authority::root("Root");
    let server = files(installation.folder(), &root);
    let checked = installation.khue(&["config", "check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    RelyingParty::apply(&installation.open().await, &by_name("by-name")).await;
    let node = installation.start().await;
    let log = node.log();
    let line = log.lines().find(|line| line.contains("listening for clients with certificates")).unwrap();
    let (_, rest) = line.split_once("listen=").or_else(|| line.split_once("\"listen\":\"")).unwrap();
    let second: SocketAddr = rest.split([' ', '"']).next().unwrap().parse().unwrap();
    let client = root.client();
    let certified = |address| caller(&server, address, Some(&client));
    assert!(knows(&certified(second), second, "by-name").await);
    assert!(!knows(&certified(node.address), node.address, "by-name").await, "nobody is asked there");
    let page = certified(node.address).get(format!("https://{HOST}:{}/", node.address.port())).send().await;
    assert_eq!(page.unwrap().status(), 200);
    let (status, _) = node.stop().await;
    assert!(status.success());
}

/// A greeting of TLS 1.`minor`, with what 1.2 needs besides.
fn greeting(minor: u8) -> Vec<u8> {
    let within = |body: &[u8]| [&[0, u8::try_from(body.len()).unwrap()][..], body].concat();
    let groups = [&[0, 0x0a][..], &within(&within(&[0, 0x17]))].concat();
    let signatures = [&[0, 0x0d][..], &within(&within(&[4, 3, 8, 4, 4, 1]))].concat();
    let suites = within(&[0xc0, 0x2b, 0xc0, 0x09]);
    let extensions = within(&[groups, signatures].concat());
    let hello = [&[3, minor + 1][..], &[7; 32], &[0], &suites, &[1, 0], &extensions].concat();
    let message = [&[1, 0][..], &within(&hello)].concat();
    [&[0x16, 3, 1][..], &within(&message)].concat()
}

#[tokio::test]
async fn older_tls_is_refused__fapi2_security_5_2_1() {
    let folder = tempfile::tempdir().unwrap();
    let server = files(folder.path(), &Authority::root("Root"));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let builder = TestApp::builder().with("tls.certificate_file", path("cert.pem"));
    let app = builder.with("tls.key_file", path("key.pem")).build().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let [listening, _] = app.instance.listening().unwrap();
    let serving =
        khue::http::serve(listener, listening, app.router(), std::future::pending(), Duration::ZERO);
    let serving = tokio::spawn(serving);
    for minor in [0, 1] {
        // RFC 5246 §7.2.2: a fatal alert, protocol_version.
        let answer = exchange(address, greeting(minor)).await;
        assert_eq!(answer.as_bytes(), [0x15, 3, 3, 0, 2, 2, 70], "TLS 1.{minor}");
    }
    let page = caller(&server, address, None).get(format!("https://{HOST}:{}/", address.port())).send().await;
    assert_eq!(page.unwrap().status(), 200);
    serving.abort();
}

#[test]
fn a_key_that_others_can_read_is_no_key_for_production() {
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![]).unwrap().self_signed(&key).unwrap();
    std::fs::write(folder.path().join("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    let text = "[server]\nissuer = \"https://id.example.vn\"\n[tls]\ncertificate_file = \"cert.pem\"\nkey_file = \"key.pem\"\n";
    std::fs::write(folder.path().join("khue.toml"), text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join("key.pem"), open).unwrap();
    }
    let sources = khue::config::Sources::of_folder(folder.path(), khue::config::Purpose::Serve);
    let told = khue::config::Config::load(&sources).unwrap_err().to_string();
    assert!(told.contains("tls.key_file") && told.contains("can be read by others"), "{told}");
}
