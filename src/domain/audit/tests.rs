//! The bytes that are proved, pinned: a change of them would break every proof ever handed out.

use super::*;
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::base::{RequestId, SeededEntropy, Timestamp};
use crate::protocol::client_id::ClientId;

fn client() -> ClientId {
    ClientId::parse("cong-dich-vu-cong").unwrap()
}

fn origin(entropy: &SeededEntropy) -> Origin {
    let place = Place::new("192.0.2.77".parse().unwrap(), 40_123, Some("Mozilla/5.0 (Lan's phone)"));
    Origin { place, request: RequestId::generate(Timestamp::from_seconds(1_795_456_800), entropy) }
}

fn entry() -> AuditEntry {
    let entropy = SeededEntropy::new(5);
    let now = Timestamp::from_seconds(1_795_456_800);
    let account = AccountId::generate(now, &entropy);
    let family = FamilyId::generate(now, &entropy);
    let event = Event::RefreshReused { account, client: client(), family };
    let event = AuditEvent::new(now, &entropy, Actor::Client(client()), event).from_origin(&origin(&entropy));
    AuditEntry::new(&event, Some(vec![1, 2, 3]))
}

#[test]
fn the_bytes_of_schema_version_1_never_change() {
    // How a request's number is drawn may change.
    let entry = AuditEntry { request: Some("dc27-y832-zfj8-3hq3".to_owned()), ..entry() };
    let leaf = data_encoding::HEXLOWER.encode(&entry.to_leaf());
    let expected = "6b6875652d617564697401010000001001a209909500700086c395ed52b0b56f0200000008000660f55cc6080003000\
         000080000000000000001040000000e726566726573682e726575736564050000000772656675736564060000000663\
         6c69656e740700000011636f6e672d646963682d76752d636f6e67080000001001a20990950070009c65d9cc22ae3e6\
         f0900000011636f6e672d646963682d76752d636f6e670b0000001001a2099095007000bc2cc0b4b650df470c000000\
         13646332372d793833322d7a666a382d336871330e000000027b7d0f00000003010203";
    assert_eq!(leaf, expected);
}

#[test]
fn an_entry_comes_back_from_its_bytes_and_from_its_export() {
    let full = AuditEntry {
        session: Some(SessionId::generate(Timestamp::from_seconds(1), &SeededEntropy::new(1))),
        reason: Some("why".into()),
        once_key: Some(vec![9; 32]),
        ..entry()
    };
    let bare =
        AuditEntry { subject: None, client: None, family: None, request: None, sealed: None, ..entry() };
    for entry in [entry(), full, bare] {
        assert_eq!(AuditEntry::from_leaf(&entry.to_leaf()), Ok(entry.clone()));
        let exported = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<AuditEntry>(&exported).unwrap(), entry);
    }
}

#[test]
fn bytes_that_are_not_exactly_an_entry_are_refused() {
    let leaf = entry().to_leaf();
    for cut in 0..leaf.len() {
        assert_ne!(AuditEntry::from_leaf(&leaf[..cut]), Ok(entry()), "{cut}");
    }
    assert_eq!(AuditEntry::from_leaf(&[&leaf[..], &[0]].concat()), Err(LeafError));
    assert_eq!(AuditEntry::from_leaf(&[&leaf[..], &leaf[11..]].concat()), Err(LeafError));
}

#[test]
fn entries_that_differ_in_one_column_have_different_bytes() {
    let base = entry();
    let others = [
        AuditEntry { at: Timestamp::from_micros(base.at.micros() + 1), ..base.clone() },
        AuditEntry { schema_version: 2, ..base.clone() },
        AuditEntry { kind: "logout".into(), ..base.clone() },
        AuditEntry { outcome: "done".into(), ..base.clone() },
        AuditEntry { actor: RecordedActor { kind: "client".into(), id: None }, ..base.clone() },
        AuditEntry { subject: None, ..base.clone() },
        AuditEntry { client: Some(String::new()), ..base.clone() },
        AuditEntry { client: None, reason: base.client.clone(), ..base.clone() },
        AuditEntry { request: None, ..base.clone() },
        AuditEntry { request: None, reason: base.request.clone(), ..base.clone() },
        AuditEntry { facts: "{ }".into(), ..base.clone() },
        AuditEntry { sealed: Some(Vec::new()), ..base.clone() },
        AuditEntry { sealed: None, ..base.clone() },
        AuditEntry { sealed: None, once_key: base.sealed.clone(), ..base.clone() },
    ];
    let mut leaves: Vec<_> = others.iter().chain([&base]).map(AuditEntry::to_leaf).collect();
    leaves.sort();
    leaves.dedup();
    assert_eq!(leaves.len(), others.len() + 1);
}

#[test]
fn every_kind_has_its_own_name() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
    }
    assert_eq!(EventKind::parse("account.invented"), None);
}

#[test]
fn nothing_personal_stands_outside_the_sealed_part() {
    let entropy = SeededEntropy::new(5);
    let now = Timestamp::from_seconds(1_795_456_800);
    let account = AccountId::generate(now, &entropy);
    let event = Event::SignInFailed { account: Some(account), client: None, why: SignInFailure::NotProved };
    let origin = origin(&entropy);
    let event = AuditEvent::new(now, &entropy, Actor::Anonymous, event).from_origin(&origin);
    let event = event.labelled("Lan".into());
    assert_eq!(event.subject(), Some(account));
    let shown = format!("{event:?} {}", serde_json::to_string(&AuditEntry::new(&event, None)).unwrap());
    assert!(shown.contains(origin.request.as_str()), "{shown}");
    for personal in ["192.0.2.77", "40123", "Mozilla", "Lan"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

#[test]
fn the_documentation_names_every_kind_and_reason() {
    let page = include_str!("../../../docs/audit.md");
    let kinds = EventKind::ALL.iter().map(|kind| format!("| `{}` |", kind.as_str()));
    let reasons = SignInFailure::ALL.iter().map(|reason| format!("`{}`", reason.as_str()));
    let refusals = GrantRefusal::ALL.iter().map(|reason| format!("`{}`", reason.as_str()));
    let requests = AuthorizationRefusal::ALL.iter().map(|reason| format!("`{}`", reason.as_str()));
    for name in kinds.chain(reasons).chain(refusals).chain(requests) {
        assert!(page.contains(&name), "{name}");
    }
}
