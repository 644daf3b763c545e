//! Proofs of possession (RFC 9449 §4.3): the one kind of JWT that brings its own key. It proves that its sender holds that
//! key, and nothing else.

use serde::Deserialize;
use serde_json::Value;

use super::provider;
use super::verify::jsonwebtoken_algorithm;
use crate::base::encoding::from_base64url;
use crate::crypto::signing::{Jwk, VerifyingKey};
use crate::protocol::dpop::{PresentedProof, ProofClaims, ProofFault};
use crate::protocol::{JwkThumbprint, SigningAlgorithm};

/// What a public key never has (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A proof whose signature is that of the key it brings. What it says is for the caller to judge.
#[derive(Clone, Debug)]
pub struct SignedProof {
    /// The key.
    pub key: JwkThumbprint,
    /// How it signed.
    pub algorithm: SigningAlgorithm,
    /// What is said.
    pub claims: ProofClaims,
}

/// A header, as far as it matters; members are not repeated.
#[derive(Deserialize)]
struct Header {
    typ: Option<String>,
    alg: Option<String>,
    jwk: Option<Value>,
    crit: Option<Value>,
    jku: Option<Value>,
    x5u: Option<Value>,
    x5c: Option<Value>,
}

/// Reads a proof and verifies its signature.
pub fn read_dpop_proof(proof: PresentedProof<'_>) -> Result<SignedProof, ProofFault> {
    let (message, signature) = proof.as_str().rsplit_once('.').ok_or(ProofFault::Malformed)?;
    let (header, claims) = message.split_once('.').ok_or(ProofFault::Malformed)?;
    let decoded = |part: &str| from_base64url(part).ok_or(ProofFault::Malformed);
    let (header, claims) = (decoded(header)?, decoded(claims)?);
    let header: Header = serde_json::from_slice(&header).map_err(|_| ProofFault::Malformed)?;
    // RFC 7515 §4.1.9: `application/` before it may be written, and media types have no case.
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    if !matches!(typ.as_deref(), Some("dpop+jwt" | "application/dpop+jwt")) {
        return Err(ProofFault::OtherType);
    }
    if header.crit.is_some() {
        return Err(ProofFault::Critical);
    }
    if header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some() {
        return Err(ProofFault::ForeignKey);
    }
    let algorithm = header.alg.as_deref().and_then(SigningAlgorithm::named);
    let algorithm = algorithm.ok_or(ProofFault::OtherAlgorithm)?;
    let jwk = public_key(header.jwk)?;
    let key = VerifyingKey::for_algorithm(&jwk, algorithm).map_err(|_| ProofFault::UnusableKey)?;
    provider::install();
    let is_signed = jsonwebtoken::crypto::verify(
        signature,
        message.as_bytes(),
        key.decoding_key(),
        jsonwebtoken_algorithm(algorithm),
    );
    if !is_signed.is_ok_and(|is_signed| is_signed) {
        return Err(ProofFault::WrongSignature);
    }
    let claims = serde_json::from_slice(&claims).map_err(|_| ProofFault::MissingClaims)?;
    let key = JwkThumbprint::parse(&jwk.key.thumbprint()).ok_or(ProofFault::UnusableKey)?;
    Ok(SignedProof { key, algorithm, claims })
}

fn public_key(jwk: Option<Value>) -> Result<Jwk, ProofFault> {
    let jwk = jwk.filter(Value::is_object).ok_or(ProofFault::UnusableKey)?;
    if PRIVATE_MEMBERS.iter().any(|member| jwk.get(member).is_some()) {
        return Err(ProofFault::PrivateKey);
    }
    serde_json::from_value(jwk).map_err(|_| ProofFault::UnusableKey)
}
