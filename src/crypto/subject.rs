//! What clients see of a person and of a session: names that lead nowhere else.

use ring::hmac;

use super::keyring::keyed;
use crate::base::ids::{AccountId, SessionId};
use crate::base::{Secret, encoding};

/// Derives `sub` and `sid`. Stable for the life of the account, and never reversible.
pub struct SubjectKey(hmac::Key);

impl SubjectKey {
    pub(super) fn new(secret: &Secret<[u8; 32]>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()))
    }

    /// The `sub` of `account` in `sector`. OIDC Core §8.1: two sectors cannot join their records by it.
    pub fn pairwise(&self, sector: &str, account: AccountId) -> String {
        self.derive(&[b"pairwise", sector.as_bytes(), account.uuid().as_bytes()])
    }

    /// The one `sub` of `account` for every client registered for public subjects. Not the account's id, which tells
    /// when it was made.
    pub fn public(&self, account: AccountId) -> String {
        self.derive(&[b"public", account.uuid().as_bytes()])
    }

    /// The `sid` of `session` towards one client.
    pub fn session(&self, client_id: &str, session: SessionId) -> String {
        self.derive(&[b"session", client_id.as_bytes(), session.uuid().as_bytes()])
    }

    /// What the browser of `session` shows scripts of ours: it changes when the session does, and leads back to nothing.
    pub fn browser_state(&self, session: SessionId) -> String {
        self.derive(&[b"browser state", session.uuid().as_bytes()])
    }

    fn derive(&self, parts: &[&[u8]]) -> String {
        encoding::base64url(keyed(&self.0, parts))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn two_sectors_know_one_person_under_two_names__oidc_core_8_1() {
        let key = SubjectKey::new(&Secret::new([1; 32]));
        let an = AccountId::from_uuid(Uuid::from_u128(1));
        let binh = AccountId::from_uuid(Uuid::from_u128(2));
        assert_eq!(key.pairwise("a.example.vn", an), key.pairwise("a.example.vn", an));
        assert_ne!(key.pairwise("a.example.vn", an), key.pairwise("b.example.vn", an));
        assert_ne!(key.pairwise("a.example.vn", an), key.pairwise("a.example.vn", binh));
        assert_ne!(key.public(an), key.pairwise("", an));
        assert_eq!(key.public(an).len(), 43);
    }

    #[test]
    fn two_clients_know_one_session_under_two_names() {
        let key = SubjectKey::new(&Secret::new([1; 32]));
        let session = SessionId::from_uuid(Uuid::from_u128(1));
        assert_ne!(key.session("one", session), key.session("two", session));
    }
}
