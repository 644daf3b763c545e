//! Browser sessions: found by their cookie, started, renewed, ended.

use super::{Failure, Provider};
use crate::base::ids::{AccountId, CredentialId, FamilyId, SessionId};
use crate::crypto::data_key::DataKey;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::presence::Presence;
use crate::domain::session::{Session, SessionEnd};
use crate::domain::token_family::FamilyEnd;
use crate::protocol::{Acr, Amr, ClientId};
use crate::storage::WriteTx;

/// How a person has just proved who she is.
pub(super) struct Authentication<'a> {
    pub account: AccountId,
    /// Her data key.
    pub key: &'a DataKey,
    pub passkey: CredentialId,
    pub means: Means,
    /// The system she is on the way to.
    pub client: Option<&'a ClientId>,
    pub origin: &'a Origin,
}

/// By what she proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// A passkey that may be copied between devices.
    SyncedPasskey,
    /// A passkey that never leaves its device.
    BoundPasskey,
    /// Nothing: she was chosen from the invented people of a sandbox.
    Chosen,
}

impl Means {
    pub const fn of_passkey(synced: bool) -> Self {
        if synced { Self::SyncedPasskey } else { Self::BoundPasskey }
    }

    /// RFC 8176 §2: a key that software may copy is `swk`; `user` for the touch, `mfa` because the key was unlocked.
    fn amr(self) -> Vec<Amr> {
        match self {
            Self::SyncedPasskey => vec![Amr::Swk, Amr::User, Amr::Mfa],
            Self::BoundPasskey => vec![Amr::Hwk, Amr::User, Amr::Mfa],
            Self::Chosen => vec![Amr::Sandbox],
        }
    }
}

impl Provider {
    /// The live session whose cookie this is.
    pub async fn session_of(&self, cookie: &str) -> Result<Option<Session>, Failure> {
        Ok(self.presence(cookie, None).await?.map(|presence| presence.session))
    }

    /// The live session whose cookie this is, and what its person answered to `client`. Its sign of life is written down at
    /// most once a minute.
    pub async fn presence(
        &self,
        cookie: &str,
        client: Option<&ClientId>,
    ) -> Result<Option<Presence>, Failure> {
        // Nonsense is refused by its checksum, without asking the database.
        let Some(token) = PlainToken::parse(TokenKind::Session, cookie) else { return Ok(None) };
        let digest = token.hash(&self.keyring);
        let now = self.now();
        let found = self.db.read().await?.presence(digest.as_bytes(), client).await?;
        let is_alive = |found: &Presence| found.session.is_alive(self.policy.sessions, now);
        let Some(found) = found.filter(is_alive) else { return Ok(None) };
        if found.session.should_be_touched(now) {
            self.db.touch_session(found.session.id, now).await?;
        }
        Ok(Some(found))
    }

    /// Ends `session` and what was authorized in it; `false` where it was over already.
    pub async fn end_session(
        &self,
        session: &Session,
        why: SessionEnd,
        origin: &Origin,
    ) -> Result<bool, Failure> {
        let (_, key) = self.keyed_owner(session.account_id).await?;
        self.write_end(async |tx| {
            self.end_session_in(tx, session.id, &key, session.account_id, why, origin).await
        })
        .await
    }

    /// Ends a session of `account`, whose data key is `key`, with the tokens that live as long as it does. Every system
    /// that got tokens in it and wants to be told will be.
    pub(super) async fn end_session_in(
        &self,
        tx: &mut WriteTx<'_>,
        session: SessionId,
        key: &DataKey,
        account: AccountId,
        why: SessionEnd,
        origin: &Origin,
    ) -> Result<bool, Failure> {
        let now = self.now();
        if !tx.end_session(session, why, now).await? {
            return Ok(false);
        }
        let ended = self.event(Actor::Person(account), Event::SessionEnded { account, session, why });
        tx.record(&self.personal_entry(&ended.from_origin(origin), key));
        let families = tx.end_families_of_session(session, now).await?;
        self.record_ended_families(tx, account, key, &families, FamilyEnd::SessionEnded, origin)?;
        self.announce_session_end(tx, session, account).await?;
        Ok(true)
    }

    /// Makes the person's session in this browser. `current` is renewed where it is hers; where it is another person's
    /// it ends. Either way the token is new, and the one from before is dead.
    pub(super) async fn authenticate_in(
        &self,
        tx: &mut WriteTx<'_>,
        authentication: &Authentication<'_>,
        current: Option<&Session>,
    ) -> Result<(PlainToken, Session), Failure> {
        let token = PlainToken::generate(TokenKind::Session, self.entropy());
        let digest = token.hash(&self.keyring);
        match current {
            Some(current) if current.account_id == authentication.account => {
                let renewed = self.renewed(current, authentication);
                if tx.reauthenticate_session(&renewed, digest.as_bytes()).await? {
                    self.record_session(tx, authentication, &renewed, Begun::Renewed);
                    return Ok((token, renewed));
                }
            }
            Some(current) => self.replace_in(tx, current, authentication.origin).await?,
            None => {}
        }
        let session = self.new_session(authentication);
        tx.insert_session(&session, digest.as_bytes()).await?;
        self.record_session(tx, authentication, &session, Begun::Started);
        Ok((token, session))
    }

    /// [`Self::authenticate_in`] is committed: where it ended another person's session, her tokens are looked at anew.
    pub(super) fn forget_replaced(&self, account: AccountId, current: Option<&Session>) {
        if current.is_some_and(|current| current.account_id != account) {
            self.standings.forget();
        }
    }

    async fn replace_in(
        &self,
        tx: &mut WriteTx<'_>,
        other: &Session,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let Some(owner) = tx.account(other.account_id).await? else { return Ok(()) };
        let key = self.data_key(owner.account.id, &owner.data_key)?;
        self.end_session_in(tx, other.id, &key, other.account_id, SessionEnd::Replaced, origin).await?;
        Ok(())
    }

    fn new_session(&self, authentication: &Authentication<'_>) -> Session {
        let now = self.now();
        let id = SessionId::generate(now, self.entropy());
        Session {
            id,
            account_id: authentication.account,
            passkey_id: authentication.passkey,
            acr: Acr::Xt2Phr,
            amr: authentication.means.amr(),
            place: self.seal_place(id, authentication.key, &authentication.origin.place),
            started_at: now,
            authenticated_at: now,
            seen_at: now,
            ended_at: None,
        }
    }

    fn renewed(&self, current: &Session, authentication: &Authentication<'_>) -> Session {
        let now = self.now();
        Session {
            passkey_id: authentication.passkey,
            acr: Acr::Xt2Phr,
            amr: authentication.means.amr(),
            authenticated_at: now,
            seen_at: now,
            ..current.clone()
        }
    }

    fn record_session(
        &self,
        tx: &mut WriteTx<'_>,
        authentication: &Authentication<'_>,
        session: &Session,
        begun: Begun,
    ) {
        let (account, client) = (authentication.account, authentication.client.cloned());
        let (passkey, acr, amr, session) = (session.passkey_id, session.acr, session.amr.clone(), session.id);
        let event = match begun {
            Begun::Started => Event::SessionStarted { account, session, client, passkey, acr, amr },
            Begun::Renewed => Event::SessionRenewed { account, session, client, passkey, acr, amr },
        };
        let event = self.event(Actor::Person(account), event).from_origin(authentication.origin);
        tx.record(&self.personal_entry(&event, authentication.key));
    }

    /// Records that `account` ended the tokens of `families`.
    pub(super) fn record_ended_families(
        &self,
        tx: &mut WriteTx<'_>,
        account: AccountId,
        key: &DataKey,
        families: &[(FamilyId, String)],
        why: FamilyEnd,
        origin: &Origin,
    ) -> Result<(), Failure> {
        for (family, client) in families {
            let client =
                ClientId::parse(client).map_err(|_| Failure::Unreadable { table: "token_family" })?;
            let event = Event::FamilyEnded { account, client, family: *family, why };
            let event = self.event(Actor::Person(account), event).from_origin(origin);
            tx.record(&self.personal_entry(&event, key));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Begun {
    Started,
    Renewed,
}
