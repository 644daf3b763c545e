//! How a client proves itself.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A client authentication method (OIDC Core §9).
    ClientAuthMethod {
        /// Secret in the Authorization header.
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the body.
        ClientSecretPost = "client_secret_post",
        /// A public client, which has no secret.
        None = "none",
    }
}
