//! Making signing keys.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair,
};

use super::signing_key::SigningFailed;
use crate::base::Secret;
use crate::protocol::SigningAlgorithm;

/// A fresh private key in PKCS #8 form, to be wrapped and stored. RSA keys have 2,048 bits.
pub fn generate_pkcs8(algorithm: SigningAlgorithm) -> Result<Secret<Vec<u8>>, SigningFailed> {
    let random = system_random();
    let pkcs8 = match algorithm {
        SigningAlgorithm::ES256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?,
        SigningAlgorithm::ES384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, &random)?,
        SigningAlgorithm::EdDSA => {
            Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| SigningFailed)?.as_ref().to_vec()
        }
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
            let made = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(|_| SigningFailed)?;
            made.as_der().map_err(|_| SigningFailed)?.as_ref().to_vec()
        }
    };
    Ok(Secret::new(pkcs8))
}

fn ecdsa(curve: &'static EcdsaSigningAlgorithm, random: &SystemRandom) -> Result<Vec<u8>, SigningFailed> {
    let made = EcdsaKeyPair::generate_pkcs8(curve, random).map_err(|_| SigningFailed)?;
    Ok(made.as_ref().to_vec())
}

/// ring accepts no other generator for keys and for the nonces of ECDSA.
#[expect(clippy::disallowed_methods, reason = "ring takes only its own generator for keys and nonces")]
pub(in crate::crypto) fn system_random() -> SystemRandom {
    SystemRandom::new()
}
