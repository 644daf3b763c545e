//! Errors as clients see them: closed lists of codes, each with a sentence that says how to repair the call.

use std::borrow::Cow;

use serde::Serialize;

use super::authorization_header::AuthorizationHeaderError;
use super::opaque_text::OpaqueParamError;
use super::params::{ParamsError, Repeated};
use super::wire_enum::wire_enum;

wire_enum! {
    /// An error of the authorization endpoint (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6).
    AuthorizationErrorCode {
        /// A parameter is missing, repeated or malformed.
        InvalidRequest = "invalid_request",
        /// The client may not ask for this.
        UnauthorizedClient = "unauthorized_client",
        /// The person or a rule said no.
        AccessDenied = "access_denied",
        /// No such response type.
        UnsupportedResponseType = "unsupported_response_type",
        /// The scope is malformed or more than the client may have.
        InvalidScope = "invalid_scope",
        /// The resource is malformed, unknown, or not one that the client may call (RFC 8707 §2).
        InvalidTarget = "invalid_target",
        /// The details are malformed, of an unknown type, or not for this client (RFC 9396 §5).
        InvalidAuthorizationDetails = "invalid_authorization_details",
        /// Our fault.
        ServerError = "server_error",
        /// Our fault, and soon over.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// `prompt=none`, and something would have to be asked.
        InteractionRequired = "interaction_required",
        /// `prompt=none`, and nobody, or somebody else, is signed in.
        LoginRequired = "login_required",
        /// `prompt=none`, and the account would have to be chosen.
        AccountSelectionRequired = "account_selection_required",
        /// `prompt=none`, and consent would have to be asked.
        ConsentRequired = "consent_required",
        /// The request object is not good (RFC 9101 §7).
        InvalidRequestObject = "invalid_request_object",
        /// Nothing good lies at `request_uri`, or it is not registered (RFC 9101 §7).
        InvalidRequestUri = "invalid_request_uri",
        /// `registration` is not served.
        RegistrationNotSupported = "registration_not_supported",
        /// An essential level of sign-in cannot be reached (OIDC Core Unmet Authentication Requirements).
        UnmetAuthenticationRequirements = "unmet_authentication_requirements",
    }
}

wire_enum! {
    /// An error of the token endpoint (RFC 6749 §5.2).
    TokenErrorCode {
        /// A parameter is missing, repeated or malformed.
        InvalidRequest = "invalid_request",
        /// Client authentication failed.
        InvalidClient = "invalid_client",
        /// The code or refresh token is not, or no longer, good.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant type.
        UnauthorizedClient = "unauthorized_client",
        /// No such grant type.
        UnsupportedGrantType = "unsupported_grant_type",
        /// The scope is more than was granted.
        InvalidScope = "invalid_scope",
        /// The resource is unknown, or not one that the client may call (RFC 8707 §2).
        InvalidTarget = "invalid_target",
        /// The details are malformed, or not among those that were authorized (RFC 9396 §6).
        InvalidAuthorizationDetails = "invalid_authorization_details",
        /// The DPoP proof is not good (RFC 9449 §5).
        InvalidDpopProof = "invalid_dpop_proof",
        /// The DPoP proof needs a nonce, or another one (RFC 9449 §8).
        UseDpopNonce = "use_dpop_nonce",
        /// A token of this kind is not revoked (RFC 7009 §2.2.1).
        UnsupportedTokenType = "unsupported_token_type",
        /// The person of a device code has not answered yet (RFC 8628 §3.5).
        AuthorizationPending = "authorization_pending",
        /// The person of a device code said no (RFC 8628 §3.5).
        AccessDenied = "access_denied",
        /// A level of sign-in that a device demands cannot be reached (RFC 8628 §3.5, RFC 6749 §8.5).
        UnmetAuthenticationRequirements = "unmet_authentication_requirements",
        /// The device code is too old (RFC 8628 §3.5).
        ExpiredToken = "expired_token",
        /// Asked too often (RFC 8628 §3.5); too many tries.
        SlowDown = "slow_down",
        /// Our fault, and soon over.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// Our fault.
        ServerError = "server_error",
    }
}

impl TokenErrorCode {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest
            | Self::InvalidGrant
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::InvalidTarget
            | Self::InvalidAuthorizationDetails
            | Self::InvalidDpopProof
            | Self::UseDpopNonce
            | Self::UnsupportedTokenType
            | Self::AuthorizationPending
            | Self::AccessDenied
            | Self::UnmetAuthenticationRequirements
            | Self::ExpiredToken
            | Self::SlowDown => 400,
            Self::InvalidClient => 401,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
        }
    }
}

wire_enum! {
    /// An error of a resource that takes access tokens (RFC 6750 §3.1, RFC 9449 §7.1).
    BearerErrorCode {
        /// The token was sent twice, or not as the standard says.
        InvalidRequest = "invalid_request",
        /// The token is not, or no longer, good.
        InvalidToken = "invalid_token",
        /// The token does not reach that far.
        InsufficientScope = "insufficient_scope",
        /// The DPoP proof is not good.
        InvalidDpopProof = "invalid_dpop_proof",
        /// The DPoP proof needs a nonce, or another one.
        UseDpopNonce = "use_dpop_nonce",
    }
}

impl From<OpaqueParamError> for AuthorizationError {
    fn from(error: OpaqueParamError) -> Self {
        Self::new(AuthorizationErrorCode::InvalidRequest, error.to_string())
    }
}

impl BearerErrorCode {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::InvalidToken | Self::InvalidDpopProof | Self::UseDpopNonce => 401,
            Self::InsufficientScope => 403,
        }
    }
}

macro_rules! described {
    ($($(#[$doc:meta])* $name:ident($code:ident);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
        #[error("{code}: {description}")]
        pub struct $name {
            /// Which error.
            #[serde(rename = "error")]
            pub code: $code,
            /// What was wrong and how to repair it: plain ASCII English, never a value from the request.
            #[serde(rename = "error_description")]
            pub description: Cow<'static, str>,
        }

        impl $name {
            /// An error with its sentence.
            pub fn new(code: $code, description: impl Into<Cow<'static, str>>) -> Self {
                Self { code, description: description.into() }
            }
        }

        impl From<Repeated> for $name {
            fn from(repeated: Repeated) -> Self {
                Self::new($code::InvalidRequest, repeated.to_string())
            }
        }

        impl From<AuthorizationHeaderError> for $name {
            fn from(error: AuthorizationHeaderError) -> Self {
                Self::new($code::InvalidRequest, error.to_string())
            }
        }

        impl From<ParamsError> for $name {
            fn from(error: ParamsError) -> Self {
                Self::new($code::InvalidRequest, error.to_string())
            }
        }
    )+};
}

described! {
    /// An error that goes back to the client by way of the browser.
    AuthorizationError(AuthorizationErrorCode);
    /// An error that the token endpoint answers; serializes to its JSON body.
    TokenError(TokenErrorCode);
    /// An error that a Bearer-protected resource answers.
    BearerError(BearerErrorCode);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_error_body_is_that_of_the_standard__rfc6749_5_2() {
        let error = TokenError::new(TokenErrorCode::InvalidGrant, "The code has expired.");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"error":"invalid_grant","error_description":"The code has expired."}"#
        );
    }

    #[test]
    fn statuses_are_those_of_the_standards__rfc6749_5_2__rfc6750_3_1() {
        for code in TokenErrorCode::ALL {
            let expected = match code.as_str() {
                "invalid_client" => 401,
                "server_error" => 500,
                "temporarily_unavailable" => 503,
                _ => 400,
            };
            assert_eq!(code.status(), expected, "{code}");
        }
        assert_eq!(
            BearerErrorCode::ALL.iter().map(|code| code.status()).collect::<Vec<_>>(),
            [400, 401, 403, 401, 401]
        );
    }

    #[test]
    fn a_repeated_parameter_is_named() {
        let error = AuthorizationError::from(Repeated { name: "nonce" });
        assert_eq!(error.to_string(), "invalid_request: The parameter nonce was sent more than once.");
    }
}
