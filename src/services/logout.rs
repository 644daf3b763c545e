//! Signing out at a system's wish (RP-Initiated Logout 1.0).

use std::sync::Arc;

use super::{Failure, Provider};
use crate::crypto::PagePurpose;
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::client::Client;
use crate::domain::session::{Session, SessionEnd};
use crate::domain::token_family::FamilyEnd;
use crate::protocol::params::BODY_LIMIT;
use crate::protocol::{ClientId, IdTokenHintClaims, LogoutRequest, RawParams};

/// What a request to sign out comes to.
#[derive(Debug)]
pub enum Logout {
    /// Nobody is signed in: the person goes on.
    NobodySignedIn(WayBack),
    /// A valid hint names this very person and system: nothing needs to be asked.
    Certain(WayBack),
    /// Anybody could have sent her here: she is asked.
    Ask(WayBack),
}

/// Where the person goes afterwards.
#[derive(Clone, Debug, Default)]
pub struct WayBack {
    /// The system that asked, where it is known.
    pub client: Option<Arc<Client>>,
    /// Its registered address with the request's state, where one was asked for.
    pub location: Option<String>,
    /// What a page must allow as the target of its form, so that the browser gets there.
    pub csp_source: Option<String>,
}

/// What the page after a sign-out frames, so that a system forgets its own session (Front-Channel Logout §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutFrame {
    /// The system's address, with `iss` and `sid`.
    pub address: String,
    /// Its origin, for the page's policy.
    pub csp_source: String,
}

/// Why a request to sign out is not followed. The person is told; nobody is redirected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoutRefused {
    /// The hint is no ID token of ours.
    #[error("id_token_hint is not an ID token of this provider")]
    Hint,
    /// `client_id` is not whom the hint was issued to.
    #[error("client_id and id_token_hint name different clients")]
    OtherClient,
    /// There is no such system.
    #[error("the client is unknown or disabled")]
    UnknownClient,
    /// The address is not registered for this system, or no system was named.
    #[error("the post_logout_redirect_uri is not registered for this client")]
    UnregisteredRedirectUri,
}

impl Provider {
    /// Understands a request to sign out.
    pub fn logout(
        &self,
        request: &LogoutRequest,
        session: Option<&Session>,
    ) -> Result<Logout, LogoutRefused> {
        let hint = match &request.id_token_hint {
            Some(hint) => Some(self.read_hint(hint).ok_or(LogoutRefused::Hint)?),
            None => None,
        };
        let client = self.logout_client(request, hint.as_ref())?;
        let way_back = way_back(request, client.clone())?;
        let Some(session) = session else { return Ok(Logout::NobodySignedIn(way_back)) };
        let is_hers = |hint: &IdTokenHintClaims, client: &Client| {
            hint.sub == self.subject(client, session.account_id)
                && hint.sid.as_deref().is_none_or(|sid| sid == self.sid(client, session.id))
        };
        match (&hint, &client) {
            (Some(hint), Some(client)) if is_hers(hint, client) => Ok(Logout::Certain(way_back)),
            _ => Ok(Logout::Ask(way_back)),
        }
    }

    fn logout_client(
        &self,
        request: &LogoutRequest,
        hint: Option<&IdTokenHintClaims>,
    ) -> Result<Option<Arc<Client>>, LogoutRefused> {
        let id = match (&request.client_id, hint) {
            (Some(named), Some(hint)) if named.as_str() != hint.aud => {
                return Err(LogoutRefused::OtherClient);
            }
            (Some(named), _) => named.clone(),
            (None, Some(hint)) => ClientId::parse(&hint.aud).map_err(|_| LogoutRefused::UnknownClient)?,
            (None, None) => return Ok(None),
        };
        self.client(&id).map(Some).ok_or(LogoutRefused::UnknownClient)
    }

    /// A request to sign out as it travels in the page that asks.
    pub fn seal_logout(&self, holder: &[u8], params: &RawParams) -> String {
        self.keyring.seal_page(PagePurpose::Logout, holder, params.to_query().as_bytes(), self.entropy())
    }

    /// Takes up a request to sign out that travelled in a page; nothing where it is not one of this browser's.
    pub fn open_logout(&self, holder: &[u8], sealed: &str) -> Option<LogoutRequest> {
        let opened = self.keyring.open_page(PagePurpose::Logout, holder, sealed).ok()?;
        let params = RawParams::parse(opened.expose(), BODY_LIMIT).ok()?;
        LogoutRequest::parse(&params).ok()
    }

    /// Signs a person out: her session ends, and with it every authorization that does not outlive it.
    pub async fn sign_out(
        &self,
        session: &Session,
        client: Option<&Client>,
        origin: &Origin,
    ) -> Result<Vec<LogoutFrame>, Failure> {
        let owner = self.owner(session.account_id).await?;
        let key = self.data_key(session.account_id, &owner.data_key)?;
        let logout = Event::Logout {
            account: session.account_id,
            session: session.id,
            client: client.map(|client| client.registration.client_id.clone()),
        };
        let event = self.event(Actor::Person(session.account_id), logout).from_origin(origin);
        let record = self.personal_entry(&event, &key);
        self.write_end(async |tx| {
            if self
                .end_session_in(tx, session.id, &key, session.account_id, SessionEnd::SignedOut, origin)
                .await?
            {
                tx.record(&record);
            }
            let systems = tx.clients_of_session(session.id).await?;
            Ok(systems.iter().filter_map(|system| self.logout_frame(system, session)).collect())
        })
        .await
    }

    fn logout_frame(&self, client: &ClientId, session: &Session) -> Option<LogoutFrame> {
        let client = self.known_client(client)?;
        let uri = client.registration.frontchannel_logout_uri.as_ref()?;
        let (iss, sid) = (self.policy.issuer.as_str(), self.sid(&client, session.id));
        let address = uri.with_query([("iss", iss), ("sid", &sid)]);
        Some(LogoutFrame { address, csp_source: uri.csp_source() })
    }

    /// Signs a person out of `client` alone: what it got in this session ends, but for what outlives sessions, and it is
    /// told so. She stays signed in.
    pub async fn sign_out_of(
        &self,
        session: &Session,
        client: &Client,
        origin: &Origin,
    ) -> Result<Option<LogoutFrame>, Failure> {
        let (account, client) = (session.account_id, &client.registration.client_id);
        let (_, key) = self.keyed_owner(account).await?;
        let event = Event::SystemLogout { account, session: session.id, client: client.clone() };
        let event = self.event(Actor::Person(account), event).from_origin(origin);
        let record = self.personal_entry(&event, &key);
        self.write_end(async |tx| {
            tx.record(&record);
            let why = FamilyEnd::SignedOut;
            let families = tx.end_families_at_client(session.id, client, why, self.now()).await?;
            self.record_ended_families(tx, account, &key, &families, why, origin)?;
            if !tx.clients_of_session(session.id).await?.contains(client) {
                return Ok(None);
            }
            self.announce_end_at(tx, session.id, account, client).await?;
            Ok(self.logout_frame(client, session))
        })
        .await
    }
}

fn way_back(request: &LogoutRequest, client: Option<Arc<Client>>) -> Result<WayBack, LogoutRefused> {
    let Some(wanted) = &request.post_logout_redirect_uri else {
        return Ok(WayBack { client, ..WayBack::default() });
    };
    let registered = client.iter().flat_map(|client| &client.registration.post_logout_redirect_uris);
    let found = registered
        .into_iter()
        .find(|uri| uri.matches(wanted))
        .ok_or(LogoutRefused::UnregisteredRedirectUri)?;
    let location = found.with_query(request.state.iter().map(|state| ("state", state.as_str())));
    let csp_source = Some(found.csp_source());
    Ok(WayBack { client, location: Some(location), csp_source })
}
