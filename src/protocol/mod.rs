//! The vocabulary of OAuth 2.0 and OpenID Connect: what may be said, and how it is spelled. Pure: no I/O, no clock.

pub mod acr;
pub mod amr;
pub mod application_type;
pub mod claim;
pub mod client_auth_method;
pub mod client_id;
pub mod error;
pub mod grant_type;
pub mod id_token_hint;
pub mod locale;
pub mod login_hint;
pub mod nonce;
pub mod opaque_text;
pub mod params;
pub mod pkce;
pub mod post_logout_redirect_uri;
pub mod prefixes;
pub mod prompt;
pub mod redirect_uri;
pub mod response_mode;
pub mod response_type;
pub mod scope;
pub mod signing_algorithm;
pub mod state;
pub mod subject_type;
pub mod uri_rules;
pub mod wire_enum;

pub use acr::Acr;
pub use amr::Amr;
pub use application_type::ApplicationType;
pub use claim::ClaimName;
pub use client_auth_method::ClientAuthMethod;
pub use client_id::ClientId;
pub use error::{
    AuthorizationError, AuthorizationErrorCode, BearerError, BearerErrorCode, TokenError, TokenErrorCode,
};
pub use grant_type::GrantType;
pub use id_token_hint::IdTokenHint;
pub use locale::Locale;
pub use login_hint::LoginHint;
pub use nonce::Nonce;
pub use opaque_text::OpaqueTextError;
pub use params::{ParamsError, RawParams, Repeated};
pub use pkce::{CodeChallenge, CodeChallengeMethod, CodeVerifier};
pub use post_logout_redirect_uri::PostLogoutRedirectUri;
pub use prefixes::Prefixes;
pub use prompt::{Prompt, PromptError, PromptSet};
pub use redirect_uri::{RedirectUri, RegisteredRedirectUri};
pub use response_mode::ResponseMode;
pub use response_type::ResponseType;
pub use scope::{Scope, ScopeSet};
pub use signing_algorithm::SigningAlgorithm;
pub use state::State;
pub use subject_type::SubjectType;
pub use uri_rules::UriError;
