//! Two nodes on one PostgreSQL and one Redis.

use std::time::Duration;

use futures_util::future::join_all;

use super::{begin, deliver, listening, sign_out};
use crate::kit::{Mood, Receiver, TestApp, claims};

#[tokio::test]
async fn what_both_nodes_deliver_is_told_once_whoever_the_session_ended_at() {
    let nodes = TestApp::builder().with("server.sandbox", "true").two_nodes().await;
    let receiver = Receiver::start(Mood::Answers(200)).await;
    let system = nodes[0].relying_party(listening("dichvucong", &receiver)).await;
    nodes[1].instance.provider.refresh_caches().await.unwrap();
    for number in 0..6 {
        let mut browser = nodes[number % 2].browser();
        begin(&mut browser, &system).await;
        sign_out(&mut browser).await;
    }
    join_all((0..8).map(|number| deliver(&nodes[number % 2]))).await;
    let told: std::collections::BTreeSet<String> =
        receiver.tokens().iter().map(|token| claims(token)["jti"].to_string()).collect();
    assert_eq!((receiver.heard().len(), told.len()), (6, 6));
}

#[tokio::test]
async fn what_a_dead_node_was_at_the_other_takes_up() {
    let nodes = TestApp::builder().with("server.sandbox", "true").two_nodes().await;
    let receiver = Receiver::start(Mood::Silent).await;
    let system = nodes[0].relying_party(listening("dichvucong", &receiver)).await;
    nodes[1].instance.provider.refresh_caches().await.unwrap();
    let mut browser = nodes[0].browser();
    begin(&mut browser, &system).await;
    sign_out(&mut browser).await;
    let dying = tokio::spawn({
        let provider = std::sync::Arc::clone(&nodes[0].instance.provider);
        async move { provider.deliver_due_logouts().await }
    });
    receiver.hears(1).await;
    dying.abort();
    let _ = dying.await;
    receiver.turns(Mood::Answers(200));
    deliver(&nodes[1]).await;
    assert_eq!(receiver.heard().len(), 1, "it may still be at it");
    nodes[1].clock.advance(Duration::from_secs(20));
    deliver(&nodes[1]).await;
    let tokens = receiver.tokens();
    assert_eq!(tokens.len(), 2);
    assert_eq!(claims(&tokens[0])["jti"], claims(&tokens[1])["jti"]);
    assert!(nodes[0].instance.provider.waiting_logouts(10).await.unwrap().is_empty());
}
