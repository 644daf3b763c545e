//! Where a person is signed in, and ending it elsewhere.

use crate::base::Timestamp;
use crate::base::ids::SessionId;
use crate::domain::audit::{Origin, Place};
use crate::domain::session::{Session, SessionEnd};
use crate::services::{Failure, Provider};

/// A session as its person sees it.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// Its row; the token is another thing.
    pub id: SessionId,
    /// Where it began.
    pub place: Option<Place>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
}

impl Provider {
    /// The live sessions of whoever is signed in, newest first.
    pub async fn own_sessions(&self, session: &Session) -> Result<Vec<OwnSession>, Failure> {
        let (_, key) = self.keyed_owner(session.account_id).await?;
        let seen = self.live_sessions(session).await?.into_iter().map(|session| OwnSession {
            id: session.id,
            place: self.open_place(session.id, &key, &session.place),
            started_at: session.started_at,
            seen_at: session.seen_at,
        });
        Ok(seen.collect())
    }

    /// Ends one session of whoever is signed in; `false` where she has no such session.
    pub async fn end_own_session(
        &self,
        session: &Session,
        id: SessionId,
        origin: &Origin,
    ) -> Result<bool, Failure> {
        let found = self.live_sessions(session).await?.into_iter().find(|own| own.id == id);
        match found {
            Some(own) => self.end_session(&own, SessionEnd::EndedByOwner, origin).await,
            None => Ok(false),
        }
    }

    /// Ends every session of whoever is signed in but the one she acts from.
    pub async fn end_other_sessions(&self, session: &Session, origin: &Origin) -> Result<(), Failure> {
        let (_, key) = self.keyed_owner(session.account_id).await?;
        let others = self.live_sessions(session).await?;
        self.write_end(async |tx| {
            for other in others.iter().filter(|other| other.id != session.id) {
                let why = SessionEnd::EndedByOwner;
                self.end_session_in(tx, other.id, &key, other.account_id, why, origin).await?;
            }
            Ok(())
        })
        .await
    }

    async fn live_sessions(&self, session: &Session) -> Result<Vec<Session>, Failure> {
        let (now, policy) = (self.now(), self.policy.sessions);
        let (seen_after, started_after) = (now - policy.idle, now - policy.lifetime);
        Ok(self.db.read().await?.open_sessions(session.account_id, seen_after, started_after).await?)
    }
}
