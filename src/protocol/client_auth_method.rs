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
        /// A public client, which has no secret.
        None = "none",
    }
}

impl ClientAuthMethod {
    /// Whether client and provider share a secret for it.
    pub const fn uses_secret(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt => true,
            Self::PrivateKeyJwt | Self::None => false,
        }
    }
}
