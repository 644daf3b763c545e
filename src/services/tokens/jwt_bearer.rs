//! Tokens for a system for whose workload somebody else vouches (RFC 7521 §4.1, RFC 7523 §2.1): what it would be given for
//! itself, and nothing beyond.

use super::assertion_claims::{AssertionAudience, AssertionClaims};
use super::client_assertion::REMEMBERED;
use super::{AuthenticatedClient, ProvenKey, ServiceTokenRefused, ServiceTokens};
use crate::base::encoding::base64url;
use crate::crypto::DigestPurpose;
use crate::crypto::jwt::{ForeignJwt, verify_for_nothing};
use crate::crypto::signing::Jwks;
use crate::domain::audit::Origin;
use crate::domain::client::{Client, Registration, WorkloadSubject};
use crate::protocol::token_request::JwtBearerGrant;
use crate::protocol::{AssertionAlgorithm, TokenResponse};
use crate::services::{Failure, Provider};

/// The type that an assertion may say it has. A JWT that was made for something else is none.
const TYPE: &str = "jwt";

/// What came of asking.
#[derive(Debug)]
pub enum JwtBearer {
    /// A token.
    Given(Box<TokenResponse>),
    /// No token.
    Refused(JwtBearerRefused),
}

/// Why a workload was given no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtBearerRefused {
    /// Nothing is verified, so nothing is told.
    #[error("The assertion is not signed by an issuer that may vouch for this client.")]
    Unverified,
    /// Its issuer made it wrongly.
    #[error("assertion: {0}")]
    Claims(&'static str),
    /// Its issuer speaks of another workload.
    #[error("assertion: sub is not a subject that this client is registered with at this issuer.")]
    OtherSubject,
    /// It came before.
    #[error("assertion: jti was used before; have a new one made for every request.")]
    Reused,
    /// The assertion is good, and what is wanted is not to be had.
    #[error(transparent)]
    Wanted(#[from] ServiceTokenRefused),
}

impl Provider {
    /// Gives a system a token for itself, if an issuer that is registered for it vouches for the workload that asks.
    pub async fn token_for_workload(
        &self,
        client: &AuthenticatedClient,
        grant: &JwtBearerGrant,
        key: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<JwtBearer, Failure> {
        let workload = match self.vouched_for(client, grant.assertion.expose()).await? {
            Ok(workload) => workload,
            Err(refused) => return Ok(JwtBearer::Refused(refused)),
        };
        Ok(match self.service_token(client, &grant.wanted, key, Some(&workload), origin).await? {
            ServiceTokens::Given(response) => JwtBearer::Given(response),
            ServiceTokens::Refused(refused) => JwtBearer::Refused(refused.into()),
        })
    }

    /// The workload of `client` for which `assertion` vouches: the signature first, then what is said, then whether it was
    /// said before.
    async fn vouched_for(
        &self,
        client: &Client,
        assertion: &str,
    ) -> Result<Result<WorkloadSubject, JwtBearerRefused>, Failure> {
        let jwt = ForeignJwt::read(assertion).ok();
        let jwt = jwt.filter(|jwt| jwt.typ().is_none_or(|typ| typ == TYPE));
        let issuer = jwt.as_ref().and_then(ForeignJwt::said_issuer).and_then(|id| self.client(&id));
        let issuer = issuer.filter(|issuer| vouches(&issuer.registration, &client.registration));
        let both = jwt.zip(issuer).filter(|(jwt, issuer)| is_signed_as_registered(jwt, &issuer.registration));
        let Some((jwt, issuer)) = both else {
            verify_for_nothing(assertion);
            return Ok(Err(JwtBearerRefused::Unverified));
        };
        let by_key = |keys: &Jwks| jwt.verify::<AssertionClaims>(&jwt.candidates(keys)).ok();
        let Some(claims) = self.with_client_keys(&issuer, by_key).await else {
            return Ok(Err(JwtBearerRefused::Unverified));
        };
        let issuer = &issuer.registration.client_id;
        let audience = AssertionAudience::Issuer(self.policy.issuer.as_str());
        let (sub, jti) = match claims.check_vouching(issuer, &audience, self.now()) {
            Ok(said) => said,
            Err(wrong) => return Ok(Err(JwtBearerRefused::Claims(wrong))),
        };
        let subjects = &client.registration.jwt_bearer_subjects;
        let Some(workload) = subjects.iter().find(|one| one.issuer == *issuer && one.subject == sub) else {
            return Ok(Err(JwtBearerRefused::OtherSubject));
        };
        // Only what is right in all else is marked: nobody can spoil what another one sends.
        let digest = self.keyring.digest(DigestPurpose::Once, format!("vouching {issuer} {jti}").as_bytes());
        let key = format!("vouching:{}", base64url(digest.as_bytes()));
        Ok(match self.shortlived.insert_if_absent(&key, b"", REMEMBERED).await? {
            true => Ok(workload.clone()),
            false => Err(JwtBearerRefused::Reused),
        })
    }
}

/// Whether `issuer` is registered to vouch for workloads at all, and for one of `client`.
fn vouches(issuer: &Registration, client: &Registration) -> bool {
    issuer.vouches_for_workloads
        && client.jwt_bearer_subjects.iter().any(|one| one.issuer == issuer.client_id)
}

/// Whether the issuer's registration takes the algorithm: its profile does (FAPI 2.0 Security Profile §5.4.1), and where it
/// says by which one it signs what it shows us, it is that one.
fn is_signed_as_registered(jwt: &ForeignJwt<'_>, issuer: &Registration) -> bool {
    let registered = issuer.token_endpoint_auth_signing_alg.and_then(AssertionAlgorithm::signing);
    jwt.algorithm().signing().is_some_and(|algorithm| {
        issuer.profile.takes(algorithm) && registered.is_none_or(|registered| registered == algorithm)
    })
}
