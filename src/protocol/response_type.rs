//! What the authorization endpoint gives.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A response type (RFC 6749 §3.1.1).
    ResponseType {
        /// An authorization code.
        Code = "code",
    }
}
