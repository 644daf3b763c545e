//! Links come from the configured issuer, whatever a request says that our name is.

use super::{exchange, running, status};

#[tokio::test]
async fn no_link_is_made_of_what_a_request_calls_us() {
    let (_installation, node) = running().await;
    let lies = "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Prefix: /evil.example\r\n\
        Forwarded: host=evil.example;proto=http\r\nX-Original-URL: /evil.example\r\nX-Rewrite-URL: /evil.example\r\n\
        X-Host: evil.example\r\n";
    for path in [
        "/",
        "/.well-known/openid-configuration",
        "/.well-known/webfinger?resource=https://id.example.vn&rel=http://openid.net/specs/connect/1.0/issuer",
        "/sign-in",
        "/create",
        "/account",
        "/logout",
        "/authorize?client_id=nobody",
        "/nowhere",
        "/userinfo",
    ] {
        for target in [path.to_owned(), format!("http://evil.example{path}")] {
            let request =
                format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{lies}\r\n");
            let answer = exchange(node.address, request).await;
            assert!(status(&answer) < 500, "{target}: {answer}");
            assert!(!answer.contains("evil.example"), "{target}: {answer}");
        }
    }
    let request = format!(
        "GET http://evil.example/.well-known/openid-configuration HTTP/1.1\r\nHost: evil.example\r\n\
         Connection: close\r\n{lies}\r\n"
    );
    let metadata = exchange(node.address, request).await;
    assert!(metadata.contains("\"issuer\":\"https://id.example.vn\""), "{metadata}");
    assert!(metadata.contains("\"https://id.example.vn/token\""), "{metadata}");
}
