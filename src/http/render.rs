//! Pages and redirects on their way out, with everything that must go with them.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::App;
use super::bearing::Bearing;
use super::visitor::Visitor;
use crate::domain::client::Client;
use crate::protocol::Locale;
use crate::services::Failure;
use crate::view::{Chrome, Done, Page, ReturnLink, SignedIn, SystemView};

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What every answer of ours may do to a browser, page or not.
const ALWAYS: [(HeaderName, &str); 3] =
    [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer"), (RESOURCE_POLICY, "same-origin")];

/// What goes with every page. No `Cross-Origin-Opener-Policy`: it would cut a system off from the window in which it
/// lets people sign in, and every form is guarded by its token and by `frame-ancestors`.
const WITH_PAGES: [(HeaderName, &str); 3] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store"),
    (PERMISSIONS_POLICY, "publickey-credentials-get=(self), publickey-credentials-create=(self)"),
];

/// Two years.
const TRANSPORT_SECURITY: &str = "max-age=63072000";

/// A page about to be shown.
pub struct Sheet<'a> {
    app: &'a App,
    new_cookies: &'a [HeaderValue],
    chrome: Chrome,
    status: StatusCode,
    form_targets: Vec<String>,
    frames: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// A page for `visitor`, under her name where she is signed in.
    pub async fn of(app: &'a App, visitor: &'a Visitor) -> Result<Self, Failure> {
        let mut sheet = Self::nameless(app, &visitor.bearing);
        sheet.chrome.here.clone_from(&visitor.bearing.here);
        let account = visitor.session.as_ref().map(|session| session.account_id);
        if let Some(account) = account {
            let person = app.provider.person(account).await?;
            sheet.chrome.signed_in = Some(SignedIn { name: person.profile.name.as_str().to_owned() });
        }
        sheet.chrome.form_token = app.provider.form_token(&visitor.holder, account);
        sheet.new_cookies = &visitor.new_cookies;
        Ok(sheet)
    }

    /// A page without forms for somebody we did not ask about. It leads nowhere that came with the request.
    pub(super) fn nameless(app: &'a App, bearing: &Bearing) -> Self {
        let mut chrome =
            Chrome::new(bearing.language.locale(), app.base_path.clone(), bearing.reference.to_string(), "");
        chrome.stage = app.stage;
        chrome.support = app.support.clone();
        Self {
            app,
            new_cookies: &[],
            chrome,
            status: StatusCode::OK,
            form_targets: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// The person is on the way to `client`.
    pub fn towards(mut self, client: &Client) -> Self {
        self.chrome.system = Some(system_view(self.app, client, self.chrome.locale));
        self
    }

    /// A form on it leads, through redirects, to `source` (CSP §6.4.1 counts those too).
    pub fn leading_to(mut self, source: String) -> Self {
        self.form_targets.push(source);
        self
    }

    /// It frames what lies at `source`, and nothing else (Front-Channel Logout §2).
    pub fn framing(mut self, source: String) -> Self {
        if !self.frames.contains(&source) {
            self.frames.push(source);
        }
        self
    }

    /// GET of `here` (path without the issuer's, and query) shows it.
    pub fn at(mut self, here: &str) -> Self {
        self.chrome.here = Some(self.chrome.path(here));
        self
    }

    /// Something was done just before.
    pub fn after(mut self, done: Option<Done>) -> Self {
        self.chrome.done = done;
        self
    }

    /// Under another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The language of the page.
    pub const fn locale(&self) -> Locale {
        self.chrome.locale
    }

    /// The name of who is signed in.
    pub fn name(&self) -> Option<&str> {
        self.chrome.signed_in.as_ref().map(|person| person.name.as_str())
    }

    /// The answer.
    pub fn show(self, page: &impl Page) -> Response {
        let html = page.render(&self.chrome);
        let mut response = (self.status, Body::from(html)).into_response();
        let headers = response.headers_mut();
        for (name, value) in WITH_PAGES {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Ok(policy) = HeaderValue::from_str(&content_policy(&self.form_targets, &self.frames)) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        guard(self.app, headers);
        give_cookies(headers, self.new_cookies);
        response
    }
}

/// Nothing from elsewhere, nothing inline, in nobody's frame.
fn content_policy(form_targets: &[String], frames: &[String]) -> String {
    let mut policy = String::from(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'",
    );
    for target in form_targets {
        policy.push(' ');
        policy.push_str(target);
    }
    if !frames.is_empty() {
        policy.push_str("; frame-src ");
        policy.push_str(&frames.join(" "));
    }
    policy
}

/// Adds the headers that go with everything we send.
pub fn guard(app: &App, headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.secure_cookies {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TRANSPORT_SECURITY));
    }
}

/// Sends the browser to `path` of ours with GET, whatever it came with.
pub fn see_other(app: &App, visitor: &Visitor, path: &str) -> Response {
    redirect(app, visitor, &format!("{}{path}", app.base_path))
}

/// Sends the browser to `location` with GET. RFC 9700 §4.12: 303, never 307, which would repeat what was posted.
pub fn redirect(app: &App, visitor: &Visitor, location: &str) -> Response {
    let mut response = redirect_stranger(app, location);
    give_cookies(response.headers_mut(), &visitor.new_cookies);
    response
}

/// Sends the browser to `location` with GET, without a look at who it is and without a cookie.
pub fn redirect_stranger(app: &App, location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    guard(app, headers);
    response
}

fn give_cookies(headers: &mut HeaderMap, cookies: &[HeaderValue]) {
    for cookie in cookies {
        headers.append(SET_COOKIE, cookie.clone());
    }
}

/// A system as people see it.
pub fn system_view(app: &App, client: &Client, locale: Locale) -> SystemView {
    let registration = &client.registration;
    let logo = || format!("{}/systems/{}/logo", app.base_path, registration.client_id.as_str());
    SystemView {
        name: registration.client_name.get(locale).to_owned(),
        logo: registration.logo.is_some().then(logo),
    }
}

/// The way back to a system: its front door, if it has one.
pub fn return_link(client: &Client, locale: Locale) -> Option<ReturnLink> {
    let registration = &client.registration;
    ReturnLink::new(registration.client_name.get(locale), registration.client_uri.as_deref()?)
}
