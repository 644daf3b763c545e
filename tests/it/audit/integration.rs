//! Entries get their places once, in order, whoever else is at it.

use std::time::Duration;

use khue::base::Clock;
use khue::domain::audit::{Actor, AuditEvent, Event};
use khue::services::audit::verify::{Report, verify_live};
use khue::services::audit::{AuditError, Integrated};
use khue::storage::{StorageError, StoredCheckpoint};

use super::kept_log::{both, sealed};

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_is_recorded_is_integrated_in_order_and_verifies() {
    for kept in both().await {
        assert_eq!(kept.log.integrate().await.unwrap(), Integrated::Nothing);
        let ids = kept.record(1_300).await;
        assert_eq!(kept.log.integrate().await.unwrap(), Integrated::UpTo { size: 1_300, more: false });
        assert_eq!(kept.log.integrate().await.unwrap(), Integrated::Nothing);
        kept.integrate(1).await;

        let mut tx = kept.fresh.db.read().await.unwrap();
        let stored = tx.audit_entries_between(0, 1_301).await.unwrap();
        assert_eq!(stored.iter().map(|entry| entry.entry.id).take(1_300).collect::<Vec<_>>(), ids);
        let report = verify_live(&kept.fresh.db, kept.log.verifier(), &[]).await.unwrap();
        assert_eq!(report, Report { size: 1_301, checkpoints: 12, pending: 0, findings: vec![] });
    }
}

#[tokio::test]
async fn entries_that_wait_are_counted_and_are_no_finding() {
    for kept in both().await {
        kept.integrate(3).await;
        kept.record(2).await;
        let report = verify_live(&kept.fresh.db, kept.log.verifier(), &[]).await.unwrap();
        assert_eq!((report.size, report.pending, report.is_clean()), (3, 2, true));
    }
}

#[tokio::test]
async fn an_entry_that_commits_late_gets_a_later_place() {
    for kept in both().await {
        let late = kept.event(None);
        kept.integrate(5).await;
        kept.fresh.db.record(&late).await.unwrap();
        kept.log.integrate().await.unwrap();
        let stored = kept.fresh.db.read().await.unwrap().audit_entry(late.entry.id).await.unwrap().unwrap();
        assert_eq!((stored.entry, stored.leaf_index), (late.entry, Some(5)));
        assert_eq!(kept.findings().await, []);
    }
}

#[tokio::test]
async fn of_sixteen_records_with_one_key_one_is_kept() {
    for kept in both().await {
        let tries = (0..16).map(|_| {
            let event = Event::InstanceInitialised { version: "0" };
            let event = AuditEvent::new(kept.clock.now(), &*kept.entropy, Actor::Operator, event);
            let (db, event) = (kept.fresh.db.clone(), sealed(&event.once(vec![7; 32])));
            tokio::spawn(async move { db.record(&event).await })
        });
        for one in tries.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }
        assert_eq!(kept.log.integrate().await.unwrap(), Integrated::UpTo { size: 1, more: false });
    }
}

#[tokio::test]
async fn of_many_writers_at_once_those_that_go_well_leave_their_entries_and_no_others() {
    for kept in both().await {
        let events: Vec<_> = (0..48).map(|_| kept.event(None)).collect();
        let writers = events.iter().cloned().enumerate().map(|(number, event)| {
            let db = kept.fresh.db.clone();
            tokio::spawn(async move {
                let wrote = db.write(async |tx| {
                    tx.record(&event);
                    match number % 3 {
                        0 => Err(StorageError::UnknownEngine),
                        1 => tx
                            .take_lease(&number.to_string(), b"writer", event.entry.at, LONG)
                            .await
                            .map(drop),
                        _ => Ok(()),
                    }
                });
                assert_eq!(wrote.await.is_ok(), number % 3 != 0);
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        for (number, event) in events.iter().enumerate() {
            let found = kept.fresh.db.read().await.unwrap().audit_entry(event.entry.id).await.unwrap();
            assert_eq!(found.map(|found| found.entry), (number % 3 != 0).then(|| event.entry.clone()));
        }
    }
}

#[tokio::test]
async fn nodes_that_integrate_together_never_fork_the_log() {
    for kept in both().await {
        let kept = std::sync::Arc::new(kept);
        let writers = (0..4).map(|_| {
            let kept = kept.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    kept.record(3).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let nodes = (0..4).map(|_| {
            let kept = kept.clone();
            tokio::spawn(async move {
                let node = kept.another_node();
                let mut outcomes = Vec::new();
                for _ in 0..25 {
                    // Every lease has always run out: each node believes that it is alone.
                    kept.clock.advance(Duration::from_secs(60));
                    outcomes.push(node.integrate_batch().await);
                }
                outcomes
            })
        });
        for node in nodes.collect::<Vec<_>>() {
            for outcome in node.await.unwrap() {
                let fine = matches!(outcome, Ok(_) | Err(AuditError::Storage(StorageError::Unavailable(_))));
                assert!(fine, "{outcome:?}");
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        kept.clock.advance(Duration::from_secs(60));
        kept.log.integrate().await.unwrap();
        let report = verify_live(&kept.fresh.db, kept.log.verifier(), &[]).await.unwrap();
        assert_eq!((report.size, report.pending, report.findings), (300, 0, vec![]));
    }
}

#[tokio::test]
async fn a_second_node_waits_for_the_lease_to_run_out() {
    for kept in both().await {
        kept.integrate(1).await;
        kept.record(1).await;
        let other = kept.another_node();
        assert_eq!(other.integrate().await.unwrap(), Integrated::Elsewhere);
        kept.clock.advance(Duration::from_secs(6));
        assert_eq!(other.integrate().await.unwrap(), Integrated::UpTo { size: 2, more: false });
    }
}

#[tokio::test]
async fn no_checkpoint_is_extended_twice() {
    for kept in both().await {
        kept.integrate(3).await;
        let fork = StoredCheckpoint { size: 9, previous: 0, root: vec![], note: String::new(), at: 0 };
        let forked = kept.fresh.db.write(async |tx| tx.insert_audit_checkpoint(&fork).await).await;
        assert!(forked.is_err());
    }
}

#[tokio::test]
async fn a_log_whose_head_was_forged_is_not_extended() {
    for kept in both().await {
        kept.integrate(3).await;
        kept.tamper("UPDATE audit_checkpoint SET note = REPLACE(note, 'id.example', 'id.exampel')").await;
        kept.record(1).await;
        assert!(matches!(kept.log.integrate().await, Err(AuditError::Checkpoint(_))));
    }
}
