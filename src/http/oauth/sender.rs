//! Who sends a call, by the key that the sender shows (RFC 9449).

use axum::http::header::{HeaderMap, HeaderName};
use axum::http::{HeaderValue, Method};
use axum::response::Response;

use super::client_call::{ClientCall, Refused};
use crate::http::App;
use crate::protocol::dpop::{PresentedProof, ProofFault};
use crate::protocol::{Endpoint, TokenError, TokenErrorCode};
use crate::services::tokens::{NonceRule, ProofRefused, ProvenCall, ProvenKey};

/// Carries a proof.
pub const DPOP: HeaderName = HeaderName::from_static("dpop");
/// Carries the nonce that the next proof should have.
pub const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The proof of a request.
pub fn presented_proof(headers: &HeaderMap) -> Result<Option<PresentedProof<'_>>, ProofFault> {
    PresentedProof::parse(headers.get_all(DPOP).iter().map(|value| value.as_bytes()))
}

/// The key that the sender of a call shows; none where none is shown and none is needed.
pub async fn proven_key(
    app: &App,
    call: &ClientCall,
    endpoint: Endpoint,
) -> Result<Option<ProvenKey>, Refused> {
    let shown = shown_key(app, call, endpoint).await?;
    if call.client.registration.tls_client_certificate_bound_access_tokens {
        return by_connection(call, shown.as_ref()).map(Some);
    }
    if shown.is_none() && call.client.registration.dpop_bound_access_tokens {
        return Err(TokenError::from(ProofFault::Missing).into());
    }
    Ok(shown)
}

/// The key that a device code shall be bound to: that of the connection, of a client whose tokens will be bound to that; else
/// the one that is shown, where one is.
pub async fn binding_key(
    app: &App,
    call: &ClientCall,
    endpoint: Endpoint,
) -> Result<Option<ProvenKey>, Refused> {
    let shown = shown_key(app, call, endpoint).await?;
    match call.client.registration.tls_client_certificate_bound_access_tokens {
        true => by_connection(call, shown.as_ref()).map(Some),
        false => Ok(shown),
    }
}

/// RFC 8705 §3: the key of the connection, of a client that is registered for it.
fn by_connection(call: &ClientCall, proof: Option<&ProvenKey>) -> Result<ProvenKey, Refused> {
    let wrong = |text| Err(TokenError::new(TokenErrorCode::InvalidRequest, text).into());
    match (&call.certificate, proof) {
        (Some(certificate), None) => Ok(ProvenKey::of_connection(certificate)),
        (None, None) => wrong(
            "The access tokens of this client are bound to its certificate; call on a connection that shows it.",
        ),
        (_, Some(_)) => {
            wrong("The access tokens of this client are bound to its certificate; leave the DPoP header out.")
        }
    }
}

/// The key that the sender of a call shows by a proof, where it shows one.
pub async fn shown_key(
    app: &App,
    call: &ClientCall,
    endpoint: Endpoint,
) -> Result<Option<ProvenKey>, Refused> {
    let Some(proof) = presented_proof(&call.headers).map_err(TokenError::from)? else { return Ok(None) };
    let call = ProvenCall {
        method: Method::POST.as_str(),
        endpoint,
        access_token: None,
        nonce: NonceRule::of(&call.client),
        profile: call.client.registration.profile,
    };
    match app.provider.check_proof(proof, call).await {
        Ok(key) => Ok(Some(key)),
        Err(ProofRefused::Fault(fault)) => Err(TokenError::from(fault).into()),
        Err(ProofRefused::Failed(failure)) => Err(failure.into()),
    }
}

/// Whether an answer should carry a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellNonce {
    /// Nobody asked.
    No,
    /// One is needed for the next proof.
    Yes,
}

impl TellNonce {
    /// RFC 9449 §8.2: whoever works with nonces learns the present one with every answer, so that none is refused for
    /// its age. Whoever does not is left alone: a nonce that he took up would cost him a second try after each rest.
    pub fn to(key: Option<&ProvenKey>) -> Self {
        match key {
            Some(key) if key.by_nonce() => Self::Yes,
            _ => Self::No,
        }
    }

    /// RFC 9449 §8: a refusal for want of a nonce brings one.
    pub fn after(refused: &Refused) -> Self {
        match refused {
            Refused::Wrong(error) if error.code == TokenErrorCode::UseDpopNonce => Self::Yes,
            _ => Self::No,
        }
    }

    /// Puts the nonce on the answer.
    pub fn on(self, app: &App, mut response: Response) -> Response {
        if let (Self::Yes, Ok(nonce)) = (self, HeaderValue::from_str(&app.provider.dpop_nonce())) {
            response.headers_mut().insert(DPOP_NONCE, nonce);
        }
        response
    }
}
