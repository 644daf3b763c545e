//! Protected headers: what a JWT is, written once per key.

use crate::base::encoding::base64url;
use crate::protocol::SigningAlgorithm;

/// What a JWT is for. One is never taken for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtType {
    /// An ID token.
    IdToken,
    /// An access token (RFC 9068 §2.1).
    AccessToken,
    /// What is told of a token (RFC 9701 §5).
    Introspection,
    /// A logout token (Back-Channel Logout §2.4).
    LogoutToken,
    /// Userinfo (OIDC Core §5.3.2), which names no type of its own. It has no `exp`.
    Userinfo,
    /// An answer of the authorization endpoint (JARM §2.1), which names no type of its own. It has no `sub`.
    AuthorizationResponse,
}

impl JwtType {
    /// As `typ` carries it.
    pub const fn as_str(self) -> &'static str {
        match self {
            JwtType::IdToken | JwtType::Userinfo | JwtType::AuthorizationResponse => "JWT",
            JwtType::AccessToken => "at+jwt",
            JwtType::Introspection => "token-introspection+jwt",
            JwtType::LogoutToken => "logout+jwt",
        }
    }
}

/// The encoded headers of one key, each with the full stop that follows it.
pub(in crate::crypto) struct ProtectedHeaders {
    id_token: String,
    access_token: String,
    introspection: String,
    logout_token: String,
}

impl ProtectedHeaders {
    /// `alg` and `kid` are plain ASCII without anything that JSON would escape.
    pub(in crate::crypto) fn of(algorithm: SigningAlgorithm, kid: &str) -> Self {
        let encoded = |typ: JwtType| {
            let json = serde_json::json!({"alg": algorithm, "typ": typ.as_str(), "kid": kid});
            base64url(json.to_string()) + "."
        };
        Self {
            id_token: encoded(JwtType::IdToken),
            access_token: encoded(JwtType::AccessToken),
            introspection: encoded(JwtType::Introspection),
            logout_token: encoded(JwtType::LogoutToken),
        }
    }

    pub(super) fn get(&self, typ: JwtType) -> &str {
        match typ {
            JwtType::IdToken | JwtType::Userinfo | JwtType::AuthorizationResponse => &self.id_token,
            JwtType::AccessToken => &self.access_token,
            JwtType::Introspection => &self.introspection,
            JwtType::LogoutToken => &self.logout_token,
        }
    }
}
