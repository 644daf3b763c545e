//! What a request needs next, found with all that is known of browser and person.

use std::borrow::Cow;

use super::{ConsentPage, Destination, Interaction, NoReplyTarget, OnDevice, Reply};
use crate::base::Secret;
use crate::crypto::jwe::EncryptedJwt;
use crate::crypto::jwt::{JwtType, verify_jwt};
use crate::domain::audit::{AuthorizationRefusal, Origin};
use crate::domain::consent::Consent;
use crate::domain::interaction::{self, Grant, Named, SignInReason, Situation, Step};
use crate::domain::session::Session;
use crate::domain::token_family::Authorized;
use crate::protocol::{
    AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, FrontChannelGrant, IdTokenHint,
    IdTokenHintClaims,
};
use crate::services::tokens::FrontChannel;
use crate::services::{Failure, Provider};

/// What comes next.
#[derive(Debug)]
pub enum NextStep {
    /// The sign-in page.
    SignIn(SignInReason),
    /// The page on which the person says whether it is the account that is signed in.
    SelectAccount,
    /// The page on which the person sees what will be shared.
    Consent(Box<ConsentPage>),
    /// The page on which the person compares the code of a device with her own.
    ConfirmDevice,
    /// Her part is over; the device asks for the rest.
    OnDevice(OnDevice),
    /// The browser carries this to the system.
    Answer(Reply),
    /// It was answered before, and is answered once.
    NoReply(NoReplyTarget),
}

impl Provider {
    /// Finds what `interaction` needs next from the browser whose session is `session`, where its person answered `consent`
    /// to the system.
    pub async fn next_step(
        &self,
        interaction: &Interaction,
        session: Option<&Session>,
        consent: Option<&Consent>,
        origin: &Origin,
    ) -> Result<NextStep, Failure> {
        if let Some(device) = interaction.destination.device()
            && let Some(outcome) = self.device_outcome(device, session).await?
        {
            return Ok(NextStep::OnDevice(outcome));
        }
        match (self.decide(interaction, session, consent), session) {
            (Step::Issue(grant), Some(session)) => self.issue(interaction, grant, session, origin).await,
            (Step::Consent(offer), Some(session)) => {
                Ok(NextStep::Consent(Box::new(self.consent_page(offer, session).await?)))
            }
            (Step::SelectAccount, _) => Ok(NextStep::SelectAccount),
            (Step::SignIn(reason), _) => Ok(NextStep::SignIn(reason)),
            (Step::ConfirmDevice, Some(_)) => Ok(NextStep::ConfirmDevice),
            (Step::Refuse(code), session) => self.refuse_step(interaction, code, session, origin).await,
            (Step::Issue(_) | Step::Consent(_) | Step::ConfirmDevice, None) => {
                Ok(NextStep::SignIn(SignInReason::NobodySignedIn))
            }
        }
    }

    /// What cannot be given stands on record where there is somebody in whose log it can.
    async fn refuse_step(
        &self,
        interaction: &Interaction,
        code: AuthorizationErrorCode,
        session: Option<&Session>,
        origin: &Origin,
    ) -> Result<NextStep, Failure> {
        let is_silent = interaction.request.prompt.is_silent();
        // To be told that a page is needed, where none may be shown, is no refusal yet.
        let why = AuthorizationRefusal::behind(code)
            .filter(|why| !is_silent || *why == AuthorizationRefusal::LevelNotMet);
        match (&interaction.destination, session) {
            (Destination::System(reply), session) => {
                if let (Some(why), Some(session)) = (why, session) {
                    self.record_refused_request(interaction, session, why, origin).await?;
                }
                Ok(NextStep::Answer(self.refuse(reply, refusal(code)).await?))
            }
            (Destination::Device(device), Some(session)) => {
                let why = why.unwrap_or(AuthorizationRefusal::OtherPerson);
                Ok(NextStep::OnDevice(self.refuse_device(device, why, session, origin).await?))
            }
            (Destination::Device(_), None) => Ok(NextStep::SignIn(SignInReason::NobodySignedIn)),
        }
    }

    /// Why `interaction` needs a sign-in from the browser whose session is `session`; nothing where it needs none.
    pub async fn sign_in_reason(
        &self,
        interaction: &Interaction,
        session: Option<&Session>,
    ) -> Result<Option<SignInReason>, Failure> {
        let consent = self.remembered(interaction, session).await?;
        Ok(match self.decide(interaction, session, consent.as_ref()) {
            Step::SignIn(reason) => Some(reason),
            Step::SelectAccount
            | Step::Consent(_)
            | Step::ConfirmDevice
            | Step::Issue(_)
            | Step::Refuse(_) => None,
        })
    }

    fn decide(
        &self,
        interaction: &Interaction,
        session: Option<&Session>,
        consent: Option<&Consent>,
    ) -> Step {
        interaction::next(&Situation {
            request: &interaction.request,
            received_at: interaction.received_at,
            client: interaction.client(),
            resources: &interaction.resources,
            details: &interaction.details,
            chosen: interaction.chosen,
            session,
            named: self.named(interaction, session),
            device: interaction.destination.for_device(),
            consent,
            now: self.now(),
        })
    }

    pub(super) async fn remembered(
        &self,
        interaction: &Interaction,
        session: Option<&Session>,
    ) -> Result<Option<Consent>, Failure> {
        let Some(session) = session else { return Ok(None) };
        let client = &interaction.client().registration.client_id;
        Ok(self.db.read().await?.consent(session.account_id, client).await?)
    }

    async fn issue(
        &self,
        interaction: &Interaction,
        grant: Grant,
        session: &Session,
        origin: &Origin,
    ) -> Result<NextStep, Failure> {
        let request = &interaction.request;
        let reply = match &interaction.destination {
            Destination::System(reply) => reply,
            Destination::Device(device) => {
                let details = grant.details.clone();
                let authorized = (authorized(grant, session, request), details);
                return Ok(NextStep::OnDevice(
                    self.approve_device(device, authorized, session, origin).await?,
                ));
            }
        };
        // An answer that could not be encrypted is found out before anything is used up for it.
        self.reply_encrypter(reply).await?;
        if request.response_type.gives_id_token() {
            let client = interaction.client();
            self.encrypter(client, client.registration.id_token_encrypted_response).await?;
        }
        if !self.use_pushed(interaction).await? {
            return Ok(NextStep::NoReply(NoReplyTarget::UsedRequestUri));
        }
        let code = match request.response_type.gives_code() {
            true => Some(self.seal_code(reply, request, &grant, session).await?),
            false => None,
        };
        let session_state = self.session_state(interaction.client(), reply.redirect_uri(), session);
        if !request.response_type.is_front_channel() {
            let code = code.map(Secret::new);
            return Ok(NextStep::Answer(
                self.grant(reply, FrontChannelGrant { code, session_state, ..FrontChannelGrant::default() })
                    .await?,
            ));
        }
        let asked = FrontChannel {
            client: interaction.client(),
            session,
            response_type: request.response_type,
            details: grant.details.clone(),
            authorized: authorized(grant, session, request),
            code,
            state: reply.state(),
        };
        Ok(match self.issue_front_channel(asked, origin).await? {
            Some(grant) => {
                NextStep::Answer(self.grant(reply, FrontChannelGrant { session_state, ..grant }).await?)
            }
            // It ended between being looked at and being used.
            None => NextStep::SignIn(SignInReason::NobodySignedIn),
        })
    }

    pub(super) fn named(&self, interaction: &Interaction, session: Option<&Session>) -> Named {
        let request = &interaction.request;
        let signed_in = session.map(|session| self.subject(interaction.client(), session.account_id));
        let hint = request.id_token_hint.as_ref().map(|hint| self.hinted_subject(hint));
        let is_meant =
            |meant: Option<&str>| signed_in.as_deref().is_some_and(|subject| meant == Some(subject));
        let by_hint = hint.as_ref().is_none_or(|hint| is_meant(hint.as_deref()));
        let by_claim = request.claims.subjects.is_empty()
            || request.claims.subjects.iter().any(|subject| is_meant(Some(subject)));
        match (hint.is_none() && request.claims.subjects.is_empty(), by_hint && by_claim) {
            (true, _) => Named::Nobody,
            (false, true) => Named::WhoIsSignedIn,
            (false, false) => Named::SomebodyElse,
        }
    }

    /// Whom a hint names. Expired ID tokens are good hints (OIDC Core §3.1.2.1); forged ones name nobody.
    fn hinted_subject(&self, hint: &IdTokenHint) -> Option<String> {
        self.read_hint(hint).map(|claims| claims.sub)
    }

    pub(in crate::services) fn read_hint(&self, hint: &IdTokenHint) -> Option<IdTokenHintClaims> {
        // OIDC Core §3.1.2.1: a client may encrypt it to us.
        let hint = match EncryptedJwt::has_form(hint.as_str()) {
            true => Cow::Owned(self.decrypted(hint.as_str())?),
            false => Cow::Borrowed(hint.as_str()),
        };
        let claims: IdTokenHintClaims = verify_jwt(&hint, JwtType::IdToken, self.keys().verifying()).ok()?;
        (claims.iss == self.policy.issuer.as_str()).then_some(claims)
    }
}

fn authorized(grant: Grant, session: &Session, request: &AuthorizationRequest) -> Authorized {
    Authorized {
        scopes: grant.scopes,
        access: grant.access,
        userinfo_claims: grant.userinfo_claims,
        id_token_claims: grant.id_token_claims,
        verified: grant.verified,
        auth_time: session.authenticated_at,
        acr: session.acr,
        amr: session.amr.clone(),
        nonce: request.nonce.clone(),
    }
}

fn refusal(code: AuthorizationErrorCode) -> AuthorizationError {
    let description = match code {
        AuthorizationErrorCode::LoginRequired => {
            "The person has to sign in, and prompt=none allows no page; or another person than the one meant has signed in."
        }
        AuthorizationErrorCode::ConsentRequired => {
            "The person has to be asked what may be shared, and prompt=none allows no page."
        }
        AuthorizationErrorCode::UnmetAuthenticationRequirements => {
            "No way of signing in here reaches an essential acr value that was asked for."
        }
        _ => "The request cannot be answered.",
    };
    AuthorizationError::new(code, description)
}
