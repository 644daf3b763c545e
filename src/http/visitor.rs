//! Whoever is at the other end: the browser, the person signed in there, her language, where she is.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::App;
use super::bearing::{Bearing, Language};
use super::cookies::Cookie;
use super::error::PageError;
use super::render::see_other;
use crate::domain::audit::Origin;
use crate::domain::consent::Consent;
use crate::domain::presence::Presence;
use crate::domain::session::Session;
use crate::protocol::{ClientId, Locale};
use crate::view::Trouble;
use crate::view::agent::device_name;

/// Whoever sent the request. Read from it by axum; new cookies leave with every answer that `render` makes for it.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What sealed pages are bound to.
    pub holder: Vec<u8>,
    /// The live session.
    pub session: Option<Session>,
    /// Where she acts from, and by which request.
    pub origin: Origin,
    pub(super) bearing: Bearing,
    pub(super) new_cookies: Vec<HeaderValue>,
}

/// Whoever sent the request, before it is looked up who that is.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// As a visitor who is not signed in.
    pub nobody: Visitor,
    session_cookie: Option<String>,
}

/// A visitor who is signed in. Whoever is not is sent to sign in.
#[derive(Clone, Debug)]
pub struct Member {
    /// The visitor.
    pub visitor: Visitor,
    /// Her session.
    pub session: Session,
}

impl Visitor {
    /// The language of the answer.
    pub const fn locale(&self) -> Locale {
        self.bearing.language.locale()
    }

    /// The number of the request.
    pub fn reference(&self) -> &str {
        self.bearing.reference.as_str()
    }

    /// The system wishes for a language. The person's own choice goes before it, the browser's setting after
    /// (OIDC Core §3.1.2.1, `ui_locales`).
    pub fn prefer(&mut self, wished: Option<Locale>) {
        if let (Language::Assumed(_), Some(locale)) = (self.bearing.language, wished) {
            self.bearing.language = Language::Assumed(locale);
        }
    }

    /// Browser and system in a few words, where they are known.
    pub fn device(&self) -> Option<String> {
        self.origin.place.device.as_deref().and_then(device_name)
    }

    /// Gives the browser its session's cookie.
    pub fn keep_session(&mut self, app: &App, token: &str) {
        self.new_cookies.extend(Cookie::Session.set(app, token));
        self.new_cookies.extend(Cookie::State.remove(app));
    }

    /// Lets the systems that are told of her session see when it changes.
    pub fn show_state(&mut self, app: &App) {
        let state = self.session.as_ref().map(|session| app.provider.browser_state(session));
        self.new_cookies.extend(state.and_then(|state| Cookie::State.set(app, &state)));
    }

    /// Takes the session's cookie from the browser.
    pub fn forget_session(&mut self, app: &App) {
        self.session = None;
        self.new_cookies.extend(Cookie::State.remove(app));
        self.new_cookies.extend(Cookie::Session.remove(app));
    }
}

impl Arrival {
    /// Who it is.
    pub async fn visitor(self, app: &App) -> Result<Visitor, PageError> {
        let session = match self.session_cookie.as_deref() {
            Some(cookie) => app.provider.session_of(cookie).await?,
            None => None,
        };
        Ok(Visitor { session, ..self.nobody })
    }

    /// Who it is, and what she answered to `client`, which asks.
    pub async fn visitor_before(
        self,
        app: &App,
        client: &ClientId,
    ) -> Result<(Visitor, Option<Consent>), PageError> {
        let presence = match self.session_cookie.as_deref() {
            Some(cookie) => app.provider.presence(cookie, Some(client)).await?,
            None => None,
        };
        let (session, consent) = match presence {
            Some(Presence { session, consent }) => (Some(session), consent),
            None => (None, None),
        };
        Ok((Visitor { session, ..self.nobody }, consent))
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, PageError> {
        Arrival::from_request_parts(parts, app).await?.visitor(app).await
    }
}

impl FromRequestParts<Arc<App>> for Arrival {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, PageError> {
        let bearing = Bearing::of(app, parts);
        let origin = Origin::from_request_parts(parts, app).await.map_err(unplaced)?;
        let browser = app.provider.browser(Cookie::Browser.read(app, &parts.headers));
        let mut new_cookies = Vec::new();
        if let Some(token) = &browser.new_cookie {
            new_cookies.extend(Cookie::Browser.set(app, token.expose()));
        }
        if let Language::ChosenNow(locale) = bearing.language {
            new_cookies.extend(Cookie::Language.set(app, locale.as_str()));
        }
        Ok(Self {
            nobody: Visitor { holder: browser.holder, session: None, origin, bearing, new_cookies },
            session_cookie: Cookie::Session.read(app, &parts.headers).map(str::to_owned),
        })
    }
}

fn unplaced(status: StatusCode) -> PageError {
    PageError::new(match status {
        StatusCode::BAD_REQUEST => Trouble::BadInput,
        _ => Trouble::Internal,
    })
}

impl FromRequestParts<Arc<App>> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match visitor.session.clone() {
            Some(session) => Ok(Self { visitor, session }),
            None => Err(see_other(app, &visitor, "/sign-in")),
        }
    }
}
