//! A log with a few entries, on a fresh database.

use std::sync::Arc;
use std::time::Duration;

use khue::base::ids::{AccountId, AuditEventId};
use khue::base::{Clock, MovableClock, SeededEntropy, Timestamp};
use khue::crypto::transparency::leaf_hash;
use khue::crypto::{Keyring, MasterKeyKind, MasterKeys};
use khue::domain::audit::{Actor, AuditEntry, AuditEvent, Event, SealedEvent, SignInFailure};
use khue::services::audit::verify::{Finding, verify_live};
use khue::services::audit::{AuditLog, Integrated};
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::storage::engines::{self, FreshDb};

const ORIGIN: &str = "id.example/audit";

pub struct KeptLog {
    pub fresh: FreshDb,
    pub log: AuditLog,
    pub keyring: Keyring,
    pub clock: MovableClock,
    pub entropy: Arc<SeededEntropy>,
}

/// An empty log on each engine.
pub async fn both() -> [KeptLog; 2] {
    [KeptLog::on(engines::sqlite().await), KeptLog::on(engines::postgres().await)]
}

impl KeptLog {
    fn on(fresh: FreshDb) -> Self {
        let entropy = Arc::new(SeededEntropy::new(11));
        let clock = MovableClock::at(Timestamp::from_seconds(1_795_456_800));
        let master = MasterKeys::generate(MasterKeyKind::Production, &*entropy);
        let keyring = Keyring::open(&master, &Keyring::create(&master, &*entropy)).unwrap();
        let log =
            AuditLog::new(fresh.db.clone(), &keyring, ORIGIN, Arc::new(clock.clone()), &*entropy).unwrap();
        Self { fresh, log, keyring, clock, entropy }
    }

    /// The same log, kept by another node.
    pub fn another_node(&self) -> AuditLog {
        AuditLog::new(
            self.fresh.db.clone(),
            &self.keyring,
            ORIGIN,
            Arc::new(self.clock.clone()),
            &*self.entropy,
        )
        .unwrap()
    }

    /// A refused sign-in, ready to be recorded.
    pub fn event(&self, account: Option<AccountId>) -> SealedEvent {
        self.clock.advance(Duration::from_millis(1));
        let event = Event::SignInFailed { account, client: None, why: SignInFailure::NotProved };
        sealed(&AuditEvent::new(self.clock.now(), &*self.entropy, Actor::Anonymous, event))
    }

    /// Records `count` events and returns their ids.
    pub async fn record(&self, count: usize) -> Vec<AuditEventId> {
        let events: Vec<_> = (0..count).map(|_| self.event(None)).collect();
        self.fresh
            .db
            .write(async |tx| {
                for event in &events {
                    tx.record(event);
                }
                Ok::<_, khue::storage::StorageError>(())
            })
            .await
            .unwrap();
        events.iter().map(|event| event.entry.id).collect()
    }

    /// Records `count` events and integrates them.
    pub async fn integrate(&self, count: usize) -> Vec<AuditEventId> {
        let ids = self.record(count).await;
        assert!(matches!(self.log.integrate().await.unwrap(), Integrated::UpTo { .. }));
        ids
    }

    /// What verification finds.
    pub async fn findings(&self) -> Vec<Finding> {
        verify_live(&self.fresh.db, self.log.verifier(), &[]).await.unwrap().findings
    }

    /// What somebody with the password of the database does.
    pub async fn tamper(&self, sql: &str) {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        if self.fresh.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.fresh.url).await.unwrap();
            sql.execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.fresh.url).await.unwrap();
            sql.execute(&mut connection).await.unwrap();
        }
    }

    /// Bytes as a literal of this engine.
    pub fn bytes(&self, hex: &str) -> String {
        if self.fresh.url.starts_with("sqlite:") { format!("X'{hex}'") } else { format!("'\\x{hex}'") }
    }

    /// An id as a literal of this engine.
    pub fn id(&self, id: AuditEventId) -> String {
        if self.fresh.url.starts_with("sqlite:") {
            format!("X'{}'", id.uuid().simple())
        } else {
            format!("'{id}'")
        }
    }
}

pub fn sealed(event: &AuditEvent) -> SealedEvent {
    let entry = AuditEntry::new(event, None);
    SealedEvent { leaf_hash: leaf_hash(&entry.to_leaf()).bytes(), entry }
}
