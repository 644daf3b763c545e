//! A request that is under way. It is stored nowhere: it travels sealed in the person's pages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{NoReplyTarget, Reply, ReplyTarget};
use crate::base::Timestamp;
use crate::crypto::PagePurpose;
use crate::domain::client::Client;
use crate::protocol::{AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, RawParams, Scope};
use crate::services::{Policy, Provider};

/// The most bytes of parameters: sealed, they still fit an address and a header.
pub const LARGEST_REQUEST: usize = 8 * 1024;

/// A request that may go on.
#[derive(Debug)]
pub struct Interaction {
    /// Where its answer goes.
    pub reply: ReplyTarget,
    /// What it asks for.
    pub request: AuthorizationRequest,
    /// When it came.
    pub received_at: Timestamp,
    params: String,
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
}

impl Interaction {
    /// The system that asked.
    pub fn client(&self) -> &Arc<Client> {
        self.reply.client()
    }
}

impl Provider {
    /// Takes a request in.
    pub fn receive(&self, params: &RawParams) -> Received {
        self.understand(params, self.now())
    }

    fn understand(&self, params: &RawParams, received_at: Timestamp) -> Received {
        let reply = match ReplyTarget::resolve(self, params) {
            Ok(reply) => reply,
            Err(wrong) => return Received::NoReply(wrong),
        };
        let request = AuthorizationRequest::parse(params, &self.policy.prefixes)
            .and_then(|request| check_registration(&request, reply.client()).map(|()| request));
        match request {
            Ok(request) => Received::Begun(Box::new(Interaction {
                reply,
                request,
                received_at,
                params: params.to_query(),
            })),
            Err(error) => Received::Refused(reply.error(&error)),
        }
    }

    /// The request as it travels in the pages of the browser whose digest is `holder`.
    pub fn seal_interaction(&self, holder: &[u8], interaction: &Interaction) -> String {
        let sealed = Sealed { received_at: interaction.received_at, params: interaction.params.clone() };
        let content = postcard::to_stdvec(&sealed).unwrap_or_default();
        self.keyring.seal_page(PagePurpose::Interaction, holder, &content, self.entropy())
    }

    /// Takes up a request that travelled in a page.
    pub fn open_interaction(&self, holder: &[u8], sealed: &str) -> Result<Interaction, InteractionError> {
        let content = self
            .keyring
            .open_page(PagePurpose::Interaction, holder, sealed)
            .map_err(|_| InteractionError::OtherBrowser)?;
        let Sealed { received_at, params } =
            postcard::from_bytes(content.expose()).map_err(|_| InteractionError::OtherBrowser)?;
        let params = RawParams::parse(params.as_bytes(), LARGEST_REQUEST)
            .map_err(|_| InteractionError::OtherBrowser)?;
        match self.understand(&params, received_at) {
            Received::Begun(interaction) if self.now().since(received_at) < Policy::INTERACTION_LIFETIME => {
                Ok(*interaction)
            }
            Received::Begun(interaction) => Err(InteractionError::Expired(Arc::clone(interaction.client()))),
            // What was good when it came is bad now: the registration has changed.
            Received::Refused(_) => Err(InteractionError::Withdrawn(NoReplyTarget::UnknownClient)),
            Received::NoReply(wrong) => Err(InteractionError::Withdrawn(wrong)),
        }
    }
}

/// What the registration allows decides, never the request.
fn check_registration(request: &AuthorizationRequest, client: &Client) -> Result<(), AuthorizationError> {
    let registration = &client.registration;
    if !registration.response_types.contains(&request.response_type) {
        let description = "This client is not registered for this response_type.";
        return Err(AuthorizationError::new(AuthorizationErrorCode::UnauthorizedClient, description));
    }
    if !request.scope.is_subset(&registration.scope) {
        let beyond: Vec<&str> =
            request.scope.difference(&registration.scope).iter().map(Scope::as_str).collect();
        let description = format!("This client is not registered for the scope {}.", beyond.join(" "));
        return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidScope, description));
    }
    // RFC 7636 §4.4.1; RFC 9700 §2.1.1 demands it of public clients and recommends it for all.
    if registration.require_pkce && request.response_type.gives_code() && request.code_challenge.is_none() {
        let description = "code_challenge is missing; send one with code_challenge_method=S256.";
        return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description));
    }
    Ok(())
}
