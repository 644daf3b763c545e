//! The pages' handlers: extract, ask, render.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use super::language::Language;
use super::pages;
use super::provider::Answer;
use super::system::Shared;
use super::trouble::Trouble;
use super::visits::{SESSION, cookie};
use crate::base::encoding::base64url;
use crate::base::entropy::random_bytes;

type System = State<Arc<Shared>>;

/// `GET /`: the welcome for a stranger, her own page for a person signed in.
pub(super) async fn home(State(system): System, headers: HeaderMap) -> Response {
    let language = language(&system, &headers);
    match session_id(&system, &headers).and_then(|id| system.visits.session(id, system.clock.now())) {
        Some(person) => pages::inside(&system, language, &person),
        None => pages::welcome(&system, language),
    }
}

/// `GET /sign-in`: to the issuer.
pub(super) async fn sign_in(State(system): System, headers: HeaderMap) -> Response {
    let language = language(&system, &headers);
    let name = format!("{}_browser", system.look.cookie_prefix());
    let known = cookie(&headers, &name).filter(|value| value.len() == 43).map(str::to_owned);
    let browser = known.unwrap_or_else(|| base64url(random_bytes::<32>(system.entropy.as_ref())));
    match system.provider.begin(browser.clone(), language).await {
        Ok((address, state, pending)) => {
            system.visits.begin(state, pending, system.clock.now());
            (set_cookie(&name, &browser, 86_400), see_other(address.as_str())).into_response()
        }
        Err(trouble) => pages::trouble(&system, language, &trouble),
    }
}

/// `GET /signed-in`: the issuer's answer, the registered redirect URI.
pub(super) async fn signed_in(
    State(system): System,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let language = language(&system, &headers);
    match finish(&system, &headers, answer.map(|Query(answer)| answer).unwrap_or_default()).await {
        Ok(session) => {
            let name = format!("{}_session", system.look.cookie_prefix());
            (set_cookie(&name, &session, SESSION.as_secs()), see_other("/")).into_response()
        }
        Err(trouble) => pages::trouble(&system, language, &trouble),
    }
}

async fn finish(system: &Shared, headers: &HeaderMap, answer: Answer) -> Result<String, Trouble> {
    let browser = cookie(headers, &format!("{}_browser", system.look.cookie_prefix()));
    let now = system.clock.now();
    let pending = answer
        .state
        .as_deref()
        .zip(browser)
        .and_then(|(state, browser)| system.visits.take(state, browser, now))
        .ok_or(Trouble::NotBegunHere)?;
    let person = system.provider.finish(answer, pending, now).await?;
    // A session id from before the sign-in is never valid after it.
    if let Some(former) = session_id(system, headers) {
        system.visits.close(former);
    }
    Ok(system.visits.open(person, now, system.entropy.as_ref()))
}

/// `POST /sign-out`: here first, then at the issuer.
pub(super) async fn sign_out(State(system): System, headers: HeaderMap) -> Response {
    let language = language(&system, &headers);
    // Ports share cookies on one host, so SameSite does not keep a neighbour's form out; browsers name its origin.
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return see_other("/").into_response();
    }
    let person = session_id(&system, &headers).and_then(|id| system.visits.close(id));
    let state = base64url(random_bytes::<32>(system.entropy.as_ref()));
    let issuer = match &person {
        Some(person) => system.provider.sign_out(&person.id_token, state.clone(), language).await,
        None => None,
    };
    let address = issuer.map_or_else(|| "/".to_owned(), String::from);
    let prefix = system.look.cookie_prefix();
    (
        set_cookie(&format!("{prefix}_session"), "", 0),
        appended(&format!("{prefix}_leaving"), &state, 600),
        see_other(&address),
    )
        .into_response()
}

/// `GET /signed-out`: back from the issuer, the registered post-logout redirect URI.
pub(super) async fn signed_out(
    State(system): System,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let leaving = cookie(&headers, &format!("{}_leaving", system.look.cookie_prefix()));
    let state = answer.ok().and_then(|Query(answer)| answer.state);
    // RP-Initiated Logout §3: the state is ours, or somebody else sent her here.
    if state.is_some() && state.as_deref() == leaving {
        pages::signed_out(&system, language(&system, &headers))
    } else {
        see_other("/").into_response()
    }
}

/// `GET /language/{code}`: remembers the language.
pub(super) async fn choose_language(
    State(system): System,
    code: Result<Path<String>, PathRejection>,
) -> Response {
    match code.ok().and_then(|Path(code)| Language::parse(&code)) {
        Some(language) => {
            let name = format!("{}_language", system.look.cookie_prefix());
            (set_cookie(&name, language.tag(), 31_536_000), see_other("/")).into_response()
        }
        None => see_other("/").into_response(),
    }
}

/// Anything else.
pub(super) async fn nowhere() -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, "/")]).into_response()
}

fn language(system: &Shared, headers: &HeaderMap) -> Language {
    Language::of(headers, system.look.cookie_prefix())
}

fn session_id<'a>(system: &Shared, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, &format!("{}_session", system.look.cookie_prefix()))
}

fn set_cookie(name: &str, value: &str, seconds: u64) -> [(HeaderName, String); 1] {
    [(SET_COOKIE, format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"))]
}

/// A second cookie in the same answer.
fn appended(
    name: &str,
    value: &str,
    seconds: u64,
) -> axum::response::AppendHeaders<[(HeaderName, String); 1]> {
    axum::response::AppendHeaders(set_cookie(name, value, seconds))
}

fn see_other(address: &str) -> (StatusCode, [(HeaderName, String); 2]) {
    (StatusCode::SEE_OTHER, [(LOCATION, address.to_owned()), (CACHE_CONTROL, "no-store".to_owned())])
}
