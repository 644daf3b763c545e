//! What can be wrong with a proof, and how to repair it.

use crate::protocol::{BearerError, BearerErrorCode, TokenError, TokenErrorCode};

/// Why a proof is refused. Its text is the `error_description` (RFC 9449 §5, §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// There is none.
    #[error("The DPoP header is missing; the tokens of this client, or this token, are bound to a key.")]
    Missing,
    /// RFC 9449 §4.3, check 1.
    #[error("The DPoP header was sent more than once.")]
    Repeated,
    /// Not a JWS in compact form.
    #[error("The DPoP proof is not a signed JWT: three base64url parts of at most 8 KiB.")]
    Malformed,
    /// Another kind of JWT.
    #[error("The typ in the header of the DPoP proof must be dpop+jwt.")]
    OtherType,
    /// Not one of ours, or symmetric, or none.
    #[error("The alg of the DPoP proof is not one of dpop_signing_alg_values_supported.")]
    OtherAlgorithm,
    /// One of ours, and not for this client.
    #[error(
        "The alg of the DPoP proof must be PS256, ES256 or EdDSA: this client is registered under fapi2."
    )]
    AlgorithmOfProfile,
    /// An extension that must be understood.
    #[error("The header of the DPoP proof has crit; no extension is understood.")]
    Critical,
    /// Another key than the one of the proof is named, or where it is found (RFC 8725 §3.10).
    #[error("The header of the DPoP proof has jku, x5u or x5c; its key is jwk, and no other is looked at.")]
    ForeignKey,
    /// No key, or one that is not for the algorithm.
    #[error("The header of the DPoP proof must have jwk, a public key that fits its alg.")]
    UnusableKey,
    /// RFC 9449 §4.3, check 7.
    #[error(
        "The jwk of the DPoP proof has a private or symmetric member; make a new key, this one was shown."
    )]
    PrivateKey,
    /// Signed otherwise.
    #[error("The signature of the DPoP proof is not of the key in its header.")]
    WrongSignature,
    /// A member is missing or of another type.
    #[error(
        "The DPoP proof must have jti, htm and htu as texts and iat as a number; nonce and ath are texts, exp is a number."
    )]
    MissingClaims,
    /// Empty, or longer than anyone needs.
    #[error("The jti of the DPoP proof must have 1 to 512 characters.")]
    UnusableId,
    /// Made for another method.
    #[error("The htm of the DPoP proof is not the method of this request.")]
    OtherMethod,
    /// Made for another address.
    #[error("The htu of the DPoP proof is not the address of this endpoint as discovery gives it.")]
    OtherAddress,
    /// Too old.
    #[error("The iat of the DPoP proof is more than 60 seconds in the past; check the clock.")]
    TooOld,
    /// RFC 7519 §4.1.4: its maker said until when it is good.
    #[error("The exp of the DPoP proof has passed; make a new one for each request, and check the clock.")]
    Expired,
    /// Not made yet.
    #[error("The iat of the DPoP proof is more than 10 seconds in the future; check the clock.")]
    NotYet,
    /// At a resource, without the digest of the token.
    #[error("The DPoP proof must have ath, the base64url SHA-256 of the access token.")]
    NoTokenDigest,
    /// Made for another token.
    #[error("The ath of the DPoP proof is not the base64url SHA-256 of the access token.")]
    OtherToken,
    /// Seen before.
    #[error("The DPoP proof was used before; make a new one, with another jti, for each request.")]
    Replayed,
    /// This client must put our nonce into its proofs.
    #[error("The DPoP proof must carry the nonce of the DPoP-Nonce header.")]
    NonceMissing,
    /// Not a nonce of ours, or one of a while ago.
    #[error("The nonce of the DPoP proof has expired; use the one of the DPoP-Nonce header.")]
    OtherNonce,
}

impl ProofFault {
    /// RFC 9449 §8: a wish for a nonce has an error of its own, upon which clients try again by themselves.
    pub const fn wants_nonce(self) -> bool {
        matches!(self, Self::NonceMissing | Self::OtherNonce)
    }
}

impl From<ProofFault> for TokenError {
    fn from(fault: ProofFault) -> Self {
        let code = match fault.wants_nonce() {
            true => TokenErrorCode::UseDpopNonce,
            false => TokenErrorCode::InvalidDpopProof,
        };
        Self::new(code, fault.to_string())
    }
}

impl From<ProofFault> for BearerError {
    fn from(fault: ProofFault) -> Self {
        let code = match fault.wants_nonce() {
            true => BearerErrorCode::UseDpopNonce,
            false => BearerErrorCode::InvalidDpopProof,
        };
        Self::new(code, fault.to_string())
    }
}
