//! The spans and names by which this instance works.

use std::time::Duration;

use super::registration::Registrants;
use crate::crypto::ClientAuthorities;
use crate::domain::client::Registration;
use crate::domain::session::SessionPolicy;
use crate::domain::signing_key::RotationPolicy;
use crate::protocol::{ClientAuthMethod, Endpoint, Issuer, Prefixes, TrustFramework};

/// Read from the configuration when the server starts.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The issuer, without a trailing slash: it stands in every token.
    pub issuer: Issuer,
    /// Whether this is a sandbox: invented people, and calls to addresses on this machine.
    pub sandbox: bool,
    /// Who may register systems over the network.
    pub registrants: Registrants,
    /// How clients show certificates, where they may.
    pub mutual_tls: Option<MutualTls>,
    /// Before our own names of levels and claims.
    pub prefixes: Prefixes,
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// When signing keys move on.
    pub rotation: RotationPolicy,
}

/// Certificates of clients (RFC 8705).
#[derive(Clone, Debug)]
pub struct MutualTls {
    /// Whose word counts on whose certificate it is; without them only certificates that are registered themselves count.
    pub authorities: Option<ClientAuthorities>,
    /// The name under which clients that have certificates reach us (§5), where it is another.
    pub alias: Option<Issuer>,
}

impl Policy {
    /// Under which rules data of people can have been verified here: real people say of themselves who they are.
    pub const fn trust_frameworks(&self) -> &'static [TrustFramework] {
        if self.sandbox { &[TrustFramework::Sandbox] } else { &[] }
    }

    /// Where `endpoint` is reached: under the issuer, and under the name for clients with certificates.
    pub fn addresses_of(&self, endpoint: Endpoint) -> impl Iterator<Item = String> {
        let alias = self.mutual_tls.as_ref().and_then(|mutual_tls| mutual_tls.alias.as_ref());
        [Some(&self.issuer), alias].into_iter().flatten().map(move |name| name.endpoint(endpoint))
    }

    /// Whether what a system is registered for can be had here: certificates get here, if it shows any.
    pub fn can_serve(&self, registration: &Registration) -> bool {
        let is_bound = registration.tls_client_certificate_bound_access_tokens;
        self.takes(registration.token_endpoint_auth_method) && (!is_bound || self.mutual_tls.is_some())
    }

    /// How clients may authenticate here.
    pub fn takes(&self, method: ClientAuthMethod) -> bool {
        match method {
            ClientAuthMethod::TlsClientAuth => {
                self.mutual_tls.as_ref().is_some_and(|mutual_tls| mutual_tls.authorities.is_some())
            }
            ClientAuthMethod::SelfSignedTlsClientAuth => self.mutual_tls.is_some(),
            ClientAuthMethod::ClientSecretBasic
            | ClientAuthMethod::ClientSecretPost
            | ClientAuthMethod::ClientSecretJwt
            | ClientAuthMethod::PrivateKeyJwt
            | ClientAuthMethod::None => true,
        }
    }

    /// How long a code may be redeemed (RFC 6749 §4.1.2 recommends at most ten minutes; we need one).
    pub const CODE_LIFETIME: Duration = Duration::from_secs(60);
    /// How long a pushed request waits for its browser (RFC 9126 §2.2).
    pub const PUSHED_REQUEST_LIFETIME: Duration = Duration::from_secs(60);
    /// How long the codes of a device are good (RFC 8628 §3.2).
    pub const DEVICE_CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);
    /// How long they are known, so that whoever comes late is told so.
    pub const DEVICE_CODE_REMEMBERED: Duration = Duration::from_secs(20 * 60);
    /// How long a device waits between two questions (RFC 8628 §3.2), and by how much longer after each that was too early
    /// (§3.5).
    pub const DEVICE_INTERVAL: Duration = Duration::from_secs(5);
    /// How long a signed answer is good (JARM §2.1 recommends at most ten minutes).
    pub const SIGNED_RESPONSE_LIFETIME: Duration = Duration::from_secs(10 * 60);
    /// How long an access token is good.
    pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(5 * 60);
    /// How long an ID token is good: long enough for a slow client's clock, short enough to mean "now".
    pub const ID_TOKEN_LIFETIME: Duration = Duration::from_secs(10 * 60);
    /// How long a refresh token may rest unused.
    pub const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);
    /// How long after its first use a refresh token gives the same answer again (a reply lost on the way).
    pub const LOST_REPLY_WINDOW: Duration = Duration::from_secs(10);
    /// How long a page may wait for its person.
    pub const INTERACTION_LIFETIME: Duration = Duration::from_secs(60 * 60);
    /// How long a passkey may take.
    pub const CEREMONY_LIFETIME: Duration = Duration::from_secs(10 * 60);
    /// How long the replaced secret of a client stays good.
    pub const SECRET_OVERLAP: Duration = Duration::from_secs(7 * 24 * 3600);
}
