//! The real program over a real socket: what arrives before a route is known.

mod addresses;
mod connections;
mod limits;
mod memory;
mod oddities;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use khue::storage::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::kit::{Installation, Node};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program on a database of its own.
async fn running() -> (Installation, Node) {
    let installation = Installation::new(Engine::Sqlite, "").await;
    let node = installation.start().await;
    (installation, node)
}

/// Sends `request` as it stands and gives everything that comes back until the other side closes.
async fn exchange(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let talk = async {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut from, mut to) = stream.into_split();
        let mut answer = Vec::new();
        let (_, _) = tokio::join!(to.write_all(request.as_ref()), from.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::time::timeout(PATIENCE, talk).await.expect("an answer")
}

/// The status of an answer.
fn status(answer: &str) -> u16 {
    answer
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| answer.strip_prefix("HTTP/1.0 "))
        .and_then(|rest| rest.get(..3))
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// A GET that is the last of its connection.
fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: id.example.vn\r\nConnection: close\r\n{headers}\r\n")
}
