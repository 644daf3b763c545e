//! The algorithms with which clients sign their assertions.

use super::wire_enum::wire_enum;
use super::{ClientAuthMethod, SigningAlgorithm};

wire_enum! {
    /// A JWS algorithm of a client assertion (OIDC Core §9). There is no `none`.
    AssertionAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        ES384 = "ES384",
        /// RSA PKCS #1 v1.5 with SHA-256.
        RS256 = "RS256",
        /// RSA-PSS with SHA-256.
        PS256 = "PS256",
        /// Ed25519.
        EdDSA = "EdDSA",
        /// HMAC with SHA-256 and the client secret. RFC 7518 §3.2 wants longer secrets for longer digests.
        HS256 = "HS256",
    }
}

impl AssertionAlgorithm {
    /// The signature algorithm, where it is one: of `HS256`, none.
    pub const fn signing(self) -> Option<SigningAlgorithm> {
        match self {
            Self::ES256 => Some(SigningAlgorithm::ES256),
            Self::ES384 => Some(SigningAlgorithm::ES384),
            Self::RS256 => Some(SigningAlgorithm::RS256),
            Self::PS256 => Some(SigningAlgorithm::PS256),
            Self::EdDSA => Some(SigningAlgorithm::EdDSA),
            Self::HS256 => None,
        }
    }

    /// The method that an assertion of this algorithm is.
    pub const fn method(self) -> ClientAuthMethod {
        match self.signing() {
            Some(_) => ClientAuthMethod::PrivateKeyJwt,
            None => ClientAuthMethod::ClientSecretJwt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_of_ours_is_taken_from_clients_too() {
        let taken: Vec<_> = AssertionAlgorithm::ALL.iter().filter_map(|one| one.signing()).collect();
        assert_eq!(taken, SigningAlgorithm::ALL);
        let names =
            AssertionAlgorithm::ALL.iter().filter_map(|one| Some((one.as_str(), one.signing()?.as_str())));
        assert!(names.into_iter().all(|(one, other)| one == other));
    }
}
