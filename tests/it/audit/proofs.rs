//! What the log gives out proves what it says, to whoever has the public key.

use khue::base::ids::AccountId;
use khue::base::{Clock, Timestamp};
use khue::crypto::transparency::{Checkpoint, NodeHash, verify_consistency};
use khue::services::audit::{
    Consistency, EntryProof, Inclusion, PersonProof, PersonProofError, PublishedTile,
};

use super::kept_log::{KeptLog, both};

async fn head(kept: &KeptLog) -> Checkpoint {
    let note = kept.log.checkpoint().await.unwrap().unwrap();
    Checkpoint::open(&note, kept.log.verifier()).unwrap()
}

#[tokio::test]
async fn a_person_checks_her_entry_with_the_file_and_the_key_alone() {
    for kept in both().await {
        let account = AccountId::generate(kept.clock.now(), &*kept.entropy);
        let event = kept.event(Some(account));
        kept.integrate(300).await;
        kept.fresh.db.record(&event).await.unwrap();
        let id = event.entry.id;
        assert!(matches!(kept.log.entry_proof(account, id).await.unwrap(), EntryProof::Waiting));
        kept.integrate(300).await;

        let EntryProof::Proof(proof) = kept.log.entry_proof(account, id).await.unwrap() else { panic!() };
        let file = PersonProof::parse(&proof.to_json()).unwrap();
        assert_eq!(file.entry, event.entry);
        assert_eq!(file.verify(kept.log.verifier()).unwrap().size, 601);

        let mut forged = file.clone();
        forged.entry.at = Timestamp::from_micros(forged.entry.at.micros() + 1);
        assert!(matches!(forged.verify(kept.log.verifier()), Err(PersonProofError::Proof(_))));
        let other = khue::crypto::transparency::NoteSigner::from_seed("id.example/audit", &[1; 32]).unwrap();
        assert!(matches!(file.verify(other.verifier()), Err(PersonProofError::Proof(_))));
        assert_eq!(PersonProof::parse("{}"), Err(PersonProofError::Form));
    }
}

#[tokio::test]
async fn nobody_gets_the_proof_of_another_persons_entry() {
    for kept in both().await {
        let account = AccountId::generate(kept.clock.now(), &*kept.entropy);
        let other = AccountId::generate(kept.clock.now(), &*kept.entropy);
        let event = kept.event(Some(account));
        kept.fresh.db.record(&event).await.unwrap();
        let nobodys = kept.integrate(1).await;
        for (who, id) in [(other, event.entry.id), (account, nobodys[0])] {
            assert!(matches!(kept.log.entry_proof(who, id).await.unwrap(), EntryProof::Unknown));
        }
    }
}

#[tokio::test]
async fn the_log_proves_that_it_only_grew() {
    for kept in both().await {
        kept.integrate(100).await;
        let old = head(&kept).await;
        kept.integrate(500).await;
        let new = head(&kept).await;
        let Consistency::Proof(proof) = kept.log.consistency(old.size, new.size).await.unwrap() else {
            panic!()
        };
        assert_eq!(verify_consistency((old.size, old.root), (new.size, new.root), &proof), Ok(()));
        for (old, new) in [(601, 601), (1, 601), (5, 4)] {
            let outcome = kept.log.consistency(old, new).await.unwrap();
            assert_eq!(outcome, Consistency::OutOfRange { size: 600 });
        }
        assert_eq!(kept.log.inclusion(600, 600).await.unwrap(), Inclusion::OutOfRange { size: 600 });
        assert!(matches!(kept.log.inclusion(99, 100).await.unwrap(), Inclusion::Proof(_)));
    }
}

#[tokio::test]
async fn tiles_are_served_as_wide_as_asked_and_no_wider_than_signed() {
    for kept in both().await {
        kept.integrate(300).await;
        let full = kept.log.tile("0/000").await.unwrap();
        let PublishedTile::Hashes(full) = full else { panic!() };
        assert_eq!(full.len(), 256 * 32);
        let mut leaves = NodeHash::many(&full).unwrap();
        let PublishedTile::Hashes(rest) = kept.log.tile("0/001.p/44").await.unwrap() else { panic!() };
        leaves.extend(NodeHash::many(&rest).unwrap());
        let mut tree = khue::crypto::transparency::Accumulator::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        assert_eq!(tree.root(), head(&kept).await.root);
        for path in ["0/001", "0/001.p/45", "0/002.p/1", "1/000.p/2", "2/000.p/1", "nonsense", "0/1"] {
            assert_eq!(kept.log.tile(path).await.unwrap(), PublishedTile::Absent, "{path}");
        }
        assert!(matches!(kept.log.tile("1/000.p/1").await.unwrap(), PublishedTile::Hashes(_)));
        assert!(matches!(kept.log.tile("0/001.p/3").await.unwrap(), PublishedTile::Hashes(_)));
    }
}

#[tokio::test]
async fn an_empty_log_has_no_checkpoint_yet() {
    for kept in both().await {
        assert_eq!(kept.log.checkpoint().await.unwrap(), None);
        assert_eq!(kept.log.tile("0/000.p/1").await.unwrap(), PublishedTile::Absent);
    }
}
