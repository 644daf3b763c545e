//! Connections that are opened and not used.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{PATIENCE, exchange, get, running, status};

const IDLE: usize = 300;
const SLOW: usize = 100;
/// More than the 128 that listen queues hold where nobody says otherwise.
const WAITING: usize = 300;

#[tokio::test]
async fn idle_and_slow_senders_hold_nobody_up_and_are_cut_off() {
    let (_installation, node) = running().await;
    let mut waiting = Vec::new();
    for number in 0..IDLE + SLOW {
        let mut stream = TcpStream::connect(node.address).await.unwrap();
        if number >= IDLE {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: id.example.vn\r\nX-Slow: a").await.unwrap();
        }
        waiting.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(status(&exchange(node.address, get("/health/live", "")).await), 200);
    }
    // The last byte of a header block comes too late, whoever sends one now and then.
    for mut stream in waiting {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "a sender that says nothing more is cut off");
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408 "));
    }
}

#[tokio::test]
async fn whoever_comes_while_nobody_is_taken_up_waits_in_the_queue() {
    let (_installation, node) = running().await;
    let signal = |name: &str| {
        let sent = std::process::Command::new("kill").args([name, &node.pid().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    // Held still, it takes nobody up, as when one address opens connections faster than it can.
    signal("-STOP");
    let mut waiting = Vec::new();
    for _ in 0..WAITING {
        // Where the queue is full the kernel lets a connection try again after a second, then two, then four.
        let opened = tokio::time::timeout(PATIENCE, TcpStream::connect(node.address)).await;
        waiting.push(opened);
        if !matches!(waiting.last(), Some(Ok(Ok(_)))) {
            break;
        }
    }
    signal("-CONT");
    assert!(waiting.iter().all(|opened| matches!(opened, Ok(Ok(_)))), "{} were let in", waiting.len() - 1);
    assert_eq!(status(&exchange(node.address, get("/health/live", "")).await), 200);
}
