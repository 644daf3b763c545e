//! A registration from its beginning to its end.

use serde_json::{Map, Value};

use super::software_statement::Stated;
use crate::base::encoding::base64url;
use crate::base::entropy::random_bytes;
use crate::crypto::token::{HashedToken, PlainToken, TokenKind};
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::client::{Client, ClientMetadata, ClientStatus, Registration};
use crate::protocol::{
    BearerError, BearerErrorCode, ClientAuthMethod, ClientId, ClientRegistrationError, PresentedAccessToken,
    RegistrationErrorCode, Scope, ScopeSet,
};
use crate::services::clients::{differences, fingerprint};
use crate::services::{Failure, Provider};
use crate::storage::{DynamicRegistration, WriteTx};

/// The most systems that register themselves in one instance: every node holds them all in memory.
const MOST: i64 = 5_000;

/// Who may register systems over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrants {
    /// Nobody: there is no such endpoint.
    Nobody,
    /// Whoever holds an initial access token.
    TokenHolders,
    /// Everybody. In a sandbox alone.
    Everybody,
}

/// What came of a request to the registration endpoint.
#[derive(Debug)]
pub enum Registering {
    /// The registration as it stands now.
    Stands(Map<String, Value>),
    /// It has ended.
    Ended,
    /// The metadata cannot be registered.
    Wrong(ClientRegistrationError),
    /// The token does not open this; none was sent where nothing is said.
    Refused(Option<BearerError>),
    /// There is no such endpoint here.
    Off,
}

impl From<ClientRegistrationError> for Registering {
    fn from(error: ClientRegistrationError) -> Self {
        Self::Wrong(error)
    }
}

/// A registration, and the token that was presented for it.
pub(super) struct Held {
    pub client: Client,
    pub kept: DynamicRegistration,
    digest: Vec<u8>,
}

/// What a system is told only when it is made.
#[derive(Default)]
pub(super) struct Shown<'a> {
    pub secret: Option<&'a PlainToken>,
}

impl Provider {
    /// Registers a system that says of itself what `sent` holds.
    pub async fn register_client(
        &self,
        token: Option<&PresentedAccessToken>,
        sent: &Map<String, Value>,
        origin: &Origin,
    ) -> Result<Registering, Failure> {
        let now = self.now();
        let initial = token.map(|token| self.digest_of(TokenKind::InitialAccess, token));
        let scope = match (self.policy.registrants, &initial) {
            (Registrants::Nobody, _) => return Ok(Registering::Off),
            (Registrants::TokenHolders, None) => return Ok(Registering::Refused(None)),
            (Registrants::TokenHolders, Some(digest)) => {
                match self.db.read().await?.initial_token_scope(digest, now).await? {
                    Some(scope) => ScopeSet::parse(&scope),
                    None => return Ok(Registering::Refused(Some(not_good()))),
                }
            }
            (Registrants::Everybody, _) => Scope::ALL.iter().copied().collect(),
        };
        let Stated { metadata: sent, statement, vouched_by } = match self.with_statement(sent).await {
            Ok(stated) => stated,
            Err(error) => return Ok(error.into()),
        };
        let kept = DynamicRegistration {
            scope: scope.to_string(),
            sector_identifier_uri: None,
            software_statement: statement,
            created_at: now,
        };
        let id = format!("self-{}", base64url(random_bytes::<16>(self.entropy())));
        let id = ClientId::parse(&id).map_err(|_| Failure::Unreadable { table: "client" })?;
        let ClientMetadata { document, registration, sector_identifier_uri } =
            match self.judge(&sent, id, &kept).await {
                Ok(metadata) => metadata,
                Err(error) => return Ok(error.into()),
            };
        if self.db.read().await?.count_dynamic_registrations().await? >= MOST {
            let code = RegistrationErrorCode::TemporarilyUnavailable;
            let full = "No more systems can register themselves here; ask the operator.";
            return Ok(ClientRegistrationError::new(code, full).into());
        }
        let kept =
            DynamicRegistration { sector_identifier_uri: sector_identifier_uri.map(String::from), ..kept };
        let access = PlainToken::generate(TokenKind::RegistrationAccess, self.entropy());
        let digest = access.hash(&self.keyring).as_bytes().to_vec();
        // In a sandbox a token is neither asked for nor used up.
        let used = initial.filter(|_| self.policy.registrants == Registrants::TokenHolders);
        let secret = self
            .db
            .write(async |tx| {
                if let Some(used) = &used
                    && !tx.use_initial_token(used, now).await?
                {
                    return Ok(None);
                }
                tx.put_client(&registration, ClientStatus::Active, now).await?;
                tx.insert_dynamic_registration(&registration.client_id, &digest, &kept).await?;
                let secret = self.needed_secret(tx, &registration, false).await?;
                let event = Event::ClientRegistered {
                    client: registration.client_id.clone(),
                    digest: fingerprint(&registration),
                    vouched_by,
                };
                self.record_self(tx, Actor::Anonymous, event, origin);
                Ok::<_, Failure>(Some(secret))
            })
            .await?;
        let Some(secret) = secret else { return Ok(Registering::Refused(Some(not_good()))) };
        self.refresh_caches().await?;
        let shown = Shown { secret: secret.as_ref() };
        Ok(Registering::Stands(self.information(&document, &kept, access.expose(), &shown)))
    }

    /// A registration, for the system itself.
    pub async fn own_registration(
        &self,
        id: &str,
        token: Option<&PresentedAccessToken>,
    ) -> Result<Registering, Failure> {
        self.with_held(id, token, async |held, token| {
            let document = held.client.registration.clone().into();
            Ok(Registering::Stands(self.information(
                &document,
                &held.kept,
                token.expose(),
                &Shown::default(),
            )))
        })
        .await
    }

    /// Puts what `sent` holds in the place of a registration (RFC 7592 §2.2).
    pub async fn replace_registration(
        &self,
        id: &str,
        token: Option<&PresentedAccessToken>,
        sent: &Map<String, Value>,
        origin: &Origin,
    ) -> Result<Registering, Failure> {
        self.with_held(id, token, async |held, token| {
            if let Some(error) = self.not_of_a_change(&held, sent) {
                return Ok(error.into());
            }
            let id = held.client.registration.client_id.clone();
            let Stated { metadata: sent, statement, vouched_by } = match self.with_statement(sent).await {
                Ok(stated) => stated,
                Err(error) => return Ok(error.into()),
            };
            let ClientMetadata { document, registration, sector_identifier_uri } =
                match self.judge(&sent, id.clone(), &held.kept).await {
                    Ok(judged) => judged,
                    Err(error) => return Ok(error.into()),
                };
            let fields = differences(&held.client.registration, &registration);
            let kept = DynamicRegistration {
                sector_identifier_uri: sector_identifier_uri.map(String::from),
                software_statement: statement,
                ..held.kept.clone()
            };
            // A secret that is shown is not kept; one that signs is.
            let method = registration.token_endpoint_auth_method;
            let is_kept = method != ClientAuthMethod::ClientSecretJwt
                || held.client.registration.token_endpoint_auth_method == method;
            let has_secret = is_kept && held.client.secrets.iter().any(|secret| secret.is_live(self.now()));
            let secret = self
                .db
                .write(async |tx| {
                    if !tx.change_dynamic_registration(&id, &held.digest, &kept).await? {
                        return Ok(None);
                    }
                    tx.put_client(&registration, held.client.status, self.now()).await?;
                    let secret = self.needed_secret(tx, &registration, has_secret).await?;
                    let digest = fingerprint(&registration);
                    let event = Event::ClientChanged { client: id.clone(), fields, digest, vouched_by };
                    self.record_self(tx, Actor::Client(id.clone()), event, origin);
                    Ok::<_, Failure>(Some(secret))
                })
                .await?;
            let Some(secret) = secret else { return Ok(Registering::Refused(Some(not_good()))) };
            self.refresh_caches().await?;
            let shown = Shown { secret: secret.as_ref() };
            Ok(Registering::Stands(self.information(&document, &kept, token.expose(), &shown)))
        })
        .await
    }

    /// Ends a registration: the system is refused everywhere from here on, and its token opens nothing (RFC 7592 §2.3).
    pub async fn end_registration(
        &self,
        id: &str,
        token: Option<&PresentedAccessToken>,
        origin: &Origin,
    ) -> Result<Registering, Failure> {
        self.with_held(id, token, async |held, _| {
            let id = held.client.registration.client_id.clone();
            let ended = self
                .db
                .write(async |tx| {
                    if !tx.end_dynamic_registration(&id, &held.digest).await? {
                        return Ok(false);
                    }
                    // What people agreed to and what the log says of it stays.
                    tx.set_client_status(&id, ClientStatus::Disabled, self.now()).await?;
                    let event = Event::ClientDisabled { client: id.clone() };
                    self.record_self(tx, Actor::Client(id.clone()), event, origin);
                    Ok::<_, Failure>(true)
                })
                .await?;
            self.refresh_caches().await?;
            Ok(if ended { Registering::Ended } else { Registering::Refused(Some(not_good())) })
        })
        .await
    }

    async fn with_held(
        &self,
        id: &str,
        token: Option<&PresentedAccessToken>,
        then: impl AsyncFnOnce(Held, &PresentedAccessToken) -> Result<Registering, Failure>,
    ) -> Result<Registering, Failure> {
        if self.policy.registrants == Registrants::Nobody {
            return Ok(Registering::Off);
        }
        let Some(token) = token else { return Ok(Registering::Refused(None)) };
        match self.held(id, token).await? {
            Some(held) => then(held, token).await,
            None => Ok(Registering::Refused(Some(not_good()))),
        }
    }

    /// RFC 7592 §2: who is not there, disabled, or somebody else's looks as a token does that is nobody's.
    async fn held(&self, id: &str, token: &PresentedAccessToken) -> Result<Option<Held>, Failure> {
        let Ok(id) = ClientId::parse(id) else { return Ok(None) };
        let digest = self.digest_of(TokenKind::RegistrationAccess, token);
        let Some(kept) = self.db.read().await?.dynamic_registration(&id, &digest).await? else {
            return Ok(None);
        };
        // A node that has not heard of it yet hears of it now.
        self.refresh_caches().await?;
        let client = self.client(&id).map(|client| Client::clone(&client));
        Ok(client.map(|client| Held { client, kept, digest }))
    }

    fn digest_of(&self, kind: TokenKind, token: &PresentedAccessToken) -> Vec<u8> {
        HashedToken::of(kind, token.expose(), &self.keyring).as_bytes().to_vec()
    }

    async fn needed_secret(
        &self,
        tx: &mut WriteTx<'_>,
        registration: &Registration,
        has_one: bool,
    ) -> Result<Option<PlainToken>, Failure> {
        if has_one || !registration.has_secret() {
            return Ok(None);
        }
        let secret = PlainToken::generate(TokenKind::ClientSecret, self.entropy());
        self.keep_secret(tx, registration, secret.expose()).await?;
        Ok(Some(secret))
    }

    fn record_self(&self, tx: &mut WriteTx<'_>, actor: Actor, event: Event, origin: &Origin) {
        tx.record(&self.entry(&self.event(actor, event).from_origin(origin)));
    }
}

fn not_good() -> BearerError {
    BearerError::new(BearerErrorCode::InvalidToken, "The token opens no registration here.")
}
