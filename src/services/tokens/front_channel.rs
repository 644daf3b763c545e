//! Tokens that travel through the browser, in the answer of the authorization endpoint (OIDC Core §3.2, §3.3).

use std::collections::BTreeSet;

use super::mint::{Beside, Minting};
use super::reach::Reach;
use super::redeem_code::Start;
use crate::base::Secret;
use crate::base::ids::FamilyId;
use crate::domain::access::GrantedDetail;
use crate::domain::audit::{Actor, IssuedBy, Origin, ReleasedBy};
use crate::domain::client::Client;
use crate::domain::session::Session;
use crate::domain::token_family::{Authorized, TokenFamily};
use crate::protocol::{
    ClaimName, FrontChannelGrant, FrontChannelToken, ResponseType, State, TokenResponse, TokenType,
    VerifiedWish,
};
use crate::services::userinfo::Asked;
use crate::services::{Failure, Policy, Provider};

/// What is to be given by way of the browser.
#[derive(Debug)]
pub struct FrontChannel<'a> {
    /// To whom.
    pub client: &'a Client,
    /// In which session.
    pub session: &'a Session,
    /// What was asked for.
    pub response_type: ResponseType,
    /// What may be given.
    pub authorized: Authorized,
    /// What exactly may be done at resources.
    pub details: Vec<GrantedDetail>,
    /// The code that goes with it.
    pub code: Option<String>,
    /// The state that goes with it.
    pub state: Option<&'a State>,
}

impl Provider {
    /// Gives what `asked` says: recorded, and in a family of its own that ends with its session, before anybody is
    /// answered. Nothing where session, account or consent have ended meanwhile.
    pub async fn issue_front_channel(
        &self,
        asked: FrontChannel<'_>,
        origin: &Origin,
    ) -> Result<Option<FrontChannelGrant>, Failure> {
        let FrontChannel { client, session, response_type, authorized, details, code, state } = asked;
        let encrypter = self.encrypter(client, client.registration.id_token_encrypted_response).await?;
        let (claims, verified) = told_here(response_type, &authorized);
        let asked = Asked { claims: &claims, verified: &verified };
        let told = self.told_in_id_token(client, session.account_id, asked).await?;
        // Looked at when the request was: only a registration that changes in this moment refuses it, as it will be then.
        let Ok(reach) = self.reach(client, &authorized, &details, &[]) else { return Ok(None) };
        let family = self.front_channel_family(client, session, authorized);
        let minting = Minting {
            client,
            family: &family,
            reach: &reach,
            nonce: family.authorized.nonce.as_ref(),
            claims: &told.claims,
            refresh_token: None,
            encrypter: encrypter.as_ref(),
            confirmation: None,
        };
        let (access_token, kept) = match response_type.gives_access_token() {
            true => {
                let made = self.mint_access_token(&minting)?;
                (Some(made.text), made.kept)
            }
            false => (None, None),
        };
        let beside = Beside {
            access_token: access_token.as_deref(),
            code: code.as_deref(),
            state: state.map(State::as_str),
        };
        let id_token = match response_type.gives_id_token() {
            true => Some(self.mint_id_token(&minting, beside)?),
            false => None,
        };
        let mut events = vec![self.issued(client, &family, IssuedBy::FrontChannel, None).from_origin(origin)];
        if !told.names.is_empty() {
            let mut released = self.released(client, &family, &told.names, ReleasedBy::IdToken);
            released.actor = Actor::Person(family.account_id);
            events.push(released.from_origin(origin));
        }
        Ok(match self.start_family(&family, None, kept.as_ref(), &events, origin).await? {
            Start::Started => Some(FrontChannelGrant {
                code: code.map(Secret::new),
                access_token: access_token.map(|token| FrontChannelToken::of(&answer(token, &reach))),
                id_token: id_token.map(Secret::new),
                session_state: None,
            }),
            Start::Reused | Start::NoLongerAuthorized => None,
        })
    }

    /// Not the family of the code beside it: that one begins when the code is redeemed, if ever.
    fn front_channel_family(
        &self,
        client: &Client,
        session: &Session,
        authorized: Authorized,
    ) -> TokenFamily {
        let now = self.now();
        TokenFamily {
            id: FamilyId::generate(now, self.entropy()),
            account_id: session.account_id,
            client_id: client.registration.client_id.clone(),
            session_id: session.id,
            offline: false,
            // Nothing is ever asked of it again: no refresh token goes by way of the browser.
            details: None,
            authorized,
            // Nobody shows a key to the authorization endpoint.
            bound_to: None,
            created_at: now,
            ended_at: None,
        }
    }
}

/// OIDC Core §5.4: where an ID token is all that is given, it is the only place for claims. Everywhere else it stays
/// small: a code or an access token fetches them by a way that no browser history keeps.
fn told_here(
    response_type: ResponseType,
    authorized: &Authorized,
) -> (BTreeSet<ClaimName>, Vec<VerifiedWish>) {
    let Authorized { id_token_claims, userinfo_claims, verified, .. } = authorized;
    match response_type {
        ResponseType::IdToken => (
            id_token_claims.union(userinfo_claims).copied().collect(),
            verified.id_token.iter().chain(&verified.userinfo).cloned().collect(),
        ),
        _ => (BTreeSet::new(), Vec::new()),
    }
}

fn answer(access_token: String, reach: &Reach) -> TokenResponse {
    TokenResponse {
        access_token,
        issued_token_type: None,
        token_type: TokenType::Bearer,
        expires_in: Policy::ACCESS_TOKEN_LIFETIME,
        refresh_token: None,
        scope: reach.scope(),
        authorization_details: reach.details.clone(),
        id_token: None,
    }
}
