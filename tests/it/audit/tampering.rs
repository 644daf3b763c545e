//! Whoever can write to the database can change it, but not unseen.

use khue::crypto::transparency::TileId;
use khue::services::audit::verify::{Finding, verify_live};

use super::kept_log::both;

#[tokio::test]
async fn a_byte_changed_in_any_column_is_found_and_named() {
    for kept in both().await {
        let ids = kept.integrate(20).await;
        let columns = [
            ("at", "at + 1".to_owned()),
            ("schema_version", "2".to_owned()),
            ("kind", "'logout'".to_owned()),
            ("outcome", "'done'".to_owned()),
            ("actor_kind", "'operator'".to_owned()),
            ("actor_id", "'x'".to_owned()),
            ("subject", kept.id(ids[0])),
            ("client", "'x'".to_owned()),
            ("session", kept.id(ids[0])),
            ("family", kept.id(ids[0])),
            ("request", "'x'".to_owned()),
            ("reason", "'not_provee'".to_owned()),
            ("facts", "'{ }'".to_owned()),
            ("sealed", kept.bytes("00")),
            ("once_key", kept.bytes("00")),
        ];
        for (place, (column, value)) in columns.iter().enumerate() {
            kept.tamper(&format!("UPDATE audit_entry SET {column} = {value} WHERE leaf_index = {place}"))
                .await;
        }
        let changed = |(place, id): (usize, _)| Finding::EntryChanged { index: place as u64, id };
        let expected: Vec<_> = ids.into_iter().enumerate().take(columns.len()).map(changed).collect();
        assert_eq!(kept.findings().await, expected);
    }
}

#[tokio::test]
async fn a_row_removed_is_found_and_named() {
    for kept in both().await {
        kept.integrate(20).await;
        kept.tamper("DELETE FROM audit_entry WHERE leaf_index = 7").await;
        assert_eq!(kept.findings().await, [Finding::EntriesMissing { first: 7, last: 7 }]);
    }
}

#[tokio::test]
async fn two_rows_swapped_are_found_and_named() {
    for kept in both().await {
        let ids = kept.integrate(20).await;
        kept.tamper(
            "UPDATE audit_entry SET leaf_index = 100 WHERE leaf_index = 3; \
             UPDATE audit_entry SET leaf_index = 3 WHERE leaf_index = 11; \
             UPDATE audit_entry SET leaf_index = 11 WHERE leaf_index = 100",
        )
        .await;
        assert_eq!(
            kept.findings().await,
            [Finding::EntriesSwapped { first: 3, first_id: ids[11], second: 11, second_id: ids[3] }]
        );
    }
}

#[tokio::test]
async fn a_row_added_is_found_and_named() {
    for kept in both().await {
        kept.integrate(20).await;
        let added = kept.record(2).await;
        for (id, place) in added.iter().zip([20, -3]) {
            let row = kept.id(*id);
            kept.tamper(&format!("UPDATE audit_entry SET leaf_index = {place} WHERE id = {row}")).await;
        }
        assert_eq!(
            kept.findings().await,
            [
                Finding::EntryAdded { index: -3, id: added[1] },
                Finding::EntryAdded { index: 20, id: added[0] }
            ]
        );
    }
}

#[tokio::test]
async fn the_hash_beside_an_entry_is_held_against_it() {
    for kept in both().await {
        let ids = kept.integrate(5).await;
        let waiting = kept.record(1).await;
        let zero = kept.bytes(&"00".repeat(32));
        kept.tamper(&format!(
            "UPDATE audit_entry SET leaf_hash = {zero} WHERE leaf_index = 2 OR leaf_index IS NULL"
        ))
        .await;
        assert_eq!(
            kept.findings().await,
            [
                Finding::StoredHashChanged { id: ids[2], index: Some(2) },
                Finding::StoredHashChanged { id: waiting[0], index: None },
            ]
        );
    }
}

#[tokio::test]
async fn a_tile_changed_is_found_and_named() {
    for kept in both().await {
        kept.integrate(300).await;
        let zero = kept.bytes(&"00".repeat(44 * 32));
        kept.tamper(&format!("UPDATE audit_tile SET hashes = {zero} WHERE level = 0 AND tile_index = 1"))
            .await;
        kept.tamper("DELETE FROM audit_tile WHERE level = 1").await;
        let damaged = |level, index| Finding::TileDamaged { tile: TileId { level, index } };
        assert_eq!(kept.findings().await, [damaged(0, 1), damaged(1, 0)]);
    }
}

#[tokio::test]
async fn an_entry_rewritten_with_its_tile_is_found_between_its_checkpoints() {
    for kept in both().await {
        kept.integrate(10).await;
        kept.integrate(10).await;
        kept.integrate(10).await;
        kept.tamper("UPDATE audit_entry SET facts = '{ }' WHERE leaf_index = 15").await;
        let mut tx = kept.fresh.db.read().await.unwrap();
        let entry = tx.audit_entries_between(15, 16).await.unwrap().remove(0).entry;
        let mut tile = tx.audit_tile(0, 0).await.unwrap().unwrap().hashes;
        let forged = khue::crypto::transparency::leaf_hash(&entry.to_leaf()).bytes();
        tile[15 * 32..16 * 32].copy_from_slice(&forged);
        let hashes = kept.bytes(&data_encoding::HEXLOWER.encode(&tile));
        let hash = kept.bytes(&data_encoding::HEXLOWER.encode(&forged));
        kept.tamper(&format!("UPDATE audit_tile SET hashes = {hashes} WHERE level = 0 AND tile_index = 0"))
            .await;
        kept.tamper(&format!("UPDATE audit_entry SET leaf_hash = {hash} WHERE leaf_index = 15")).await;
        assert_eq!(kept.findings().await, [Finding::HistoryForged { after: 10, up_to: 20 }]);
    }
}

#[tokio::test]
async fn checkpoints_changed_or_removed_are_found_and_named() {
    for kept in both().await {
        for _ in 0..4 {
            kept.integrate(10).await;
        }
        let root = kept.bytes(&"00".repeat(32));
        kept.tamper(&format!("UPDATE audit_checkpoint SET root = {root} WHERE size = 10")).await;
        kept.tamper("UPDATE audit_checkpoint SET note = REPLACE(note, '20', '21') WHERE size = 20").await;
        kept.tamper("DELETE FROM audit_checkpoint WHERE size = 30").await;
        let findings = kept.findings().await;
        assert!(
            matches!(
                findings.as_slice(),
                [
                    Finding::CheckpointChanged { size: 10 },
                    Finding::CheckpointForged { size: 20, .. },
                    Finding::CheckpointMissing { size: 40, previous: 30 },
                ]
            ),
            "{findings:?}"
        );
    }
}

#[tokio::test]
async fn a_log_set_back_is_found_by_whoever_kept_a_checkpoint() {
    for kept in both().await {
        kept.integrate(10).await;
        kept.integrate(10).await;
        let known = kept.log.checkpoint().await.unwrap().unwrap();
        kept.tamper("DELETE FROM audit_checkpoint WHERE size = 20").await;
        kept.tamper("DELETE FROM audit_entry WHERE leaf_index >= 10").await;
        assert_eq!(kept.findings().await, []);
        let report = verify_live(&kept.fresh.db, kept.log.verifier(), &[known]).await.unwrap();
        assert_eq!(report.findings, [Finding::LogTruncated { known: 20, size: 10 }]);
    }
}
