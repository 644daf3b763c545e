//! What can be redeemed at the token endpoint.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A grant type.
    GrantType {
        /// RFC 6749 §4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 §6.
        RefreshToken = "refresh_token",
        /// RFC 6749 §4.4.
        ClientCredentials = "client_credentials",
        /// RFC 8628 §3.4.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// RFC 8693 §2.1.
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
        /// RFC 7523 §2.1.
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        /// RFC 6749 §4.2: redeemed nowhere; a client that has it may be given tokens by way of the browser
        /// (OIDC Registration §2).
        Implicit = "implicit",
    }
}
