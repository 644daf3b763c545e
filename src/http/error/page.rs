//! What a person sees when something went wrong: what happened, what to do, a code, a reference number. What it was,
//! the log says under that number.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::bearing::Bearing;
use crate::http::render::{Sheet, return_link};
use crate::protocol::Locale;
use crate::services::Failure;
use crate::services::authorization::{InteractionError, NoReplyTarget};
use crate::telemetry::Cause;
use crate::view::pages::TroublePage;
use crate::view::{ReturnLink, Trouble};

/// When it makes sense to try again after a store was down.
const RETRY: Duration = Duration::from_secs(60);

/// An error on its way to a page. [`render_troubles`] draws it, in the language of whoever asked.
#[derive(Debug)]
pub struct PageError(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    page: TroublePage,
    cause: Option<Cause>,
}

/// In a response's extensions until it is drawn.
#[derive(Clone)]
struct Undrawn(Box<TroublePage>);

impl PageError {
    /// `trouble`, and nothing else to say.
    pub fn new(trouble: Trouble) -> Self {
        Self(Box::new(Inner { page: TroublePage::new(trouble), cause: None }))
    }

    /// With a way back to the system.
    pub fn returning_to(mut self, link: Option<ReturnLink>) -> Self {
        self.0.page = self.0.page.returning_to(link);
        self
    }

    /// With a word for whoever built the system; never a secret, never echoed input.
    pub fn technical(mut self, words: impl Into<String>) -> Self {
        self.0.page.technical = Some(words.into());
        self
    }

    /// It makes sense to try again after `wait`.
    pub fn retrying_after(mut self, wait: Duration) -> Self {
        self.0.page.retry_after = Some(wait);
        self
    }

    /// A system sent a request that cannot be understood.
    pub fn of_system(error: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Trouble::SystemRequest).because(error)
    }

    /// Because of `error`, for the log alone.
    pub fn because(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Cause::new(error));
        self
    }
}

impl From<Trouble> for PageError {
    fn from(trouble: Trouble) -> Self {
        Self::new(trouble)
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        let error = match failure.is_passing() {
            true if matches!(failure, Failure::NoClientKey { .. }) => {
                Self::new(Trouble::Unavailable).technical(failure.to_string()).retrying_after(RETRY)
            }
            true => Self::new(Trouble::Unavailable).retrying_after(RETRY),
            false => Self::new(Trouble::Internal),
        };
        error.because(failure)
    }
}

impl From<NoReplyTarget> for PageError {
    fn from(wrong: NoReplyTarget) -> Self {
        let trouble = match wrong {
            NoReplyTarget::Repeated(_)
            | NoReplyTarget::RequestObject(_)
            | NoReplyTarget::UnknownRequestUri
            | NoReplyTarget::UsedRequestUri => Trouble::SystemRequest,
            NoReplyTarget::NoClient | NoReplyTarget::UnknownClient => Trouble::UnknownSystem,
            NoReplyTarget::NoRedirectUri | NoReplyTarget::UnregisteredRedirectUri => Trouble::ReturnAddress,
        };
        Self::new(trouble).technical(wrong.to_string()).because(wrong)
    }
}

impl PageError {
    /// Why a request that was under way cannot be taken up, with the way back to its system in the reader's language.
    pub fn of_interaction(error: InteractionError, locale: Locale) -> Self {
        match error {
            InteractionError::Expired(client) => {
                Self::new(Trouble::Expired).returning_to(return_link(&client, locale))
            }
            InteractionError::OtherBrowser => Self::new(Trouble::OtherBrowser),
            InteractionError::Withdrawn(wrong) => wrong.into(),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Inner { page, cause } = *self.0;
        let status = StatusCode::from_u16(page.trouble.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Seen only where nothing draws it.
        let mut response = (status, page.trouble.code()).into_response();
        if let Some(seconds) =
            page.retry_after.and_then(|wait| HeaderValue::from_str(&wait.as_secs().to_string()).ok())
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if let Some(cause) = cause {
            response.extensions_mut().insert(cause);
        }
        response.extensions_mut().insert(Undrawn(Box::new(page)));
        response
    }
}

/// Draws every [`PageError`] that comes out of the routes it is laid over.
pub async fn render_troubles(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let bearing = Bearing::of(&app, &parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(Undrawn(page)) = response.extensions_mut().remove::<Undrawn>() else { return response };
    let drawn = Sheet::nameless(&app, &bearing).status(response.status()).show(page.as_ref());
    let (drawn_parts, drawn_body) = drawn.into_parts();
    for (name, value) in &drawn_parts.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = drawn_body;
    response
}
