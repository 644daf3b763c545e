//! An event: what happened, to whom, by whom, when.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Actor, AgreedDetail, AuthorizationRefusal, GrantRefusal, NamedDetail, Origin, Personal, SaltedDetail,
    SignInFailure,
};
use crate::base::ids::{
    AccountId, AuditEventId, ConsentId, CredentialId, FamilyId, LogoutDeliveryId, ServiceTokenId, SessionId,
};
use crate::base::{Entropy, RequestId, Timestamp};
use crate::domain::access::Access;
use crate::domain::client::{LegalBasis, WorkloadSubject};
use crate::domain::session::SessionEnd;
use crate::domain::signing_key::SigningKeyState;
use crate::domain::token_family::FamilyEnd;
use crate::protocol::Amr;
use crate::protocol::acr::Acr;
use crate::protocol::claim::ClaimName;
use crate::protocol::client_id::ClientId;
use crate::protocol::resource_uri::ResourceUri;
use crate::protocol::scope::ScopeSet;
use crate::protocol::service_scope::ServiceScopes;

/// An event on its way into the log.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// The entry it becomes.
    pub id: AuditEventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who brought it about.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
    /// The request that brought it about.
    pub request: Option<RequestId>,
    /// Sealed before it is stored.
    pub personal: Personal,
    /// Where set, a second event with the same key is not recorded. A keyed digest: it stands in the clear.
    pub once_key: Option<Vec<u8>>,
}

impl AuditEvent {
    /// `actor` brought `event` about at `now`.
    pub fn new(now: Timestamp, entropy: &(impl Entropy + ?Sized), actor: Actor, event: Event) -> Self {
        let id = AuditEventId::generate(now, entropy);
        Self { id, at: now, actor, event, request: None, personal: Personal::default(), once_key: None }
    }

    /// It was asked for by the request of `origin`.
    pub fn from_origin(mut self, origin: &Origin) -> Self {
        self.personal.place = Some(origin.place.clone());
        self.request = Some(origin.request.clone());
        self
    }

    /// It is about the thing that the person calls `label`.
    pub fn labelled(mut self, label: String) -> Self {
        self.personal.label = Some(label);
        self
    }

    /// It is an agreement to exactly these.
    pub fn agreed(mut self, details: Vec<SaltedDetail>) -> Self {
        self.personal.agreed = details;
        self
    }

    /// It is recorded once for `key`, a keyed digest.
    pub fn once(mut self, key: Vec<u8>) -> Self {
        self.once_key = Some(key);
        self
    }

    /// Whose data key seals the personal part, and in whose log it stands.
    pub fn subject(&self) -> Option<AccountId> {
        self.event.parts().subject
    }
}

/// One claim that went to a system, and by which right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleasedClaim {
    /// Its name, never its value.
    pub claim: ClaimName,
    /// By which right.
    pub basis: LegalBasis,
}

/// By which way claims went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleasedBy {
    /// In the ID token.
    IdToken,
    /// From userinfo.
    Userinfo,
}

/// By which way tokens went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuedBy {
    /// A code was redeemed.
    Code,
    /// A device came for what its person had approved.
    Device,
    /// By way of the browser, in the answer of the authorization endpoint.
    FrontChannel,
}

/// What happened. Each variant holds all that the record of it must hold, and nothing personal.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the vocabulary of the variants")]
pub enum Event {
    /// The instance was set up.
    InstanceInitialised { version: &'static str },
    /// A person created an account.
    AccountCreated { account: AccountId },
    /// A person changed fields of her profile.
    ProfileChanged { account: AccountId, session: SessionId, fields: Vec<&'static str> },
    /// A passkey was added, the first one together with the account.
    PasskeyAdded { account: AccountId, session: Option<SessionId>, passkey: CredentialId, synced: bool },
    /// A passkey was removed.
    PasskeyRemoved { account: AccountId, session: SessionId, passkey: CredentialId },
    /// A person signed in.
    SessionStarted {
        account: AccountId,
        session: SessionId,
        client: Option<ClientId>,
        passkey: CredentialId,
        acr: Acr,
        amr: Vec<Amr>,
    },
    /// A signed-in person proved again who she is.
    SessionRenewed {
        account: AccountId,
        session: SessionId,
        client: Option<ClientId>,
        passkey: CredentialId,
        acr: Acr,
        amr: Vec<Amr>,
    },
    /// A session ended.
    SessionEnded { account: AccountId, session: SessionId, why: SessionEnd },
    /// A sign-in was refused.
    SignInFailed { account: Option<AccountId>, client: Option<ClientId>, why: SignInFailure },
    /// A person agreed to share.
    ConsentGiven {
        account: AccountId,
        session: SessionId,
        client: ClientId,
        consent: ConsentId,
        scopes: ScopeSet,
        access: Access,
        details: Vec<AgreedDetail>,
        claims: Vec<ReleasedClaim>,
        acr: Acr,
        text_version: String,
    },
    /// A person declined to share.
    ConsentDeclined { account: AccountId, session: SessionId, client: ClientId, claims: BTreeSet<ClaimName> },
    /// A person took back what she had agreed to.
    ConsentWithdrawn { account: AccountId, session: SessionId, client: ClientId, consent: ConsentId },
    /// A person let a device of a system have what she agreed to.
    DeviceApproved { account: AccountId, session: SessionId, client: ClientId },
    /// A person did not let a device of a system in.
    DeviceDeclined { account: AccountId, session: SessionId, client: ClientId },
    /// What a system, or a device of it, asked for could not be given, although its person did not say no.
    AuthorizationRefused {
        account: AccountId,
        session: SessionId,
        client: ClientId,
        why: AuthorizationRefusal,
        is_device: bool,
    },
    /// A system received tokens.
    TokensIssued {
        account: AccountId,
        session: SessionId,
        client: ClientId,
        family: FamilyId,
        scopes: ScopeSet,
        access: Access,
        acr: Acr,
        offline: bool,
        by: IssuedBy,
        bound: Option<&'static str>,
    },
    /// A code was presented a second time.
    CodeReused { account: AccountId, client: ClientId, family: FamilyId },
    /// A code was refused.
    CodeRefused { account: AccountId, session: SessionId, client: ClientId, why: GrantRefusal },
    /// A system received fresh tokens.
    TokensRefreshed {
        account: AccountId,
        client: ClientId,
        family: FamilyId,
        scopes: ScopeSet,
        access: Access,
        bound: Option<&'static str>,
    },
    /// A system that was called for a person was given a token to call another one for her.
    TokenExchanged {
        account: AccountId,
        client: ClientId,
        family: FamilyId,
        from: String,
        audience: BTreeSet<ResourceUri>,
        scopes: ServiceScopes,
    },
    /// A replaced refresh token was presented.
    RefreshReused { account: AccountId, client: ClientId, family: FamilyId },
    /// A refresh token of `client` was refused.
    RefreshRefused { account: AccountId, client: ClientId, family: FamilyId, why: GrantRefusal },
    /// A system was given tokens for itself.
    ServiceTokensIssued {
        client: ClientId,
        audience: BTreeSet<ResourceUri>,
        scopes: ServiceScopes,
        details: BTreeSet<NamedDetail>,
        bound: Option<&'static str>,
        /// The workload that asked, and who vouched for it.
        workload: Option<WorkloadSubject>,
    },
    /// A system gave back a token that it had for itself.
    ServiceTokenRevoked { client: ClientId, token: ServiceTokenId },
    /// Everything that one authorization gave has ended.
    FamilyEnded { account: AccountId, client: ClientId, family: FamilyId, why: FamilyEnd },
    /// A system received claims.
    ClaimsReleased {
        account: AccountId,
        client: ClientId,
        family: FamilyId,
        claims: Vec<ReleasedClaim>,
        by: ReleasedBy,
    },
    /// A person signed out; `client` is the system that asked for it.
    Logout { account: AccountId, session: SessionId, client: Option<ClientId> },
    /// A person signed out of `client` alone.
    SystemLogout { account: AccountId, session: SessionId, client: ClientId },
    /// A system was told that a session has ended.
    LogoutDelivered {
        account: AccountId,
        session: SessionId,
        client: ClientId,
        delivery: LogoutDeliveryId,
        attempt: u32,
    },
    /// A system could not be told at this attempt. Nobody's own log holds it: there may be many, and it is not the end.
    LogoutPostponed {
        session: SessionId,
        client: ClientId,
        delivery: LogoutDeliveryId,
        attempt: u32,
        why: &'static str,
        status: Option<u16>,
        again_at: Timestamp,
    },
    /// A system could not be told, and nobody tries any more.
    LogoutGivenUp {
        account: AccountId,
        session: SessionId,
        client: ClientId,
        delivery: LogoutDeliveryId,
        attempt: u32,
        why: &'static str,
        status: Option<u16>,
    },
    /// A system was registered; `vouched_by` made the software statement with which it registered itself.
    ClientRegistered { client: ClientId, digest: String, vouched_by: Option<ClientId> },
    /// A registration was changed; `fields` names what, `vouched_by` who made the software statement of the change.
    ClientChanged { client: ClientId, fields: Vec<String>, digest: String, vouched_by: Option<ClientId> },
    /// A system was disabled.
    ClientDisabled { client: ClientId },
    /// A disabled system was enabled again.
    ClientEnabled { client: ClientId },
    /// A system was given a new secret.
    ClientSecretRotated { client: ClientId },
    /// The operator made a token that lets `count` systems register themselves.
    InitialTokenIssued { scopes: ScopeSet, count: u32, until: Timestamp },
    /// A signing key moved on to `state`.
    SigningKeyMoved { kid: String, algorithm: String, state: SigningKeyState },
    /// Keys were wrapped anew by this version of the master key.
    MasterKeyRotated { version: u32, rewrapped: u64 },
    /// The audit log was exported up to `size` entries.
    AuditExported { size: u64 },
}
