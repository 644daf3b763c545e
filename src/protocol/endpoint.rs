//! Where each part of the protocol is spoken.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A protocol endpoint. Its text is its path under the issuer; the router and discovery read the same table.
    Endpoint {
        /// OIDC Discovery §4.
        OpenidConfiguration = "/.well-known/openid-configuration",
        /// RFC 8414 §3.
        AuthorizationServerMetadata = "/.well-known/oauth-authorization-server",
        /// OIDC Discovery §2.
        Webfinger = "/.well-known/webfinger",
        /// RFC 7517 §5.
        Jwks = "/jwks",
        /// RFC 6749 §3.1.
        Authorize = "/authorize",
        /// RFC 9126 §2.
        PushedAuthorization = "/par",
        /// RFC 8628 §3.1.
        DeviceAuthorization = "/device",
        /// RFC 8628 §3.3: the page to which people bring the code that their device shows.
        DeviceVerification = "/device/verify",
        /// RFC 6749 §3.2.
        Token = "/token",
        /// OIDC Core §5.3.
        Userinfo = "/userinfo",
        /// RFC 7662 §2.
        Introspect = "/introspect",
        /// RFC 7009 §2.
        Revoke = "/revoke",
        /// RFC 7591 §3.
        Register = "/register",
        /// RP-Initiated Logout §2.
        Logout = "/logout",
        /// Session Management 1.0 §3.3.
        SessionCheck = "/session/check",
    }
}
