//! How much of everything is taken.

use super::{exchange, get, running, status};

const KIB: usize = 1024;

#[tokio::test]
async fn a_header_block_over_16_kib_is_431() {
    let (_installation, node) = running().await;
    let padded = |size: usize| get("/health/live", &format!("X-Padding: {}\r\n", "a".repeat(size)));
    assert_eq!(status(&exchange(node.address, padded(15 * KIB)).await), 200);
    assert_eq!(status(&exchange(node.address, padded(17 * KIB)).await), 431);
    assert_eq!(status(&exchange(node.address, padded(1024 * KIB)).await), 431);
    let many: String = (0..150).map(|number| format!("X-{number}: a\r\n")).collect();
    assert_eq!(status(&exchange(node.address, get("/health/live", &many)).await), 431);
    let long = get(&format!("/authorize?state={}", "a".repeat(15 * KIB)), "");
    assert_eq!(status(&exchange(node.address, long).await), 400);
    let longer = get(&format!("/authorize?state={}", "a".repeat(20 * KIB)), "");
    assert_eq!(status(&exchange(node.address, longer).await), 431);
    let cookie = format!("Cookie: a={}; __Host-khue_session=x\r\n", "b".repeat(14 * KIB));
    assert_eq!(status(&exchange(node.address, get("/", &cookie)).await), 200);
}

#[tokio::test]
async fn a_body_over_64_kib_is_413() {
    let (_installation, node) = running().await;
    let post = |path: &str, size: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: id.example.vn\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
             Origin: https://id.example.vn\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {size}\r\n\r\na={}",
            "b".repeat(size - 2)
        )
    };
    let chunked = |path: &str| {
        let chunks = format!("400\r\n{}\r\n", "a".repeat(KIB)).repeat(100);
        format!(
            "POST {path} HTTP/1.1\r\nHost: id.example.vn\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
             Origin: https://id.example.vn\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
        )
    };
    for path in [
        "/token",
        "/userinfo",
        "/authorize",
        "/logout",
        "/sign-in",
        "/create",
        "/consent",
        "/account/profile",
    ] {
        assert_eq!(status(&exchange(node.address, post(path, 64 * KIB + 1)).await), 413, "{path}");
        assert_eq!(status(&exchange(node.address, chunked(path)).await), 413, "{path}, in chunks");
        // What is authorized by POST goes on by GET, and must fit into an address.
        let largest = if matches!(path, "/authorize" | "/logout") { 4 * KIB } else { 64 * KIB };
        let fits = status(&exchange(node.address, post(path, largest)).await);
        assert!((200..500).contains(&fits) && fits != 413, "{path}: {fits}");
    }
}
