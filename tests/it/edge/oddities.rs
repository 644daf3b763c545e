//! What no browser sends.

use super::{exchange, get, running, status};

#[tokio::test]
async fn what_is_no_request_is_refused_and_the_next_one_answered() {
    let (_installation, node) = running().await;
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\x00\x00\x00\x00\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost id.example.vn\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nab",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = exchange_and_close(node.address, garbage).await;
        let shown = String::from_utf8_lossy(garbage);
        assert!(answer.is_empty() || (400..=505).contains(&status(&answer)), "{shown:?}: {answer}");
        assert!(answer.is_empty() || status(&answer) != 500, "{shown:?}: {answer}");
    }
    assert_eq!(status(&exchange(node.address, get("/health/live", "")).await), 200);
    assert!(!node.log().contains("panic"), "{}", node.log());
}

#[tokio::test]
async fn one_host_and_no_second_one__rfc9112_3_2() {
    let (_installation, node) = running().await;
    for hosts in [
        "",
        "Host: id.example.vn\r\nHost: evil.example\r\n",
        "Host: id.example.vn\r\nHost: id.example.vn\r\n",
    ] {
        let request = format!("GET /jwks HTTP/1.1\r\nConnection: close\r\n{hosts}\r\n");
        assert_eq!(status(&exchange(node.address, request).await), 400, "{hosts:?}");
    }
    let old = exchange(node.address, "GET /jwks HTTP/1.0\r\n\r\n").await;
    assert_eq!(status(&old), 200, "HTTP/1.0 has no Host: {old}");
    assert!(old.contains("\"keys\""));
}

#[tokio::test]
async fn expect_head_unknown_methods_and_paths() {
    let (_installation, node) = running().await;
    let expecting = "POST /token HTTP/1.1\r\nHost: id.example.vn\r\nConnection: close\r\nExpect: 100-continue\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\n\r\ngrant_type=token";
    let answer = exchange(node.address, expecting).await;
    assert!(answer.contains("HTTP/1.1 401 ") || answer.contains("HTTP/1.1 400 "), "{answer}");

    for path in ["/", "/jwks", "/.well-known/openid-configuration", "/help"] {
        let head = "HEAD ".to_owned() + get(path, "").trim_start_matches("GET ");
        let answer = exchange(node.address, head).await;
        assert_eq!(status(&answer), 200, "{path}");
        assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    }
    for (path, expected) in [
        ("/nowhere", 404),
        ("/.git/config", 404),
        ("/../../etc/passwd", 404),
        ("/%2e%2e/%00", 404),
        ("//evil.example/", 404),
        ("/assets/x/..%2f..%2fmaster.key", 404),
        ("/audit/tile/../../x", 404),
    ] {
        assert_eq!(status(&exchange(node.address, get(path, "")).await), expected, "{path}");
    }
    for method in ["FROB", "TRACE", "CONNECT", "PUT", "DELETE"] {
        let request = method.to_owned() + get("/token", "").trim_start_matches("GET");
        let answered = status(&exchange(node.address, request).await);
        assert!([400, 405].contains(&answered), "{method}: {answered}");
    }
}

#[tokio::test]
async fn odd_cookies_are_no_cookies() {
    let (_installation, node) = running().await;
    for cookie in [
        &b"__Host-khue_session"[..],
        b"__Host-khue_session=",
        b"__Host-khue_session=a; __Host-khue_session=b",
        b"__Host-khue_session=\"quoted\"",
        b"__Host-khue_session=khue_st_\xff\xfe",
        b"__Host-khue_browser=\xc3\x28; =; ;;;; a",
        b"khue_language=\xf0\x9f\x8c\xb8",
    ] {
        let mut request = get("/", "").into_bytes();
        request.truncate(request.len() - 2);
        request.extend([b"Cookie: ", cookie, b"\r\n\r\n"].concat());
        let answer = exchange(node.address, request).await;
        assert_eq!(status(&answer), 200, "{}: {answer}", String::from_utf8_lossy(cookie));
    }
}

/// Sends and says that nothing more comes.
async fn exchange_and_close(address: std::net::SocketAddr, request: &[u8]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(super::PATIENCE, stream.read_to_end(&mut answer)).await;
    let _ = read.expect("the connection ends");
    String::from_utf8_lossy(&answer).into_owned()
}
