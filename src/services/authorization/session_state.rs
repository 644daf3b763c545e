//! What a system compares to learn whether the person is still the one it knows (Session Management 1.0 §3.2).

use url::Url;

use crate::base::encoding::base64url;
use crate::base::entropy::random_bytes;
use crate::crypto::digest::sha256;
use crate::domain::client::Client;
use crate::domain::session::Session;
use crate::protocol::RedirectUri;
use crate::services::Provider;

impl Provider {
    /// What a script of ours finds in the browser of `session`.
    pub fn browser_state(&self, session: &Session) -> String {
        self.keyring.subjects().browser_state(session.id)
    }

    /// The `session_state` of an answer: a salted digest of client, origin and browser state, so that two systems are told
    /// different things. Nothing where the answer goes to no web page.
    pub(super) fn session_state(
        &self,
        client: &Client,
        redirect_uri: &RedirectUri,
        session: &Session,
    ) -> Option<String> {
        let origin = Url::parse(redirect_uri.as_str()).ok()?.origin();
        if !origin.is_tuple() {
            return None;
        }
        let salt = base64url(random_bytes::<16>(self.entropy()));
        let (id, origin) = (&client.registration.client_id, origin.ascii_serialization());
        let text = format!("{id} {origin} {} {salt}", self.browser_state(session));
        Some(format!("{}.{salt}", base64url(sha256(text.as_bytes()).as_bytes())))
    }
}
