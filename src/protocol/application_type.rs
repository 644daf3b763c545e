//! Kinds of clients.

use super::wire_enum::wire_enum;

wire_enum! {
    /// Where a client runs (OIDC Dynamic Registration §2); decides which redirect URIs it may have.
    ApplicationType {
        /// On a server or in a browser page.
        Web = "web",
        /// Installed on the person's device (RFC 8252).
        Native = "native",
    }
}
