//! Refreshing (RFC 6749 §6), with rotation and reuse detection (RFC 9700 §4.14.2).

use super::mint::{Minted, Minting};
use super::reach::{Reach, ReachRefused};
use super::{AuthenticatedClient, ProvenKey};
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::crypto::data_key::DataKey;
use crate::crypto::digest::sha256;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::{Actor, Event, GrantRefusal, Origin, SealedEvent};
use crate::domain::token_family::{FamilyEnd, TokenFamily};
use crate::protocol::token_request::RefreshGrant;
use crate::protocol::{AuthorizationDetail, ClaimSet, Confirmation, TokenResponse};
use crate::services::{Failure, Policy, Provider};
use crate::storage::{StorageError, StoredOpaqueToken, StoredRefreshToken, WriteTx};

/// What came of presenting a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// Fresh tokens.
    Refreshed(Box<TokenResponse>),
    /// It is not good.
    Refused(RefreshRefused),
}

/// Why a refresh token is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRefused {
    /// Not a refresh token of this client.
    #[error("The refresh token is not one that was issued to this client.")]
    Foreign,
    /// It rested too long.
    #[error("The refresh token has expired.")]
    Expired,
    /// What it rested on has ended.
    #[error("The authorization has ended; the person has to sign in again.")]
    NoLongerAuthorized,
    /// It had been replaced: everything of its family has ended.
    #[error("The refresh token had been used before; for safety everything it gave has been revoked.")]
    Reused,
    /// It is bound to a key (RFC 9449 §5), and none is shown.
    #[error(
        "The refresh token is bound to a key; show that key, by a DPoP proof or the certificate of the connection."
    )]
    KeyMissing,
    /// Another key is shown.
    #[error("The key that was shown is another than the one the refresh token is bound to.")]
    OtherKey,
    /// It does not reach so far.
    #[error(transparent)]
    Reach(#[from] ReachRefused),
}

/// What the presented token turned out to be.
enum Turn {
    /// It is used now, or was moments ago by a request whose answer got lost: its successor is the answer.
    Succeeded,
    Reused,
}

impl Provider {
    /// Gives fresh tokens for a refresh token, and a new refresh token in its place, where the profile of the client has
    /// them rotate.
    ///
    /// The successor is derived from the token presented. So a client whose reply was lost may ask again for ten seconds
    /// with the same parameters and is told the same successor: however many ask at once, there is one.
    pub async fn refresh(
        &self,
        client: &AuthenticatedClient,
        grant: &RefreshGrant,
        key: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<Refreshed, Failure> {
        match self.try_refresh(client, grant, key, origin).await? {
            Ok(response) => Ok(Refreshed::Refreshed(Box::new(response))),
            Err(refused) => Ok(Refreshed::Refused(refused)),
        }
    }

    async fn try_refresh(
        &self,
        client: &AuthenticatedClient,
        grant: &RefreshGrant,
        proven: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<Result<TokenResponse, RefreshRefused>, Failure> {
        let Some(token) = PlainToken::parse(TokenKind::Refresh, grant.refresh_token.expose()) else {
            return Ok(Err(RefreshRefused::Foreign));
        };
        let digest = *token.hash(&self.keyring).as_bytes();
        let mut tx = self.db.read().await?;
        let Some(stored) = tx.refresh_token(&digest).await? else { return Ok(Err(RefreshRefused::Foreign)) };
        let Some(living) = tx.living_family(stored.family).await? else {
            return Ok(Err(RefreshRefused::NoLongerAuthorized));
        };
        drop(tx);
        let family = living.family;
        let key = self.data_key(family.account_id, &living.owner.data_key)?;
        if family.client_id != client.registration.client_id {
            let why = GrantRefusal::OtherClient;
            self.record_refused_refresh(client, &family, &digest, why, &key, origin).await?;
            return Ok(Err(RefreshRefused::Foreign));
        }
        if self.now() >= stored.expires_at {
            let why = GrantRefusal::Expired;
            self.record_refused_refresh(client, &family, &digest, why, &key, origin).await?;
            return Ok(Err(RefreshRefused::Expired));
        }
        let confirmation = proven.map(|key| key.confirmation());
        if let Some((refused, why)) = wrong_key(family.bound_to, confirmation) {
            self.record_refused_refresh(client, &family, &digest, why, &key, origin).await?;
            return Ok(Err(refused));
        }
        let reach = self
            .reach(client, &family.authorized, &self.open_details(&family, &key)?, &grant.resources)
            .map_err(ReachRefused::from)
            .and_then(|reach| reach.with_details(grant.details.as_deref()))
            .and_then(|reach| reach.narrowed(grant.scope.as_deref()));
        let reach = match reach {
            Ok(reach) => reach,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let rotates = client.registration.profile.rotates_refresh_tokens();
        let successor = rotates.then(|| token.successor(&self.keyring));
        let encrypter = self.encrypter(client, client.registration.id_token_encrypted_response).await?;
        let Minted { response, kept } = self.mint(&Minting {
            client,
            family: &family,
            reach: &reach,
            nonce: None,
            claims: &ClaimSet::default(),
            // RFC 6749 §6: where none is given the one presented stays good.
            refresh_token: successor.as_ref().map(|successor| successor.expose().to_owned()),
            encrypter: encrypter.as_ref(),
            confirmation,
        })?;
        let use_of = Use {
            family: &family,
            digest: &digest,
            successor: successor.map(|successor| *successor.hash(&self.keyring).as_bytes()),
            request: request_digest(&reach, proven),
            access_token: kept,
            record: self.refreshed(&family, &reach, confirmation, origin, &key),
        };
        let turn = self.db.write(async |tx| self.take_turn(tx, &use_of, &key, origin).await).await?;
        match turn {
            Turn::Succeeded => Ok(Ok(response)),
            Turn::Reused => {
                self.standings.forget();
                Ok(Err(RefreshRefused::Reused))
            }
        }
    }

    async fn take_turn(
        &self,
        tx: &mut WriteTx<'_>,
        use_of: &Use<'_>,
        key: &DataKey,
        origin: &Origin,
    ) -> Result<Turn, StorageError> {
        let now = self.now();
        let expires_at = now + Policy::REFRESH_TOKEN_LIFETIME;
        let is_first = match &use_of.successor {
            None => tx.prolong_refresh_token(use_of.digest, expires_at).await?,
            Some(successor) => {
                let is_first = tx.use_refresh_token(use_of.digest, &use_of.request, now).await?;
                if is_first {
                    tx.insert_refresh_token(successor, use_of.family.id, expires_at, now).await?;
                }
                is_first
            }
        };
        if is_first {
            return use_of.succeed(tx).await;
        }
        let presented = tx.refresh_token(use_of.digest).await?;
        let successor = match &use_of.successor {
            Some(successor) => tx.refresh_token(successor).await?,
            None => None,
        };
        if is_lost_reply(presented.as_ref(), successor.as_ref(), &use_of.request, now) {
            return use_of.succeed(tx).await;
        }
        let (account, client, family) =
            (use_of.family.account_id, &use_of.family.client_id, use_of.family.id);
        let event = |event| self.event(Actor::Client(client.clone()), event).from_origin(origin);
        let sealed = |what| self.personal_entry(&event(what), key);
        tx.record(&sealed(Event::RefreshReused { account, client: client.clone(), family }));
        let why = FamilyEnd::RefreshTokenReused;
        if tx.end_family(family, why, now).await? {
            tx.record(&sealed(Event::FamilyEnded { account, client: client.clone(), family, why }));
        }
        Ok(Turn::Reused)
    }

    /// Once for each way in which a token can be wrong: however often it is presented, the log does not grow.
    pub(super) async fn record_refused_refresh(
        &self,
        presenter: &AuthenticatedClient,
        family: &TokenFamily,
        digest: &[u8; 32],
        why: GrantRefusal,
        key: &DataKey,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let once =
            self.once_key(family.id, &format!("refresh refused {} {}", base64url(digest), why.as_str()));
        let event = Event::RefreshRefused {
            account: family.account_id,
            client: family.client_id.clone(),
            family: family.id,
            why,
        };
        let presenter = Actor::Client(presenter.registration.client_id.clone());
        let record = self.personal_entry(&self.event(presenter, event).from_origin(origin).once(once), key);
        self.db.record(&record).await?;
        Ok(())
    }

    fn refreshed(
        &self,
        family: &TokenFamily,
        reach: &Reach,
        confirmation: Option<Confirmation>,
        origin: &Origin,
        key: &DataKey,
    ) -> SealedEvent {
        let event = Event::TokensRefreshed {
            account: family.account_id,
            client: family.client_id.clone(),
            family: family.id,
            scopes: reach.scopes.clone(),
            access: reach.access(&family.authorized),
            bound: confirmation.map(|bound| bound.method()),
        };
        let actor = Actor::Client(family.client_id.clone());
        self.personal_entry(&self.event(actor, event).from_origin(origin), key)
    }
}

/// One use of a refresh token.
struct Use<'a> {
    family: &'a TokenFamily,
    digest: &'a [u8; 32],
    /// None where the token stays what it is.
    successor: Option<[u8; 32]>,
    request: [u8; 32],
    /// The access token of the answer, where it is opaque.
    access_token: Option<StoredOpaqueToken>,
    record: SealedEvent,
}

impl Use<'_> {
    async fn succeed(&self, tx: &mut WriteTx<'_>) -> Result<Turn, StorageError> {
        if let Some(token) = &self.access_token {
            tx.insert_opaque_token(token).await?;
        }
        tx.record(&self.record);
        Ok(Turn::Succeeded)
    }
}

/// A token of a public client goes with the key that it was given to, and with no other.
fn wrong_key(
    bound_to: Option<Confirmation>,
    shown: Option<Confirmation>,
) -> Option<(RefreshRefused, GrantRefusal)> {
    match (bound_to, shown) {
        (Some(bound), Some(shown)) if bound != shown => {
            Some((RefreshRefused::OtherKey, GrantRefusal::OtherKey))
        }
        (Some(_), None) => Some((RefreshRefused::KeyMissing, GrantRefusal::KeyMissing)),
        _ => None,
    }
}

/// What makes a second request the same as the first one: what it asks for, and the key that it shows.
fn request_digest(reach: &Reach, key: Option<ProvenKey>) -> [u8; 32] {
    let mut request = reach.scope();
    let details = reach.details.iter().map(AuthorizationDetail::canonical);
    for part in reach.audience.iter().map(str::to_owned).chain(details) {
        request.push('\n');
        request.push_str(&part);
    }
    if let Some(key) = key {
        request.push('\n');
        request.push_str(&match key.confirmation() {
            Confirmation::Jkt(thumbprint) => thumbprint.to_string(),
            Confirmation::X5tS256(thumbprint) => thumbprint.to_string(),
        });
    }
    *sha256(request.as_bytes()).as_bytes()
}

/// The same request, moments later, and nobody has used the answer: the answer never arrived.
fn is_lost_reply(
    presented: Option<&StoredRefreshToken>,
    successor: Option<&StoredRefreshToken>,
    request: &[u8; 32],
    now: Timestamp,
) -> bool {
    let used = presented.and_then(|token| token.used.as_ref());
    let same_request_lately = used.is_some_and(|(at, first)| {
        now.since(*at) < Policy::LOST_REPLY_WINDOW && first.as_slice() == request.as_slice()
    });
    same_request_lately && successor.is_some_and(|successor| successor.used.is_none())
}
