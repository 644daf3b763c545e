//! A request that is under way. It is stored nowhere: it travels sealed in the person's pages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::defaults::with_defaults;
use super::pushed::{Pushed, PushedId};
use super::request_object::Unpacked;
use super::{Destination, DeviceVisit, NoReplyTarget, Reply, ReplyTarget};
use crate::base::Timestamp;
use crate::base::ids::SessionId;
use crate::crypto::PagePurpose;
use crate::domain::audit::Place;
use crate::domain::client::Client;
use crate::domain::interaction::{OfferedDetail, OfferedResource};
use crate::domain::session::Session;
use crate::protocol::{AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, RawParams, Scope};
use crate::services::{Failure, Policy, Provider};

/// The most bytes of parameters: sealed, they still fit an address and a header.
pub const LARGEST_REQUEST: usize = 8 * 1024;

/// A request that may go on.
#[derive(Debug)]
pub struct Interaction {
    /// Where its answer goes.
    pub destination: Destination,
    /// What it asks for.
    pub request: AuthorizationRequest,
    /// The resources that it wants to call.
    pub resources: Vec<OfferedResource>,
    /// What exactly it wants to do there.
    pub details: Vec<OfferedDetail>,
    /// When it came.
    pub received_at: Timestamp,
    /// The session whose account the person chose for it.
    pub(super) chosen: Option<SessionId>,
    /// The name by which it was pushed.
    pub(super) pushed: Option<PushedId>,
    pub(super) params: String,
    /// Whether it came in a request object.
    pub(super) in_object: bool,
}

/// What came of a request's arrival.
#[derive(Debug)]
pub enum Received {
    /// It may go on.
    Begun(Box<Interaction>),
    /// The system hears what is wrong with it.
    Refused(Reply),
    /// Nobody can be told but the person.
    NoReply(NoReplyTarget),
}

/// Why a sealed request could not be taken up again.
#[derive(Debug)]
pub enum InteractionError {
    /// It waited too long. The person is offered the way back to the system.
    Expired(Arc<Client>),
    /// It began in another browser, or is no request of ours.
    OtherBrowser,
    /// The system was disabled or changed meanwhile.
    Withdrawn(NoReplyTarget),
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    received_at: Timestamp,
    params: String,
    pushed: Option<PushedId>,
    chosen: Option<SessionId>,
    device: Option<DeviceVisit>,
}

/// What a request is, once it is read.
pub(super) enum Understood {
    /// It may go on.
    Good(Box<Interaction>),
    /// Something is wrong with it.
    Refused(Box<ReplyTarget>, AuthorizationError),
    /// It does not say to whom an answer could go.
    NoReply(NoReplyTarget),
}

impl Interaction {
    /// The system that asked.
    pub fn client(&self) -> &Arc<Client> {
        self.destination.client()
    }

    /// The person goes on with the account of `session` (`prompt=select_account`).
    pub const fn choose(&mut self, session: &Session) {
        self.chosen = Some(session.id);
    }

    /// Whether its address stops working after a while: then it is left at once for one that goes on.
    pub const fn has_passing_address(&self) -> bool {
        self.pushed.is_some() || self.in_object
    }
}

impl Provider {
    /// Takes a request in: as it stands, in an object, or as it was pushed before.
    pub async fn receive(&self, params: &RawParams, place: &Place) -> Result<Received, Failure> {
        let understood = match self.pushed(params).await? {
            Pushed::No => self.arrived(params, place).await?,
            Pushed::Found(id, params) => self.understand(&params, self.now(), Some(id)),
            Pushed::Unknown(wrong) => Understood::NoReply(wrong),
        };
        Ok(match understood {
            Understood::Good(interaction) => Received::Begun(interaction),
            Understood::Refused(reply, error) => Received::Refused(self.refuse(&reply, error).await?),
            Understood::NoReply(wrong) => Received::NoReply(wrong),
        })
    }

    /// A request that the browser itself brought.
    async fn arrived(&self, params: &RawParams, place: &Place) -> Result<Understood, Failure> {
        let client = match ReplyTarget::client_of(self, params) {
            Ok(client) => client,
            Err(wrong) => return Ok(Understood::NoReply(wrong)),
        };
        // Nothing is fetched for who may not come by this way.
        let unpacked = match check_way(&client, None) {
            Ok(()) => self.unpack(&client, params, place).await?,
            Err(_) => Unpacked::Plain,
        };
        Ok(match unpacked {
            Unpacked::Plain => self.understand(params, self.now(), None),
            Unpacked::Request(request) => match self.understand(&request, self.now(), None) {
                Understood::Good(mut interaction) => {
                    interaction.in_object = true;
                    Understood::Good(interaction)
                }
                otherwise => otherwise,
            },
            Unpacked::Refused(error, request) => {
                let inside = request.and_then(|request| ReplyTarget::resolve(self, &request).ok());
                match inside.or_else(|| ReplyTarget::resolve(self, params).ok()) {
                    Some(reply) => Understood::Refused(Box::new(reply), error),
                    None => Understood::NoReply(NoReplyTarget::RequestObject(error)),
                }
            }
        })
    }

    pub(super) fn understand(
        &self,
        params: &RawParams,
        received_at: Timestamp,
        pushed: Option<PushedId>,
    ) -> Understood {
        let reply = match ReplyTarget::resolve(self, params) {
            Ok(reply) => reply,
            Err(wrong) => return Understood::NoReply(wrong),
        };
        let request = check_way(reply.client(), pushed.as_ref())
            .and_then(|()| self.authorization_request(params))
            .map(|request| with_defaults(request, &reply.client().registration, &self.policy.prefixes))
            .and_then(|request| check_registration(&request, reply.client()).map(|()| request))
            .and_then(|request| {
                let details = self.wanted_details(&request, reply.client())?;
                Ok((self.wanted_resources(&request, reply.client(), &details)?, details, request))
            });
        match request {
            Ok((resources, details, request)) => {
                let params = params.to_query();
                Understood::Good(Box::new(Interaction {
                    destination: Destination::System(reply),
                    request,
                    resources,
                    details,
                    received_at,
                    chosen: None,
                    pushed,
                    params,
                    in_object: false,
                }))
            }
            Err(error) => Understood::Refused(Box::new(reply), error),
        }
    }

    /// Reads a request. Where nobody's data are verified, nothing verified is asked of anybody.
    pub(super) fn authorization_request(
        &self,
        params: &RawParams,
    ) -> Result<AuthorizationRequest, AuthorizationError> {
        let mut request = AuthorizationRequest::parse(params, &self.policy.prefixes)?;
        request.claims.verified = request.claims.verified.under(self.policy.trust_frameworks());
        Ok(request)
    }

    /// The request as it travels in the pages of the browser whose digest is `holder`.
    pub fn seal_interaction(&self, holder: &[u8], interaction: &Interaction) -> String {
        let sealed = Sealed {
            received_at: interaction.received_at,
            params: interaction.params.clone(),
            pushed: interaction.pushed.clone(),
            chosen: interaction.chosen,
            device: interaction.destination.device().map(|device| device.visit.clone()),
        };
        let content = postcard::to_stdvec(&sealed).unwrap_or_default();
        self.keyring.seal_page(PagePurpose::Interaction, holder, &content, self.entropy())
    }

    /// Takes up a request that travelled in a page.
    pub fn open_interaction(&self, holder: &[u8], sealed: &str) -> Result<Interaction, InteractionError> {
        let content = self
            .keyring
            .open_page(PagePurpose::Interaction, holder, sealed)
            .map_err(|_| InteractionError::OtherBrowser)?;
        let Sealed { received_at, params, pushed, chosen, device } =
            postcard::from_bytes(content.expose()).map_err(|_| InteractionError::OtherBrowser)?;
        let params = RawParams::parse(params.as_bytes(), LARGEST_REQUEST)
            .map_err(|_| InteractionError::OtherBrowser)?;
        let understood = match device {
            None => self.understand(&params, received_at, pushed),
            Some(visit) => self.understand_device(&params, received_at, visit),
        };
        match understood {
            Understood::Good(interaction) if self.now().since(received_at) < Policy::INTERACTION_LIFETIME => {
                Ok(Interaction { chosen, ..*interaction })
            }
            Understood::Good(interaction) => Err(InteractionError::Expired(Arc::clone(interaction.client()))),
            // What was good when it came is bad now: the registration has changed.
            Understood::Refused(..) => Err(InteractionError::Withdrawn(NoReplyTarget::UnknownClient)),
            Understood::NoReply(wrong) => Err(InteractionError::Withdrawn(wrong)),
        }
    }
}

/// RFC 9126 §6: whoever is registered to push its requests sends none through the browser.
fn check_way(client: &Client, pushed: Option<&PushedId>) -> Result<(), AuthorizationError> {
    if client.registration.require_pushed_authorization_requests && pushed.is_none() {
        let description = "This client must push its requests; send the request_uri that /par gave.";
        return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description));
    }
    Ok(())
}

/// What the registration allows decides, never the request.
fn check_registration(request: &AuthorizationRequest, client: &Client) -> Result<(), AuthorizationError> {
    let registration = &client.registration;
    if !registration.response_types.contains(&request.response_type) {
        let description = "This client is not registered for this response_type.";
        return Err(AuthorizationError::new(AuthorizationErrorCode::UnauthorizedClient, description));
    }
    check_scope(request, client)?;
    // RFC 7636 §4.4.1; RFC 9700 §2.1.1 demands it of public clients and recommends it for all.
    if registration.require_pkce && request.response_type.gives_code() && request.code_challenge.is_none() {
        let description = "code_challenge is missing; send one with code_challenge_method=S256.";
        return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description));
    }
    Ok(())
}

pub(super) fn check_scope(request: &AuthorizationRequest, client: &Client) -> Result<(), AuthorizationError> {
    let registered = &client.registration.scope;
    if request.scope.is_subset(registered) {
        return Ok(());
    }
    let beyond: Vec<&str> = request.scope.difference(registered).iter().map(Scope::as_str).collect();
    let description = format!("This client is not registered for the scope {}.", beyond.join(" "));
    Err(AuthorizationError::new(AuthorizationErrorCode::InvalidScope, description))
}
