//! Whether a proof of possession is good (RFC 9449 §4.3).

use std::time::Duration;

use subtle::ConstantTimeEq;

use super::ProvenKey;
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::crypto::jwt::{SignedProof, read_dpop_proof};
use crate::crypto::keyring::DigestPurpose;
use crate::crypto::sha256;
use crate::domain::client::Client;
use crate::protocol::dpop::{PresentedProof, ProofFault, is_same_resource};
use crate::protocol::{ClientProfile, Endpoint};
use crate::services::{Failure, Provider};

/// How old a proof may be.
const PAST: Duration = Duration::from_secs(60);
/// How far ahead its maker's clock may be: FAPI 2.0 Security Profile §5.3.2.1 wants 10 seconds at least.
const AHEAD: Duration = Duration::from_secs(10);
/// How long one nonce is given out. It is accepted for as long again: one to two minutes in all.
const NONCE_SPAN: Duration = Duration::from_secs(60);
/// The longest `jti` that is looked at. It is not kept: its digest is.
const LONGEST_ID: usize = 512;

/// The call that a proof must have been made for.
#[derive(Clone, Copy, Debug)]
pub struct ProvenCall<'a> {
    /// Its method.
    pub method: &'a str,
    /// Where it went.
    pub endpoint: Endpoint,
    /// The access token that came with it.
    pub access_token: Option<&'a str>,
    /// Whether it must carry a nonce.
    pub nonce: NonceRule,
    /// Under which its sender is registered.
    pub profile: ClientProfile,
}

/// Whether a proof must carry a nonce of ours. One that it carries is looked at in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceRule {
    /// It may.
    Welcome,
    /// It must.
    Needed,
}

impl NonceRule {
    /// As it is registered.
    pub fn of(client: &Client) -> Self {
        match client.registration.require_dpop_nonce {
            true => Self::Needed,
            false => Self::Welcome,
        }
    }
}

/// Why a proof does not count.
#[derive(Debug)]
pub enum ProofRefused {
    /// It is not good.
    Fault(ProofFault),
    /// Whether it was used before cannot be known now: then it does not count.
    Failed(Failure),
}

impl From<ProofFault> for ProofRefused {
    fn from(fault: ProofFault) -> Self {
        Self::Fault(fault)
    }
}

impl Provider {
    /// Checks a proof against the call that it came with. It counts once, over all nodes.
    pub async fn check_proof(
        &self,
        proof: PresentedProof<'_>,
        call: ProvenCall<'_>,
    ) -> Result<ProvenKey, ProofRefused> {
        let SignedProof { key, algorithm, claims } = read_dpop_proof(proof)?;
        if !call.profile.takes(algorithm) {
            return Err(ProofFault::AlgorithmOfProfile.into());
        }
        if claims.jti.is_empty() || claims.jti.len() > LONGEST_ID {
            return Err(ProofFault::UnusableId.into());
        }
        // RFC 9110 §9.1: methods have case.
        if claims.htm != call.method {
            return Err(ProofFault::OtherMethod.into());
        }
        let is_here = |address: &str| is_same_resource(&claims.htu, address);
        if !self.policy.addresses_of(call.endpoint).any(|address| is_here(&address)) {
            return Err(ProofFault::OtherAddress.into());
        }
        if let Some(token) = call.access_token {
            let digest = base64url(sha256(token.as_bytes()));
            match claims.ath {
                None => return Err(ProofFault::NoTokenDigest.into()),
                Some(ath) if ath == digest => {}
                Some(_) => return Err(ProofFault::OtherToken.into()),
            }
        }
        // Whether a nonce stands for `iat` or not: nothing stands for this.
        if claims.exp.is_some_and(|exp| exp + AHEAD <= self.now()) {
            return Err(ProofFault::Expired.into());
        }
        let good_for = match (&claims.nonce, call.nonce) {
            (Some(nonce), _) => self.check_nonce(nonce)?,
            (None, NonceRule::Needed) => return Err(ProofFault::NonceMissing.into()),
            (None, NonceRule::Welcome) => self.check_time(claims.iat)?,
        };
        let id = [key.as_bytes(), call.endpoint.as_str().as_bytes(), claims.jti.as_bytes()].concat();
        let mark = format!("dpop:{}", base64url(sha256(&id)));
        match self.shortlived.insert_if_absent(&mark, b"", good_for).await {
            Ok(true) => Ok(ProvenKey::of_proof(key, claims.nonce.is_some())),
            Ok(false) => Err(ProofFault::Replayed.into()),
            Err(unavailable) => Err(ProofRefused::Failed(unavailable.into())),
        }
    }

    /// The nonce that proofs should carry now.
    pub fn dpop_nonce(&self) -> String {
        self.nonce_of(window(self.now()))
    }

    /// How much longer a proof of this time would be good.
    fn check_time(&self, made_at: Timestamp) -> Result<Duration, ProofFault> {
        let now = self.now();
        if made_at + PAST < now {
            return Err(ProofFault::TooOld);
        }
        if made_at > now + AHEAD {
            return Err(ProofFault::NotYet);
        }
        Ok((made_at + PAST).since(now) + AHEAD)
    }

    /// RFC 9449 §4.3: our own time, which the nonce is, stands in the place of `iat`. So a phone whose clock is wrong is
    /// served too. How much longer the nonce is good, at most.
    fn check_nonce(&self, nonce: &str) -> Result<Duration, ProofFault> {
        let window = window(self.now());
        let is_of = |window: i64| bool::from(self.nonce_of(window).as_bytes().ct_eq(nonce.as_bytes()));
        // The next one too: another node may be ahead by a moment.
        match is_of(window) || is_of(window - 1) || is_of(window + 1) {
            true => Ok(NONCE_SPAN * 3),
            false => Err(ProofFault::OtherNonce),
        }
    }

    /// Nothing is stored of a nonce: every node can tell the ones of these minutes, and nobody else can.
    fn nonce_of(&self, window: i64) -> String {
        let mac = self.keyring.digest(DigestPurpose::DpopNonce, &window.to_be_bytes());
        let (start, _) = mac.as_bytes().split_at(16);
        base64url(start)
    }
}

fn window(now: Timestamp) -> i64 {
    now.seconds().div_euclid(i64::try_from(NONCE_SPAN.as_secs()).unwrap_or(i64::MAX))
}
