//! What was acknowledged: written down by those who received it, compared with what is there after the next start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use khue::base::encoding::from_base64url;
use khue::domain::audit::EventKind;
use sqlx::Connection;
use tokio::sync::watch;
use uuid::Uuid;

use super::load::Crowd;
use crate::kit::{Answer, claims};

/// The families, and how many answers were received.
#[derive(Clone)]
pub struct Ledger {
    families: Arc<Mutex<BTreeMap<Uuid, Family>>>,
    answers: watch::Sender<usize>,
}

/// What a system holds of one redemption.
#[derive(Default)]
struct Family {
    refreshes: usize,
    newest_token: String,
    of_last_round: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { families: Arc::default(), answers: watch::channel(0).0 }
    }
}

impl Ledger {
    /// How many answers of the token endpoint were received.
    pub fn acknowledged(&self) -> usize {
        *self.answers.borrow()
    }

    /// Waits until so many were.
    pub async fn reach(&self, goal: usize) {
        let mut answers = self.answers.subscribe();
        let reached = answers.wait_for(|received| *received >= goal);
        tokio::time::timeout(Duration::from_secs(120), reached).await.expect("answers").unwrap();
    }

    /// What was received before is of earlier rounds.
    pub fn begin_round(&self) {
        self.families.lock().unwrap().values_mut().for_each(|family| family.of_last_round = false);
    }

    /// A code was redeemed.
    pub fn issued(&self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let held =
            Family { newest_token: answer.text("refresh_token"), of_last_round: true, ..Family::default() };
        assert!(self.families.lock().unwrap().insert(family_of(answer), held).is_none());
        self.answers.send_modify(|received| *received += 1);
    }

    /// Tokens were refreshed.
    pub fn refreshed(&self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        {
            let mut families = self.families.lock().unwrap();
            let held = families.get_mut(&family_of(answer)).expect("a family that was issued");
            held.refreshes += 1;
            held.newest_token = answer.text("refresh_token");
        }
        self.answers.send_modify(|received| *received += 1);
    }

    /// Whatever the newest token of the last round's families is, it works: also where its use was under way.
    pub async fn every_token_of_the_last_round_works(&self, crowd: &Crowd) {
        self.work_all(crowd, |family| family.of_last_round).await;
    }

    /// The newest token of every family works.
    pub async fn every_token_works(&self, crowd: &Crowd) {
        self.work_all(crowd, |_| true).await;
    }

    async fn work_all(&self, crowd: &Crowd, which: impl Fn(&Family) -> bool) {
        let tokens: Vec<String> = {
            let families = self.families.lock().unwrap();
            families.values().filter(|held| which(held)).map(|held| held.newest_token.clone()).collect()
        };
        for token in tokens {
            self.refreshed(&crowd.system.refresh(&token).await);
        }
    }

    /// Each answer has its entry in the log; each family one for its redemption alone.
    pub async fn everything_acknowledged_is_recorded(&self, database: &str) {
        let mut recorded: BTreeMap<(Uuid, &str), usize> = BTreeMap::new();
        let (issued, refreshed) = (EventKind::TokensIssued.as_str(), EventKind::TokensRefreshed.as_str());
        for (family, kind) in entries(database).await {
            for known in [issued, refreshed] {
                if kind == known {
                    *recorded.entry((family, known)).or_default() += 1;
                }
            }
        }
        let count = |family, kind| recorded.get(&(family, kind)).copied().unwrap_or_default();
        for (family, held) in &*self.families.lock().unwrap() {
            assert_eq!(count(*family, issued), 1, "{family}");
            assert!(count(*family, refreshed) >= held.refreshes, "{family}");
        }
    }
}

/// An access token's id begins with its family's.
fn family_of(answer: &Answer) -> Uuid {
    let id = claims(&answer.text("access_token"))["jti"].as_str().unwrap().to_owned();
    Uuid::from_slice(&from_base64url(&id).unwrap()[..16]).unwrap()
}

async fn entries(database: &str) -> Vec<(Uuid, String)> {
    const ENTRIES: &str = "SELECT family, kind FROM audit_entry WHERE family IS NOT NULL";
    if database.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(database).await.unwrap();
        return sqlx::query_as(ENTRIES).fetch_all(&mut connection).await.unwrap();
    }
    let mut connection = sqlx::PgConnection::connect(database).await.unwrap();
    sqlx::query_as(ENTRIES).fetch_all(&mut connection).await.unwrap()
}
