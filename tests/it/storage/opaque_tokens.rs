//! Opaque tokens: whoever is given one waits for nobody else, and what has run out goes.

use std::time::Duration;

use khue::base::Timestamp;
use khue::storage::{StorageError, StoredOpaqueToken};
use tokio::sync::oneshot;

use super::engines;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn token(number: u8, expires_at: Timestamp) -> StoredOpaqueToken {
    StoredOpaqueToken { digest: [number; 32], sealed: number.to_string(), expires_at }
}

async fn insert(fresh: &engines::FreshDb, token: StoredOpaqueToken) {
    fresh.db.write(async |tx| tx.insert_opaque_token(&token).await).await.unwrap();
}

/// On SQLite writers queue anyway, and share what they wait for.
#[tokio::test]
async fn who_is_given_a_token_does_not_wait_for_whoever_else_is() {
    let fresh = engines::postgres().await;
    insert(&fresh, token(1, NOW)).await;
    let (begun, has_begun) = oneshot::channel();
    let (end, may_end) = oneshot::channel::<()>();
    let db = fresh.db.clone();
    let first = tokio::spawn(async move {
        db.write(async |tx| {
            tx.insert_opaque_token(&token(2, NOW + Duration::from_secs(300))).await?;
            begun.send(()).unwrap();
            may_end.await.unwrap();
            Ok::<_, StorageError>(())
        })
        .await
    });
    has_begun.await.unwrap();
    let second = insert(&fresh, token(3, NOW + Duration::from_secs(300)));
    tokio::time::timeout(Duration::from_secs(5), second).await.expect("it is done while the other is not");
    end.send(()).unwrap();
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_oldest_are_forgotten_first_and_the_living_never() {
    for fresh in [engines::sqlite().await, engines::postgres().await] {
        for (number, second) in [(1, 998), (2, 999), (3, 1_000), (4, 1_001)] {
            insert(&fresh, token(number, Timestamp::from_seconds(second))).await;
        }
        for (most, left) in [(2, &[3, 4][..]), (2, &[4]), (2, &[4])] {
            fresh.db.write(async |tx| tx.forget_opaque_tokens(NOW, most).await).await.unwrap();
            let mut found = Vec::new();
            for number in 1..=4 {
                let row = fresh.db.read().await.unwrap().opaque_token(&[number; 32]).await.unwrap();
                found.extend(row.map(|_| number));
            }
            assert_eq!(found, left);
            let is_left = fresh.db.read().await.unwrap().have_opaque_tokens_run_out(NOW).await.unwrap();
            assert_eq!(is_left, left.contains(&3));
        }
    }
}
