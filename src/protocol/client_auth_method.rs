//! How a client proves itself.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A client authentication method (OIDC Core §9).
    ClientAuthMethod {
        /// Secret in the Authorization header.
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the body.
        ClientSecretPost = "client_secret_post",
        /// A JWT under the secret (RFC 7523 §2.2).
        ClientSecretJwt = "client_secret_jwt",
        /// A JWT under a private key of the client's (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// A certificate of an authority that we trust (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// A certificate that is registered itself (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
        /// A public client, which has no secret.
        None = "none",
    }
}

impl ClientAuthMethod {
    /// Whether client and provider share a secret for it.
    pub const fn uses_secret(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt => true,
            Self::PrivateKeyJwt | Self::TlsClientAuth | Self::SelfSignedTlsClientAuth | Self::None => false,
        }
    }

    /// Whether it rests on public keys that are registered or published.
    pub const fn uses_keys(self) -> bool {
        matches!(self, Self::PrivateKeyJwt | Self::SelfSignedTlsClientAuth)
    }

    /// Whether it rests on a certificate that comes with the connection.
    pub const fn uses_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }
}
