//! Writes that share a commit keep their own fate.

use std::time::Duration;

use khue::base::Timestamp;
use khue::storage::StorageError;

use super::engines;

#[tokio::test]
async fn of_sixteen_takers_of_a_lease_one_wins() {
    one_of_sixteen_wins(engines::sqlite().await).await;
    one_of_sixteen_wins(engines::postgres().await).await;
}

async fn one_of_sixteen_wins(fresh: engines::FreshDb) {
    let now = Timestamp::from_seconds(1_000);
    let takers = (0..16u8).map(|taker| {
        let db = fresh.db.clone();
        tokio::spawn(async move {
            db.write(async |tx| tx.take_lease("job", &[taker], now, Duration::from_secs(5)).await).await
        })
    });
    let mut winners = 0;
    for taker in takers.collect::<Vec<_>>() {
        winners += usize::from(taker.await.unwrap().unwrap());
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_writer_that_is_dropped_halfway_leaves_nothing_and_blocks_nobody() {
    a_dropped_writer_leaves_nothing(engines::sqlite().await).await;
    a_dropped_writer_leaves_nothing(engines::postgres().await).await;
}

async fn a_dropped_writer_leaves_nothing(fresh: engines::FreshDb) {
    let now = Timestamp::from_seconds(1_000);
    let dropped = fresh.db.write(async |tx| -> Result<(), StorageError> {
        tx.take_lease("job", b"dropped", now, Duration::from_secs(5)).await?;
        std::future::pending().await
    });
    let timeout = tokio::time::timeout(Duration::from_millis(50), dropped).await;
    assert!(timeout.is_err());
    let taken =
        fresh.db.write(async |tx| tx.take_lease("job", b"next", now, Duration::from_secs(5)).await).await;
    assert!(taken.unwrap());
}

#[tokio::test]
async fn of_many_writers_at_once_those_that_fail_leave_nothing_and_those_that_do_not_are_kept() {
    each_keeps_its_own_fate(engines::sqlite().await).await;
    each_keeps_its_own_fate(engines::postgres().await).await;
}

async fn each_keeps_its_own_fate(fresh: engines::FreshDb) {
    let (now, span) = (Timestamp::from_seconds(1_000), Duration::from_secs(5));
    let writers = (0..48_u8).map(|number| {
        let db = fresh.db.clone();
        tokio::spawn(async move {
            let wrote = db.write(async |tx| {
                tx.take_lease(&format!("first {number}"), b"writer", now, span).await?;
                tx.take_lease(&format!("second {number}"), b"writer", now, span).await?;
                match number % 3 {
                    0 => Err(StorageError::UnknownEngine),
                    _ => Ok(()),
                }
            });
            (number, wrote.await.is_ok())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        let (number, kept) = writer.await.unwrap();
        assert_eq!(kept, number % 3 != 0);
        for name in [format!("first {number}"), format!("second {number}")] {
            let free =
                fresh.db.write(async |tx| tx.take_lease(&name, b"later", now, span).await).await.unwrap();
            assert_eq!(free, !kept, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_writer_is_dropped_it_leaves_both_or_neither_and_its_neighbours_are_kept() {
    dropped_anywhere(engines::sqlite().await).await;
    dropped_anywhere(engines::postgres().await).await;
}

async fn dropped_anywhere(fresh: engines::FreshDb) {
    let (now, span) = (Timestamp::from_seconds(1_000), Duration::from_secs(5));
    let take_both = |number: u32, who: &'static str| {
        let db = fresh.db.clone();
        async move {
            db.write(async |tx| -> Result<(), StorageError> {
                tx.take_lease(&format!("{who} first {number}"), b"writer", now, span).await?;
                // SQLite does not wait by itself: this is where she can be dropped halfway.
                tokio::task::yield_now().await;
                tx.take_lease(&format!("{who} second {number}"), b"writer", now, span).await?;
                Ok(())
            })
            .await
        }
    };
    let free = async |name: String| {
        fresh.db.write(async |tx| tx.take_lease(&name, b"later", now, span).await).await.unwrap()
    };
    for number in 0..150_u32 {
        let neighbours =
            [tokio::spawn(take_both(number, "before")), tokio::spawn(take_both(number, "after"))];
        tokio::select! {
            biased;
            wrote = take_both(number, "dropped") => wrote.unwrap(),
            () = async { for _ in 0..number * 3 { tokio::task::yield_now().await } } => {}
        }
        for neighbour in neighbours {
            neighbour.await.unwrap().unwrap();
        }
        for kept in ["before", "after"] {
            assert!(
                !free(format!("{kept} first {number}")).await
                    && !free(format!("{kept} second {number}")).await
            );
        }
        let first = free(format!("dropped first {number}")).await;
        assert_eq!(first, free(format!("dropped second {number}")).await, "{number}");
    }
}

// On one thread: whoever kept it while waiting would wait in vain.
#[tokio::test]
async fn a_writer_waits_for_another_process_and_keeps_nobody_from_working() {
    use sqlx::Connection;
    let fresh = engines::sqlite().await;
    let mut other = sqlx::SqliteConnection::connect(&fresh.url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let db = fresh.db.clone();
    let writer = tokio::spawn(async move {
        let (now, span) = (Timestamp::from_seconds(1_000), Duration::from_secs(5));
        db.write(async |tx| tx.take_lease("job", b"writer", now, span).await).await
    });
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(fresh.db.read().await.unwrap().cache_versions().await.is_ok());
    }
    assert!(!writer.is_finished());
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    assert!(writer.await.unwrap().unwrap());
}
