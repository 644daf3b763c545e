//! What visitors see.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

use super::claims::{Fact, SignedIn};
use super::language::Language;
use super::system::{Look, Shared};
use super::trouble::Trouble;

/// What stands around every page.
struct Frame {
    language: Language,
    look: Look,
    neighbour: Option<String>,
}

impl Frame {
    fn of(system: &Shared, language: Language) -> Self {
        let neighbour =
            system.neighbour.as_ref().map(|address| address.as_str().trim_end_matches('/').to_owned());
        Self { language, look: system.look, neighbour }
    }

    fn say<'a>(&self, vietnamese: &'a str, english: &'a str) -> &'a str {
        self.language.say(vietnamese, english)
    }

    fn is_portal(&self) -> bool {
        self.look == Look::Portal
    }

    fn name(&self) -> &'static str {
        self.language.say(self.look.name_vi(), self.look.name_en())
    }

    fn neighbour_name(&self) -> &'static str {
        let other = match self.look {
            Look::Portal => Look::Office,
            Look::Office => Look::Portal,
        };
        self.language.say(other.name_vi(), other.name_en())
    }
}

#[derive(Template)]
#[template(path = "welcome.html", config = "src/demo/askama.toml")]
struct Welcome {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "inside.html", config = "src/demo/askama.toml")]
struct Inside<'a> {
    frame: Frame,
    person: &'a SignedIn,
}

impl Inside<'_> {
    fn name(&self) -> &str {
        self.person.name(self.frame.language)
    }

    fn claim(&self, name: &str) -> String {
        self.person.claim(name, self.frame.language)
    }

    fn shared(&self) -> Vec<Fact> {
        self.person.shared(self.frame.language)
    }

    fn token(&self) -> Vec<Fact> {
        self.person.token(self.frame.language)
    }
}

#[derive(Template)]
#[template(path = "trouble.html", config = "src/demo/askama.toml")]
struct Wrong<'a> {
    frame: Frame,
    trouble: &'a Trouble,
}

#[derive(Template)]
#[template(path = "signed_out.html", config = "src/demo/askama.toml")]
struct SignedOut {
    frame: Frame,
}

/// The welcome of a stranger.
pub(super) fn welcome(system: &Shared, language: Language) -> Response {
    page(system, StatusCode::OK, &Welcome { frame: Frame::of(system, language) })
}

/// The page of a person signed in.
pub(super) fn inside(system: &Shared, language: Language, person: &SignedIn) -> Response {
    page(system, StatusCode::OK, &Inside { frame: Frame::of(system, language), person })
}

/// A sign-in that came to nothing: told to the visitor, and to the log.
pub(super) fn trouble(system: &Shared, language: Language, trouble: &Trouble) -> Response {
    tracing::warn!(system = system.look.name_en(), %trouble, "demo sign-in failed");
    let status = match trouble {
        Trouble::Provider(_) | Trouble::Untrusted(_) => StatusCode::BAD_GATEWAY,
        Trouble::NotBegunHere | Trouble::OtherIssuer => StatusCode::BAD_REQUEST,
        Trouble::Declined | Trouble::Refused(_) => StatusCode::OK,
    };
    page(system, status, &Wrong { frame: Frame::of(system, language), trouble })
}

/// The farewell.
pub(super) fn signed_out(system: &Shared, language: Language) -> Response {
    page(system, StatusCode::OK, &SignedOut { frame: Frame::of(system, language) })
}

fn page(system: &Shared, status: StatusCode, template: &impl Template) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, system.security_policy.as_str()),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match template.render() {
        Ok(html) => (status, headers, html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a demo page was not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
