//! Redeeming a code (RFC 6749 §4.1.3).

use super::mint::{Minted, Minting};
use super::reach::ReachRefused;
use super::{AuthenticatedClient, ProvenKey};
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::access::GrantedDetail;
use crate::domain::audit::{Actor, AuditEvent, Event, IssuedBy, Origin, ReleasedBy};
use crate::domain::client::Client;
use crate::domain::consent::Consent;
use crate::domain::token_family::{Authorized, FamilyEnd, TokenFamily};
use crate::protocol::{AuthorizationDetail, Confirmation, GrantType, Scope, TokenResponse};
use crate::services::authorization::{CodeContent, CodeRefused, PresentedCode};
use crate::services::userinfo::{Asked, Told};
use crate::services::{Failure, Policy, Provider};
use crate::storage::{StorageError, StoredOpaqueToken, WriteTx};

/// What came of presenting a code.
#[derive(Debug)]
pub enum Redemption {
    /// At most one caller ever gets this for one code.
    Redeemed(Box<TokenResponse>),
    /// It is not good for this client and request.
    Refused(CodeRefused),
    /// It gives no token for such a resource; it may be presented again.
    NoTarget(ReachRefused),
    /// It was redeemed before: everything that it gave has ended.
    Reused,
    /// The session or account that it rested on has ended.
    NoLongerAuthorized,
}

/// What a person gave, by whichever way: it becomes tokens once.
pub(super) struct Given {
    /// The family that it starts, whose id was chosen when it was given.
    pub family: FamilyId,
    pub account: AccountId,
    /// When it ends, so does what was given in it.
    pub session: SessionId,
    pub authorized: Authorized,
    /// What exactly may be done at resources.
    pub details: Vec<GrantedDetail>,
}

/// How it is asked for.
pub(super) struct RedeemedWith<'a> {
    pub by: IssuedBy,
    /// The key that was shown.
    pub key: Option<ProvenKey>,
    /// The resources that the token is for, as they were named (RFC 8707 §2.2).
    pub resources: &'a [String],
    /// The details that it is for (RFC 9396 §6).
    pub details: Option<&'a [AuthorizationDetail]>,
}

/// What the write that starts a family found.
pub(super) enum Start {
    Started,
    Reused,
    NoLongerAuthorized,
}

impl Provider {
    /// Redeems a code: at most one caller ever gets [`Redemption::Redeemed`] for it.
    ///
    /// RFC 6749 §4.1.2: a second redemption ends everything that the first one gave.
    pub async fn redeem_code(
        &self,
        client: &AuthenticatedClient,
        presented: PresentedCode<'_>,
        origin: &Origin,
    ) -> Result<Redemption, Failure> {
        let Some(code) = self.open_code(client, presented.code).await? else {
            return Ok(Redemption::Refused(CodeRefused::Foreign));
        };
        if let Err(refused) = code.check(presented, &client.registration, self.now()) {
            self.record_refused_code(client, &code, refused, origin).await?;
            return Ok(Redemption::Refused(refused));
        }
        let given = Given {
            family: code.family,
            account: code.account,
            session: code.session,
            authorized: code.authorized,
            details: code.details,
        };
        let with = RedeemedWith {
            by: IssuedBy::Code,
            key: presented.key,
            resources: presented.resources,
            details: presented.details,
        };
        self.redeem(client, given, with, origin).await
    }

    /// Turns what a person gave into tokens: once.
    pub(super) async fn redeem(
        &self,
        client: &AuthenticatedClient,
        given: Given,
        with: RedeemedWith<'_>,
        origin: &Origin,
    ) -> Result<Redemption, Failure> {
        let reach = self
            .reach(client, &given.authorized, &given.details, with.resources)
            .map_err(ReachRefused::from)
            .and_then(|reach| reach.with_details(with.details));
        let reach = match reach {
            Ok(reach) => reach,
            Err(refused) => return Ok(Redemption::NoTarget(refused)),
        };
        let confirmation = with.key.map(|key| key.confirmation());
        let family = self.family_of(client, given, confirmation).await?;
        let refresh_token = family.offline.then(|| PlainToken::generate(TokenKind::Refresh, self.entropy()));
        let encrypter = self.encrypter(client, client.registration.id_token_encrypted_response).await?;
        let told =
            self.told_in_id_token(client, family.account_id, Asked::in_id_token(&family.authorized)).await?;
        let Minted { response, kept } = self.mint(&Minting {
            client,
            family: &family,
            reach: &reach,
            nonce: family.authorized.nonce.as_ref(),
            claims: &told.claims,
            refresh_token: refresh_token.as_ref().map(|token| token.expose().to_owned()),
            encrypter: encrypter.as_ref(),
            confirmation,
        })?;
        let issued = self.issued(client, &family, with.by, confirmation);
        let mut events = vec![issued.from_origin(origin)];
        if !told.names.is_empty() {
            let released = self.released(client, &family, &told.names, ReleasedBy::IdToken);
            events.push(released.from_origin(origin));
        }
        let start =
            self.start_family(&family, refresh_token.as_ref(), kept.as_ref(), &events, origin).await?;
        Ok(match start {
            Start::Started => Redemption::Redeemed(Box::new(response)),
            Start::Reused => {
                self.standings.forget();
                Redemption::Reused
            }
            Start::NoLongerAuthorized => Redemption::NoLongerAuthorized,
        })
    }

    /// Most systems ask for claims at userinfo: then nothing is read here.
    pub(super) async fn told_in_id_token(
        &self,
        client: &Client,
        account: AccountId,
        asked: Asked<'_>,
    ) -> Result<Told, Failure> {
        if asked.is_empty() {
            return Ok(Told::default());
        }
        let consent = self.db.read().await?.consent(account, &client.registration.client_id).await?;
        let Some(consent) = consent.filter(Consent::is_standing) else { return Ok(Told::default()) };
        let owner = self.owner(account).await?;
        let key = self.data_key(account, &owner.data_key)?;
        self.told(client, &owner, &key, asked, &consent.terms)
    }

    pub(super) async fn start_family(
        &self,
        family: &TokenFamily,
        refresh_token: Option<&PlainToken>,
        access_token: Option<&StoredOpaqueToken>,
        events: &[AuditEvent],
        origin: &Origin,
    ) -> Result<Start, Failure> {
        let now = family.created_at;
        self.db
            .write(async |tx| {
                let Some(data_key) = tx.insert_family(family).await? else {
                    return self.not_started(tx, family, origin).await;
                };
                let key = self.data_key(family.account_id, &data_key)?;
                if let Some(token) = refresh_token {
                    let digest = token.hash(&self.keyring);
                    let expires_at = now + Policy::REFRESH_TOKEN_LIFETIME;
                    tx.insert_refresh_token(digest.as_bytes(), family.id, expires_at, now).await?;
                }
                if let Some(token) = access_token {
                    tx.insert_opaque_token(token).await?;
                }
                for event in events {
                    tx.record(&self.personal_entry(event, &key));
                }
                Ok(Start::Started)
            })
            .await
    }

    /// Looked for in the same write: the redemption that was first may not be durable yet, but writers see it.
    async fn not_started(
        &self,
        tx: &mut WriteTx<'_>,
        family: &TokenFamily,
        origin: &Origin,
    ) -> Result<Start, Failure> {
        if !tx.family_started(family.id).await? {
            return Ok(Start::NoLongerAuthorized);
        }
        let owner = tx
            .account(family.account_id)
            .await?
            .ok_or(StorageError::Inconsistent { table: "account", what: "referred to and not there" })?;
        let key = &self.data_key(family.account_id, &owner.data_key)?;
        let (account, client, family, why) =
            (family.account_id, &family.client_id, family.id, FamilyEnd::CodeReused);
        let event = |event| self.event(Actor::Client(client.clone()), event).from_origin(origin);
        // Once: a third and fourth time say nothing new.
        let once = self.once_key(family, &format!("code reused {family}"));
        let reused = event(Event::CodeReused { account, client: client.clone(), family }).once(once);
        tx.record(&self.personal_entry(&reused, key));
        if tx.end_family(family, why, self.now()).await? {
            let ended = event(Event::FamilyEnded { account, client: client.clone(), family, why });
            tx.record(&self.personal_entry(&ended, key));
        }
        Ok(Start::Reused)
    }

    /// Once for each way in which a code can be wrong: however often it is presented, the log does not grow.
    async fn record_refused_code(
        &self,
        client: &AuthenticatedClient,
        code: &CodeContent,
        refused: CodeRefused,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let Some(why) = refused.recorded() else { return Ok(()) };
        let owner = self.owner(code.account).await?;
        let key = self.data_key(code.account, &owner.data_key)?;
        let client = client.registration.client_id.clone();
        let once = self.once_key(code.family, &format!("code refused {} {}", code.family, why.as_str()));
        let event =
            Event::CodeRefused { account: code.account, session: code.session, client: client.clone(), why };
        let event = self.event(Actor::Client(client), event).from_origin(origin).once(once);
        self.db.record(&self.personal_entry(&event, &key)).await?;
        Ok(())
    }

    async fn family_of(
        &self,
        client: &AuthenticatedClient,
        given: Given,
        confirmation: Option<Confirmation>,
    ) -> Result<TokenFamily, Failure> {
        let now = self.now();
        let details = match given.details.is_empty() {
            true => None,
            false => Some(self.seal_details(given.account, given.family, &given.details).await?),
        };
        // What was taken from the registration meanwhile is not given any more.
        let scopes = given.authorized.scopes.intersection(&client.registration.scope);
        Ok(TokenFamily {
            id: given.family,
            account_id: given.account,
            client_id: client.registration.client_id.clone(),
            session_id: given.session,
            offline: scopes.contains(Scope::OfflineAccess)
                && client.registration.grant_types.contains(&GrantType::RefreshToken),
            authorized: given.authorized,
            details,
            // RFC 9449 §5: others authenticate, and may change their key.
            bound_to: confirmation.filter(|_| !client.registration.is_confidential()),
            created_at: now,
            ended_at: None,
        })
    }

    pub(super) fn issued(
        &self,
        client: &Client,
        family: &TokenFamily,
        by: IssuedBy,
        confirmation: Option<Confirmation>,
    ) -> AuditEvent {
        let client = client.registration.client_id.clone();
        let event = Event::TokensIssued {
            account: family.account_id,
            session: family.session_id,
            client: client.clone(),
            family: family.id,
            scopes: family.authorized.scopes.clone(),
            access: family.authorized.access.clone(),
            acr: family.authorized.acr,
            offline: family.offline,
            by,
            bound: confirmation.map(|bound| bound.method()),
        };
        let actor = match by {
            IssuedBy::Code | IssuedBy::Device => Actor::Client(client),
            IssuedBy::FrontChannel => Actor::Person(family.account_id),
        };
        self.event(actor, event)
    }
}
