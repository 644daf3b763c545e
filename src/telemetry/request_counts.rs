//! How many requests were answered, and how long each took.
//!
//! The recorder finds a series by labels that are made anew each time. So whatever was counted once is kept at hand:
//! routes, methods and kinds of answers are few.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram, counter, histogram};

use super::metrics::{REQUESTS, SECONDS};

/// The counts of one router.
#[derive(Default)]
pub(super) struct RequestCounts(RwLock<HashMap<String, Route>>);

struct Route {
    seconds: Histogram,
    /// By method and kind of answer.
    answered: HashMap<(&'static str, &'static str), Counter>,
}

impl RequestCounts {
    /// A request to `route` was answered.
    pub(super) fn count(&self, method: &'static str, route: &str, status: StatusCode, took: Duration) {
        let kind = (method, status_label(status));
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.get(route).is_some_and(|route| route.count(kind, took)) {
            return;
        }
        drop(known);
        let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = routes.entry(route.to_owned()).or_insert_with(|| Route::named(route));
        known.answered.entry(kind).or_insert_with(
            || counter!(REQUESTS, "method" => kind.0, "route" => route.to_owned(), "status" => kind.1),
        );
        known.count(kind, took);
    }
}

impl Route {
    fn named(route: &str) -> Self {
        Self { seconds: histogram!(SECONDS, "route" => route.to_owned()), answered: HashMap::new() }
    }

    /// `false` where this kind was never counted here.
    fn count(&self, kind: (&'static str, &'static str), took: Duration) -> bool {
        let Some(counter) = self.answered.get(&kind) else { return false };
        counter.increment(1);
        self.seconds.record(took);
        true
    }
}

/// A bounded set: a stranger may send any word as a method.
pub(super) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

fn status_label(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => "2xx",
        300..=399 => "3xx",
        429 => "429",
        400..=499 => "4xx",
        503 => "503",
        _ => "5xx",
    }
}
