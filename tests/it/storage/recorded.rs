//! Entries of the audit log that share a commit: nothing that one of them says is the undoing of the others.

use std::time::Duration;

use khue::base::ids::AuditEventId;
use khue::base::{SystemEntropy, Timestamp};
use khue::domain::audit::{AuditEntry, RecordedActor, SCHEMA_VERSION, SealedEvent};
use khue::storage::{Engine, StorageError};

use super::engines;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn entry(text: &str, once: Option<&[u8]>) -> SealedEvent {
    let some = || Some(text.to_owned());
    let entry = AuditEntry {
        id: AuditEventId::generate(NOW, &SystemEntropy::new()),
        at: NOW,
        schema_version: SCHEMA_VERSION,
        kind: "tokens.issued".to_owned(),
        outcome: "done".to_owned(),
        actor: RecordedActor { kind: "client".to_owned(), id: some() },
        subject: None,
        client: some(),
        session: None,
        family: None,
        request: some(),
        reason: some(),
        facts: text.to_owned(),
        sealed: Some(text.as_bytes().to_vec()),
        once_key: once.map(<[u8]>::to_vec),
    };
    SealedEvent { entry, leaf_hash: [7; 32] }
}

/// What somebody could try to have written down.
fn said(number: usize) -> String {
    let texts = ["", "'); DROP TABLE audit_entry; --", "\u{1}\u{7f}\u{feff}\u{202e}", "$1 ? :a @b", "\0"];
    match number % 6 {
        5 => "ă".repeat(200_000),
        number => texts[number].to_owned(),
    }
}

#[tokio::test]
async fn whatever_an_entry_says_and_however_often_its_neighbours_are_committed() {
    for fresh in [engines::sqlite().await, engines::postgres().await] {
        let writers = (0..60_usize).map(|number| {
            let db = fresh.db.clone();
            tokio::spawn(async move {
                db.write(async |tx| {
                    tx.record(&entry(&said(number), None));
                    tx.take_lease(&format!("job {number}"), b"first", NOW, Duration::from_secs(5)).await?;
                    tx.record(&entry("once", Some(b"the same for all")));
                    Ok::<_, StorageError>(())
                })
                .await
            })
        });
        let mut kept = 0;
        for (number, writer) in writers.collect::<Vec<_>>().into_iter().enumerate() {
            // What PostgreSQL has no place for fails by itself there.
            let is_strange = said(number).contains('\0') || said(number).len() > 2_000;
            let is_taken = fresh.db.engine() == Engine::Sqlite || !is_strange;
            assert_eq!(writer.await.unwrap().is_ok(), is_taken, "{number}");
            kept += usize::from(is_taken);
            let lease = format!("job {number}");
            let is_free = fresh
                .db
                .write(async |tx| tx.take_lease(&lease, b"later", NOW, Duration::from_secs(5)).await)
                .await
                .unwrap();
            assert_eq!(is_free, !is_taken, "both or neither");
        }
        let count = entries(&fresh).await;
        assert_eq!(count, kept + 1, "one of those that are recorded once");
    }
}

// On one thread: whoever kept it while waiting would wait in vain.
#[tokio::test]
async fn an_event_by_itself_waits_for_another_process_and_keeps_nobody_from_working() {
    use sqlx::Connection;
    let fresh = engines::sqlite().await;
    let mut other = sqlx::SqliteConnection::connect(&fresh.url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let db = fresh.db.clone();
    let recorded = tokio::spawn(async move { db.record(&entry("late", None)).await });
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(fresh.db.read().await.unwrap().cache_versions().await.is_ok());
    }
    assert!(!recorded.is_finished());
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    recorded.await.unwrap().unwrap();
    assert_eq!(entries(&fresh).await, 1);
}

async fn entries(fresh: &engines::FreshDb) -> usize {
    use sqlx::Connection;
    let count = "SELECT COUNT(*) FROM audit_entry";
    let (count,): (i64,) = match fresh.db.engine() {
        Engine::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(&fresh.url).await.unwrap();
            sqlx::query_as(count).fetch_one(&mut connection).await.unwrap()
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(&fresh.url).await.unwrap();
            sqlx::query_as(count).fetch_one(&mut connection).await.unwrap()
        }
    };
    usize::try_from(count).unwrap()
}
