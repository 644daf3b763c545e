//! Memory stays flat, whatever strangers make up.

use std::fs;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::running;
use crate::kit::{Node, RelyingParty, public};

/// Enough that a hundred bytes kept of each would show, and few enough for an unoptimised build.
const STRANGERS: usize = 8_000;
/// What allocators and buffers may still take after the warm-up.
const BOUND: usize = 8 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn distinct_states_scopes_locales_and_cookies_leave_memory_flat() {
    let (installation, node) = running().await;
    let (registration, secret) = installation.register(public("dienthoai")).await;
    let system = RelyingParty::at(node.wire(), registration, secret);
    until_known(&node, &system).await;
    flood(node.address, &system, 0..STRANGERS).await;
    let before = resident(&node);
    flood(node.address, &system, STRANGERS..3 * STRANGERS).await;
    let after = resident(&node);
    assert!(after < before + BOUND, "{before} bytes before, {after} after");
}

/// The program looks for new systems every two seconds.
async fn until_known(node: &Node, system: &RelyingParty) {
    let mut browser = node.browser();
    let known = async {
        while browser.get(&system.authorize(&[("prompt", "none")])).await.location().is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(super::PATIENCE, known).await.expect("the system is known");
}

/// One request a stranger, one behind the other: each answered with a redirect that says who nobody is.
async fn flood(address: SocketAddr, system: &RelyingParty, numbers: std::ops::Range<usize>) {
    let count = numbers.len();
    let requests: String = numbers
        .map(|number| {
            let target = system.authorize(&[
                ("prompt", "none"),
                ("state", &format!("state-{number}")),
                ("nonce", &format!("nonce-{number}")),
                ("scope", &format!("openid made-up-{number}")),
                ("ui_locales", &format!("x-{number}")),
                ("acr_values", &format!("https://acr.example/{number}")),
                ("login_hint", &format!("{number}@example.vn")),
            ]);
            format!(
                "GET {target} HTTP/1.1\r\nHost: id.example.vn\r\nUser-Agent: agent-{number}\r\n\
                 Accept-Language: x-{number}\r\nCookie: __Host-khue_browser=b{number}; c{number}=1\r\n\r\n"
            )
        })
        .collect();
    let (mut from, mut to) = TcpStream::connect(address).await.unwrap().into_split();
    let written = tokio::spawn(async move {
        to.write_all(requests.as_bytes()).await.unwrap();
        to
    });
    let (mut answered, mut tail, mut buffer) = (0, Vec::<u8>::new(), vec![0; 64 * 1024]);
    while answered < count {
        let read = from.read(&mut buffer).await.unwrap();
        assert!(read > 0, "{answered} of {count} were answered");
        tail.extend(&buffer[..read]);
        answered += tail.windows(22).filter(|line| line == b"HTTP/1.1 303 See Other").count();
        tail.drain(..tail.len().saturating_sub(21));
    }
    drop(written.await.unwrap());
}

/// The memory that the process holds.
fn resident(node: &Node) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", node.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}
