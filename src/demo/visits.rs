//! The system's own memory of its visitors: sign-ins under way, and who is signed in. All of it dies with the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use openidconnect::{Nonce, PkceCodeVerifier};

use super::claims::SignedIn;
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::base::entropy::{Entropy, random_bytes};

/// How long a person may take to sign in.
const SIGN_IN: Duration = Duration::from_secs(20 * 60);
/// How long the system's own session lasts.
pub(super) const SESSION: Duration = Duration::from_secs(8 * 60 * 60);
/// More than a demo ever sees; beyond it the oldest go.
const MOST: usize = 2_000;

/// A sign-in that was sent to the issuer and has not come back.
pub(super) struct Pending {
    pub browser: String,
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
}

#[derive(Default)]
pub(super) struct Visits {
    pending: Mutex<Fading<Pending>>,
    signed_in: Mutex<Fading<Arc<SignedIn>>>,
}

impl Visits {
    /// Remembers a sign-in under its `state`.
    pub fn begin(&self, state: String, pending: Pending, now: Timestamp) {
        lock(&self.pending).put(state, pending, now, now + SIGN_IN);
    }

    /// Takes the sign-in with `state`, once, and only for the browser that began it.
    pub fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<Pending> {
        let mut pending = lock(&self.pending);
        if pending.get(state, now)?.browser != browser {
            return None;
        }
        pending.take(state)
    }

    /// Opens a session and gives its id.
    pub fn open(&self, person: SignedIn, now: Timestamp, entropy: &dyn Entropy) -> String {
        let id = base64url(random_bytes::<32>(entropy));
        lock(&self.signed_in).put(id.clone(), Arc::new(person), now, now + SESSION);
        id
    }

    /// The session with `id`, if it lasts.
    pub fn session(&self, id: &str, now: Timestamp) -> Option<Arc<SignedIn>> {
        lock(&self.signed_in).get(id, now).cloned()
    }

    /// Ends the session with `id`.
    pub fn close(&self, id: &str) -> Option<Arc<SignedIn>> {
        lock(&self.signed_in).take(id)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A map whose entries end, and which never grows past [`MOST`].
struct Fading<V>(HashMap<String, (Timestamp, V)>);

impl<V> Default for Fading<V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<V> Fading<V> {
    fn put(&mut self, key: String, value: V, now: Timestamp, until: Timestamp) {
        if self.0.len() >= MOST {
            self.0.retain(|_, (end, _)| *end > now);
        }
        if self.0.len() >= MOST
            && let Some(oldest) = self.0.iter().min_by_key(|(_, (end, _))| *end).map(|(key, _)| key.clone())
        {
            self.0.remove(&oldest);
        }
        self.0.insert(key, (until, value));
    }

    fn get(&self, key: &str, now: Timestamp) -> Option<&V> {
        self.0.get(key).filter(|(until, _)| *until > now).map(|(_, value)| value)
    }

    fn take(&mut self, key: &str) -> Option<V> {
        self.0.remove(key).map(|(_, value)| value)
    }
}

/// The value of the cookie called `name`.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(called, _)| *called == name)
        .map(|(_, value)| value)
}
