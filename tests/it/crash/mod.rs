//! The real program, killed or asked to stop in the middle of load: nothing that was acknowledged is lost, and the next
//! start works.

mod ledger;
mod load;

use axum::http::header::{CONNECTION, CONTENT_TYPE};
use khue::storage::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use self::ledger::Ledger;
use self::load::Crowd;
use crate::kit::{Installation, Node, public};

/// How a round ends.
#[derive(Clone, Copy)]
enum End {
    Killed,
    AskedToStop,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_twenty_times_on_sqlite_nothing_acknowledged_is_lost() {
    survives(Engine::Sqlite, End::Killed, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_postgres_nothing_acknowledged_is_lost() {
    survives(Engine::Postgres, End::Killed, 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_twenty_times_on_sqlite_nothing_acknowledged_is_lost() {
    survives(Engine::Sqlite, End::AskedToStop, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_on_postgres_nothing_acknowledged_is_lost() {
    survives(Engine::Postgres, End::AskedToStop, 4).await;
}

async fn survives(engine: Engine, end: End, rounds: usize) {
    let installation = Installation::new(engine, "").await;
    let (registration, secret) = installation.register(public("dienthoai")).await;
    let mut node = installation.start().await;
    let mut crowd = Crowd::gather(&node, registration, secret).await;
    let ledger = Ledger::default();
    for round in 0..rounds {
        // Another moment each time: in the first redemptions, between refreshes, while the log is integrated.
        let goal = ledger.acknowledged() + 4 + round * 7 % 23;
        let load = crowd.work(&node, &ledger);
        ledger.reach(goal).await;
        match end {
            End::Killed => drop(node.kill().await),
            End::AskedToStop => {
                let (status, log) = node.stop().await;
                assert_eq!(status.code(), Some(0), "{log}");
                assert!(!log.contains("ERROR"), "{log}");
            }
        }
        crowd = load.await;
        let verified = installation.khue(&["audit", "verify"]);
        assert!(verified.status.success(), "round {round}: {verified:?}");

        node = installation.start().await;
        crowd.turn_to(&node);
        ledger.every_token_of_the_last_round_works(&crowd).await;
        ledger.everything_acknowledged_is_recorded(&installation.database_url()).await;
    }
    ledger.every_token_works(&crowd).await;
    ledger.everything_acknowledged_is_recorded(&installation.database_url()).await;
}

/// A request whose head has arrived when the program is asked to stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_what_is_under_way_is_answered_and_nothing_new_is_taken() {
    let installation = Installation::new(Engine::Sqlite, "").await;
    let mut node = installation.start().await;
    let mut under_way = TcpStream::connect(node.address).await.unwrap();
    let body = "grant_type=refresh_token&client_id=nobody&refresh_token=x";
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: id.example.vn\r\n{CONTENT_TYPE}: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{}",
        body.len(),
        &body[..10]
    );
    under_way.write_all(head.as_bytes()).await.unwrap();
    has_taken_what_came_before(&node).await;

    node.ask_to_stop();
    refuses_connections(&node).await;
    under_way.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("invalid_client"), "{answer}");
    assert!(answer.to_lowercase().contains(&format!("{CONNECTION}: close")), "{answer}");
    assert_eq!(node.ended().await.code(), Some(0), "{}", node.log());
    assert!(node.log().contains("stopped"), "{}", node.log());
}

/// Another connection is answered after this one was accepted: connections are taken in order.
async fn has_taken_what_came_before(node: &Node) {
    assert_eq!(node.browser().get("/health/live").await.status, 200);
}

async fn refuses_connections(node: &Node) {
    let refused = async {
        while TcpStream::connect(node.address).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), refused).await.expect("the listener closes");
}
