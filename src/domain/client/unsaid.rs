//! What holds where a registration says nothing (RFC 7591 §2, OIDC Registration §2).

use crate::protocol::{
    ApplicationType, ClientAuthMethod, GrantType, ResponseType, SigningAlgorithm, SubjectType,
};

pub(super) const fn web() -> ApplicationType {
    ApplicationType::Web
}

pub(super) const fn client_secret_basic() -> ClientAuthMethod {
    ClientAuthMethod::ClientSecretBasic
}

pub(super) fn code_and_refresh() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
}

pub(super) fn code() -> Vec<ResponseType> {
    vec![ResponseType::Code]
}

pub(super) const fn pairwise() -> SubjectType {
    SubjectType::Pairwise
}

pub(super) const fn rs256() -> SigningAlgorithm {
    SigningAlgorithm::RS256
}

pub(super) const fn yes() -> bool {
    true
}
