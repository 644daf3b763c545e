//! The real program, killed between the commit and the delivery.

use khue::storage::Engine;

use super::listening;
use crate::kit::{Browser, Installation, Mood, Node, Receiver, RelyingParty, claims};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_system_heard_it_is_told_after_the_next_start() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::sandbox(engine).await;
        // Whoever calls gets no answer: the delivery is under way or not begun when the program dies.
        let receiver = Receiver::start(Mood::Silent).await;
        let (registration, secret) = installation.register(listening("dichvucong", &receiver)).await;
        let node = installation.start().await;
        let mut browser = node.browser();
        let system = RelyingParty::at(node.wire(), registration, secret);
        super::begin(&mut browser, &system).await;
        signed_out(&mut browser).await;
        node.kill().await;
        let left = installation.open().await.provider.waiting_logouts(10).await.unwrap();
        assert_eq!(left.len(), 1, "committed with the end of the session");
        let listed = installation.khue(&["logout", "list"]);
        assert!(String::from_utf8_lossy(&listed.stdout).contains("dichvucong"), "{listed:?}");

        let before = receiver.heard().len();
        receiver.turns(Mood::Answers(200));
        let node: Node = installation.start().await;
        let tokens = receiver.hears(before + 1).await;
        let jtis: std::collections::BTreeSet<String> =
            tokens.iter().map(|token| claims(token)["jti"].to_string()).collect();
        assert_eq!(jtis.len(), 1, "however often it was told");
        assert_eq!(node.stop().await.0.code(), Some(0));
    }
}

async fn signed_out(browser: &mut Browser) {
    let page = browser.open("/logout").await;
    let done = browser.submit(&page, "/logout/confirm", &[]).await;
    assert_eq!(done.status, 200, "{}", done.text());
}
