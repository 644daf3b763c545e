//! Whether the one who presents an access token may: a bound token wants its key, at every call (RFC 9449 §7).

use super::proven_key::thumbprint;
use super::{NonceRule, ProofRefused, ProvenCall, ProvenKey};
use crate::domain::client::{Client, Registration};
use crate::protocol::dpop::{PresentedProof, ProofFault};
use crate::protocol::{
    BearerError, BearerErrorCode, Confirmation, Endpoint, PresentedAccessToken, ShownCertificate, TokenScheme,
};
use crate::services::{Failure, Provider};

/// A call with an access token.
#[derive(Debug)]
pub struct ResourceCall<'a> {
    /// Its method.
    pub method: &'a str,
    /// Where it went.
    pub endpoint: Endpoint,
    /// The token.
    pub token: &'a PresentedAccessToken,
    /// The proof beside it.
    pub proof: Option<PresentedProof<'a>>,
    /// The certificate of its connection.
    pub certificate: Option<&'a ShownCertificate>,
}

impl Provider {
    /// Checks that a token is presented as what it is: by itself, or with the key that `bound_to` names. The key, where
    /// there is one.
    pub(in crate::services) async fn check_presenter(
        &self,
        call: &ResourceCall<'_>,
        bound_to: Option<Confirmation>,
        client: &Client,
    ) -> Result<Result<Option<ProvenKey>, BearerError>, Failure> {
        let refused = |text: &'static str| Ok(Err(BearerError::new(BearerErrorCode::InvalidToken, text)));
        let bound_to = match (call.token.scheme(), bound_to) {
            (TokenScheme::Bearer, None) if is_bound_as_registered(&client.registration, None) => {
                return Ok(Ok(None));
            }
            (TokenScheme::Bearer, None) => {
                return refused(
                    "The access tokens of this client are bound to a key by now, and this one is not; have another one given.",
                );
            }
            // RFC 8705 §3: the connection shows the key.
            (TokenScheme::Bearer, Some(Confirmation::X5tS256(bound_to))) => {
                return match call.certificate.map(thumbprint) {
                    Some(shown) if shown == bound_to => Ok(Ok(None)),
                    _ => refused(
                        "The access token is bound to a client certificate; present it on a connection with that one.",
                    ),
                };
            }
            // RFC 9449 §7.2: whoever stole it would try just this.
            (TokenScheme::Bearer, Some(Confirmation::Jkt(_))) => {
                return refused(
                    "The access token is bound to a key; present it by the scheme DPoP, with a proof.",
                );
            }
            (TokenScheme::DPoP, None | Some(Confirmation::X5tS256(_))) => {
                return refused("The access token is not bound to a key; present it by the scheme Bearer.");
            }
            (TokenScheme::DPoP, Some(Confirmation::Jkt(bound_to))) => bound_to,
        };
        let Some(proof) = call.proof else { return Ok(Err(ProofFault::Missing.into())) };
        let proven = ProvenCall {
            method: call.method,
            endpoint: call.endpoint,
            access_token: Some(call.token.expose()),
            nonce: NonceRule::of(client),
            profile: client.registration.profile,
        };
        match self.check_proof(proof, proven).await {
            Ok(key) if key.thumbprint() == Some(bound_to) => Ok(Ok(Some(key))),
            Ok(_) => refused("The DPoP proof is of another key than the one the access token is bound to."),
            Err(ProofRefused::Fault(fault)) => Ok(Err(fault.into())),
            Err(ProofRefused::Failed(failure)) => Err(failure),
        }
    }
}

/// Whether a token is bound, where every one of its client is by now: what was given under looser rules is good no more.
pub(super) const fn is_bound_as_registered(
    registration: &Registration,
    bound_to: Option<Confirmation>,
) -> bool {
    let is_wanted =
        registration.dpop_bound_access_tokens || registration.tls_client_certificate_bound_access_tokens;
    bound_to.is_some() || !is_wanted
}
