//! Forms: taken only from our own pages, in the browser and by the person they were shown to.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::App;
use super::error::PageError;
use super::render::{return_link, see_other};
use super::visitor::{Member, Visitor};
use crate::protocol::RawParams;
use crate::protocol::params::BODY_LIMIT;
use crate::services::authorization::InteractionError;
use crate::view::Trouble;

/// A form of ours, sent by whoever it was shown to.
#[derive(Debug)]
pub struct Posted {
    /// Who sent it.
    pub visitor: Visitor,
    fields: RawParams,
}

/// A form of ours, sent by somebody who is signed in. Whoever is not is sent to sign in.
#[derive(Debug)]
pub struct PostedByMember {
    /// Who sent it.
    pub member: Member,
    fields: RawParams,
}

impl Posted {
    /// The value of a field; empty where it was not sent. Sent twice, it is no form of ours.
    pub fn field(&self, name: &'static str) -> Result<&str, PageError> {
        field(&self.fields, name)
    }

    /// Every value of a field that may be ticked more than once.
    pub fn every<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(given, _)| *given == name).map(|(_, value)| value)
    }
}

impl PostedByMember {
    /// The value of a field; empty where it was not sent. Sent twice, it is no form of ours.
    pub fn field(&self, name: &'static str) -> Result<&str, PageError> {
        field(&self.fields, name)
    }
}

fn field<'a>(fields: &'a RawParams, name: &'static str) -> Result<&'a str, PageError> {
    let value = fields.get(name).map_err(|repeated| PageError::new(Trouble::BadInput).because(repeated))?;
    Ok(value.unwrap_or_default())
}

/// Why a form was not taken.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum NotOurs {
    #[error("the browser says that another site sent the form")]
    OtherSite,
    #[error("the form token is missing, of another browser or person, or too old")]
    Token,
}

impl FromRequest<Arc<App>> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let fields = match is_form(&parts) {
            true => to_bytes(body, BODY_LIMIT)
                .await
                .map_err(|error| PageError::new(Trouble::TooLarge).because(error))?,
            false => return Err(Trouble::BadInput.into()),
        };
        let fields = RawParams::parse(&fields, BODY_LIMIT)
            .map_err(|error| PageError::new(Trouble::BadInput).because(error))?;
        let signed_in = visitor.session.as_ref().map(|session| session.account_id);
        let token = field(&fields, "form_token")?;
        if !is_same_site(&parts.headers, app.provider.policy().issuer.origin()) {
            return Err(stale(app, &visitor, &fields, NotOurs::OtherSite));
        }
        if !app.provider.accepts_form_token(&visitor.holder, signed_in, token) {
            return Err(stale(app, &visitor, &fields, NotOurs::Token));
        }
        Ok(Self { visitor, fields })
    }
}

impl FromRequest<Arc<App>> for PostedByMember {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let Posted { visitor, fields } =
            Posted::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        match visitor.session.clone() {
            Some(session) => Ok(Self { member: Member { visitor, session }, fields }),
            None => Err(see_other(app, &visitor, "/sign-in")),
        }
    }
}

fn is_form(parts: &Parts) -> bool {
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// What the browser itself says about who made it send the form. Our pages send no referrer, for which browsers give
/// their origin as `null` (Fetch §3.2); those then say more in `Sec-Fetch-Site`, and the token stands behind both.
fn is_same_site(headers: &HeaderMap, ours: &str) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_owned());
    let origin = said("origin").is_none_or(|origin| origin == ours || origin == "null");
    let site = said("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    origin && site
}

/// Nothing was done and nothing is lost: where a system waits, the way back to it is on the page.
fn stale(app: &App, visitor: &Visitor, fields: &RawParams, why: NotOurs) -> PageError {
    let sealed = fields.get("interaction").ok().flatten();
    let client = sealed.and_then(|sealed| match app.provider.open_interaction(&visitor.holder, sealed) {
        Ok(interaction) => Some(Arc::clone(interaction.client())),
        Err(InteractionError::Expired(client)) => Some(client),
        Err(InteractionError::OtherBrowser | InteractionError::Withdrawn(_)) => None,
    });
    let link = client.and_then(|client| return_link(&client, visitor.locale()));
    PageError::new(Trouble::StaleForm).returning_to(link).because(why)
}
