//! Why a registration was refused.

use super::JwksError;
use crate::base::text::TextError;
use crate::protocol::{
    ClientProfile, DistinguishedNameError, KeyManagementAlgorithm, RequestUriError, UriError,
};

/// What is wrong with a registration, naming the member to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// What the profile refuses.
    #[error("{field}: the profile {profile} {takes}")]
    Profile {
        /// The member.
        field: &'static str,
        /// Under which it would be registered.
        profile: ClientProfile,
        /// What it takes, and what to do.
        takes: &'static str,
    },
    /// No redirect URI.
    #[error("redirect_uris: at least one is needed")]
    NoRedirectUri,
    /// An address that is refused.
    #[error("{field}: {uri} {cause}")]
    Uri {
        /// The member.
        field: &'static str,
        /// The address.
        uri: String,
        /// What is wrong with it.
        cause: UriError,
    },
    /// More than one host and no sector identifier (OIDC Core §8.1).
    #[error(
        "sector_identifier: needed, because redirect_uris have more than one host and subject_type is pairwise"
    )]
    SectorIdentifierNeeded,
    /// A sector identifier that is not a host name.
    #[error(
        "sector_identifier: must be a host name such as dichvucong.example.vn, or an IPv6 address in brackets"
    )]
    SectorIdentifierForm,
    /// A claim listed twice.
    #[error("claims: {0} is listed twice")]
    ClaimTwice(&'static str),
    /// A word that is no scope here.
    #[error("scope: {0} is not a scope of this provider")]
    UnknownScope(String),
    /// `openid` is missing.
    #[error("scope: must contain openid")]
    OpenidMissing,
    /// A wish about what nobody is told.
    #[error("backchannel_logout_session_required: needs a backchannel_logout_uri beside it")]
    BackchannelLogoutUriMissing,
    /// The same of what is framed.
    #[error("frontchannel_logout_session_required: needs a frontchannel_logout_uri beside it")]
    FrontchannelLogoutUriMissing,
    /// Framed from elsewhere than where people are sent.
    #[error("frontchannel_logout_uri: must have the scheme, host and port of one of the redirect_uris")]
    FrontchannelLogoutOrigin,
    /// Codes that nobody could redeem, or the other way round.
    #[error("response_types: those with code and the grant type authorization_code go together")]
    CodeOnlyHalf,
    /// A system that acts for itself and cannot prove who it is.
    #[error("grant_types: client_credentials needs a system that authenticates")]
    PublicForItself,
    /// A system that acts for itself, and nowhere.
    #[error("resources: client_credentials gives access tokens for resources; at least one is needed")]
    NoResource,
    /// A grant without a pair, or a pair without the grant.
    #[error("exchanges: go together with the grant type urn:ietf:params:oauth:grant-type:token-exchange")]
    ExchangeOnlyHalf,
    /// Exchanges by whoever cannot prove who it is.
    #[error("exchanges: need a token_endpoint_auth_method other than \"none\"")]
    PublicExchange,
    /// A resource that cannot prove who it is.
    #[error("protected_resources: a resource needs a token_endpoint_auth_method other than \"none\"")]
    PublicResource,
    /// A type that nobody could ask for or be shown.
    #[error(
        "authorization_details: the types of a resource and their fields have names of 1 to 100 visible ASCII characters, each once, and texts in both languages"
    )]
    DetailsType,
    /// Types that nobody could ask for.
    #[error(
        "authorization_details_types: must be at most 32 names of 1 to 100 visible ASCII characters, with resources beside them"
    )]
    DetailsTypes,
    /// Statements that nothing could verify.
    #[error("vouches_for_software: needs jwks or jwks_uri")]
    StatementKeys,
    /// Words of others that nothing could verify.
    #[error("vouches_for_workloads: needs jwks or jwks_uri")]
    WorkloadKeys,
    /// A grant without anybody who vouches, or the other way round.
    #[error(
        "jwt_bearer_subjects: go together with the grant type urn:ietf:params:oauth:grant-type:jwt-bearer"
    )]
    WorkloadOnlyHalf,
    /// Workloads of whoever cannot prove who it is.
    #[error("jwt_bearer_subjects: need a token_endpoint_auth_method other than \"none\"")]
    PublicWorkload,
    /// Workloads that may go nowhere.
    #[error("resources: jwt-bearer gives access tokens for resources; at least one is needed")]
    WorkloadNowhere,
    /// Workloads that cannot be told apart.
    #[error(
        "jwt_bearer_subjects: must be at most 32 pairs, each once, of an issuer other than the system and a subject of 1 to 255 bytes"
    )]
    WorkloadSubjects,
    /// A resource listed twice.
    #[error("{0}: a resource is listed twice")]
    ResourceTwice(&'static str),
    /// Tokens by way of the browser without the grant type for them, or the other way round.
    #[error("response_types: those with id_token or token and the grant type implicit go together")]
    ImplicitOnlyHalf,
    /// A public client without PKCE.
    #[error(
        "require_pkce: a system without a secret (token_endpoint_auth_method = \"none\") cannot go without PKCE"
    )]
    PkceNeeded,
    /// Keys by value and by address.
    #[error("jwks_uri: leave out either jwks or jwks_uri")]
    KeysTwice,
    /// Assertions that nothing could verify.
    #[error(
        "token_endpoint_auth_method: private_key_jwt and self_signed_tls_client_auth need jwks or jwks_uri"
    )]
    KeysNeeded,
    /// Keys that cannot be used.
    #[error("jwks: {0}")]
    Jwks(JwksError),
    /// An address from which no keys are fetched.
    #[error(
        "jwks_uri: must be an absolute https address in its normal form, without fragment and user information"
    )]
    JwksUri,
    /// Request objects that nothing could verify, or that need not be signed and have to be.
    #[error(
        "request_object_signing_alg: needs jwks or jwks_uri; \"HS256\" goes with client_secret_jwt alone, and \"none\" without \
         require_signed_request_object"
    )]
    RequestObjectSigning,
    /// An address from which no request is fetched.
    #[error("request_uris: {0}")]
    RequestUri(RequestUriError),
    /// Half of what it takes to encrypt.
    #[error(
        "{0}: goes with the member of the same name that ends with _enc, which is \"A128GCM\" or \"A256GCM\""
    )]
    EncryptionHalf(&'static str),
    /// Nothing to encrypt to.
    #[error("{field}: needs a key for {alg} in jwks, or a jwks_uri")]
    EncryptionKeyNeeded {
        /// The member.
        field: &'static str,
        /// What the key would be for.
        alg: KeyManagementAlgorithm,
    },
    /// An algorithm of another method.
    #[error(
        "token_endpoint_auth_signing_alg: goes with private_key_jwt, or as HS256 with client_secret_jwt, and with no other method"
    )]
    AssertionAlgorithm,
    /// Tokens that would come by a way on which no key is shown.
    #[error(
        "dpop_bound_access_tokens: a response type with token gives access tokens that are bound to no key; leave it out, and tls_client_certificate_bound_access_tokens too"
    )]
    UnboundByBrowser,
    /// One token is bound to one key.
    #[error(
        "tls_client_certificate_bound_access_tokens: a token is bound by DPoP or to a certificate; leave out this or dpop_bound_access_tokens"
    )]
    BoundTwice,
    /// A certificate that could be anybody's.
    #[error(
        "tls_client_auth_subject_dn: tls_client_auth needs one of tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip and tls_client_auth_san_email"
    )]
    CertificateNameNeeded,
    /// More than one name.
    #[error("tls_client_auth_subject_dn: exactly one name of the certificate is registered")]
    CertificateNameTwice,
    /// A name that is never looked at.
    #[error(
        "token_endpoint_auth_method: names of certificates go with tls_client_auth; choose it, or leave them out"
    )]
    CertificateNameUnused,
    /// A name that no certificate has.
    #[error("{member}: {cause}")]
    CertificateName {
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        cause: &'static str,
    },
    /// A subject that no certificate has.
    #[error("tls_client_auth_subject_dn: {0}")]
    CertificateSubject(DistinguishedNameError),
    /// A nonce for proofs that need not be sent.
    #[error("require_dpop_nonce: needs dpop_bound_access_tokens = true")]
    NonceWithoutProof,
    /// No way back for people.
    #[error("client_uri: needed, unless the system is native or nobody is sent back to it")]
    ClientUriNeeded,
    /// An address that is not an absolute web address.
    #[error("{0}: must be an absolute https address (or http on a loopback address)")]
    ClientUri(&'static str),
    /// Levels that nobody could name in a request.
    #[error("default_acr_values: must be at most 16 words of 1 to 200 visible ASCII characters")]
    AcrValues,
    /// A contact that nobody can write to.
    #[error("contacts: {0}")]
    Contact(TextError),
    /// A text that people would read and cannot.
    #[error("{field}: {cause}, in at least one language")]
    Text {
        /// The member.
        field: &'static str,
        /// What is wrong with it.
        cause: TextError,
    },
}
