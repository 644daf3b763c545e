//! A person's passkeys: seen, renamed, removed.

use super::add_passkey::LABEL_LIMIT;
use crate::base::Timestamp;
use crate::base::ids::CredentialId;
use crate::base::text::{self, TextError};
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::session::{Session, SessionEnd};
use crate::services::{Failure, Provider};

/// A passkey as its owner sees it.
#[derive(Clone, Debug)]
pub struct OwnPasskey {
    /// Its row.
    pub id: CredentialId,
    /// What she calls it.
    pub label: String,
    /// Whether it may be copied between devices.
    pub synced: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last signed her in.
    pub last_used_at: Option<Timestamp>,
}

/// What came of a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// It has the new name.
    Renamed,
    /// The name cannot be taken.
    Wrong(TextError),
    /// She has no such passkey.
    Gone,
}

/// What came of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRemoval {
    /// It opens nothing any more.
    Removed,
    /// It is the last one: without it nobody could come in.
    Last,
    /// She has no such passkey.
    Gone,
    /// The person signs in once more first.
    SignInFirst,
}

impl Provider {
    /// The passkeys of whoever is signed in, oldest first.
    pub async fn own_passkeys(&self, session: &Session) -> Result<Vec<OwnPasskey>, Failure> {
        let (_, key) = self.keyed_owner(session.account_id).await?;
        let passkeys = self.db.read().await?.passkeys(session.account_id).await?;
        let seen = passkeys.into_iter().map(|passkey| {
            Ok(OwnPasskey {
                id: passkey.id,
                label: self.open_label(passkey.id, &key, &passkey.label)?,
                synced: passkey.synced,
                created_at: passkey.created_at,
                last_used_at: passkey.last_used_at,
            })
        });
        seen.collect()
    }

    /// Gives a passkey another name.
    pub async fn rename_passkey(
        &self,
        session: &Session,
        id: CredentialId,
        label: &str,
    ) -> Result<Renaming, Failure> {
        let label = match text::clean(label, LABEL_LIMIT) {
            Ok(label) => label,
            Err(wrong) => return Ok(Renaming::Wrong(wrong)),
        };
        let (_, key) = self.keyed_owner(session.account_id).await?;
        let sealed = self.seal_label(id, &key, &label);
        let renamed =
            self.db.write(async |tx| tx.rename_passkey(id, session.account_id, &sealed).await).await?;
        Ok(if renamed { Renaming::Renamed } else { Renaming::Gone })
    }

    /// Removes a passkey, and ends every session that rests on it.
    pub async fn remove_passkey(
        &self,
        session: &Session,
        id: CredentialId,
        origin: &Origin,
    ) -> Result<PasskeyRemoval, Failure> {
        if !self.is_fresh(session) {
            return Ok(PasskeyRemoval::SignInFirst);
        }
        let account = session.account_id;
        let own = self.own_passkeys(session).await?;
        let Some(passkey) = own.into_iter().find(|passkey| passkey.id == id) else {
            return Ok(PasskeyRemoval::Gone);
        };
        let (_, key) = self.keyed_owner(account).await?;
        self.write_end(async |tx| {
            // Two removals at once must not each take the other's for the one that stays.
            tx.hold_account(account).await?;
            if !tx.remove_passkey(id, account, self.now()).await? {
                return Ok(PasskeyRemoval::Last);
            }
            let event = Event::PasskeyRemoved { account, session: session.id, passkey: id };
            let event = self.event(Actor::Person(account), event).from_origin(origin);
            tx.record(&self.personal_entry(&event.labelled(passkey.label), &key));
            for resting in tx.sessions_of_passkey(account, id).await? {
                let why = SessionEnd::PasskeyRemoved;
                self.end_session_in(tx, resting, &key, account, why, origin).await?;
            }
            Ok(PasskeyRemoval::Removed)
        })
        .await
    }
}
