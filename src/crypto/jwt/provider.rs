//! What `jsonwebtoken` verifies with: ring. It signs nothing here; see `sign`.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use signature::Verifier;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| unsupported(),
        rsa_pub_components_from_public_key: |_| unsupported(),
        ec_pub_components_from_private_key: |_, _| unsupported::<(EllipticCurve, Vec<u8>, Vec<u8>)>(),
        ed_pub_components_from_private_key: |_, _| unsupported(),
        compute_digest: |_, _: ThumbprintHash| unsupported(),
    },
};

/// Makes ring the provider of this process. `jsonwebtoken` is built without any other, so nothing can have come first.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _already = PROVIDER.install_default();
    });
}

/// A public key with the algorithm that a token claims, which `verify` has found to be the key's own.
struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let point = |algorithm: &'static dyn VerificationAlgorithm| match self.key.kind() {
            DecodingKeyKind::SecretOrDer(key) => {
                UnparsedPublicKey::new(algorithm, key).verify(message, signature).ok()
            }
            DecodingKeyKind::RsaModulusExponent { .. } => None,
        };
        let modulus = |parameters| match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).ok()
            }
            DecodingKeyKind::SecretOrDer(_) => None,
        };
        match self.algorithm {
            Algorithm::ES256 => point(&ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => point(&ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => point(&ED25519),
            Algorithm::RS256 => modulus(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::PS256 => modulus(&RSA_PSS_2048_8192_SHA256),
            _ => None,
        }
        .ok_or_else(signature::Error::new)
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() == algorithm.family() {
        Ok(Box::new(RingVerifier { algorithm: *algorithm, key: key.clone() }))
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    unsupported()
}

fn unsupported<T>() -> Result<T> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::verify;

    use super::*;
    use crate::base::encoding::base64url;
    use crate::crypto::signing::{Jwk, SigningKey, VerifyingKey};

    fn verifies(jwk: &str, message: &str, signature: &str) -> bool {
        install();
        let jwk: Jwk = serde_json::from_str(jwk).unwrap();
        let key = VerifyingKey::from_jwk(&jwk).unwrap();
        let algorithm = crate::crypto::jwt::verify::jsonwebtoken_algorithm(key.algorithm());
        verify(signature, message.as_bytes(), key.decoding_key(), algorithm).unwrap()
    }

    const JOE: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    #[test]
    fn the_example_of_rs256_verifies__rfc7515_a2() {
        let jwk = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        assert!(verifies(jwk, &format!("eyJhbGciOiJSUzI1NiJ9.{JOE}"), signature));
        assert!(!verifies(jwk, &format!("eyJhbGciOiJSUzI1NiJ9.{JOE}A"), signature));
    }

    #[test]
    fn the_example_of_es256_verifies__rfc7515_a3() {
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        let signature =
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        assert!(verifies(jwk, &format!("eyJhbGciOiJFUzI1NiJ9.{JOE}"), signature));
        assert!(!verifies(jwk, &format!("eyJhbGciOiJFUzI1NiJ9.{JOE}A"), signature));
    }

    #[test]
    fn the_example_of_ed25519_is_signed_and_verifies__rfc8037_a4() {
        let seed = data_encoding::HEXLOWER
            .decode(b"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
            .unwrap();
        let public = data_encoding::HEXLOWER
            .decode(b"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
            .unwrap();
        // RFC 8410 §7: version 2 of the private key, with the public key beside it.
        let mut pkcs8 = data_encoding::HEXLOWER.decode(b"3051020101300506032b657004220420").unwrap();
        pkcs8.extend_from_slice(&seed);
        pkcs8.extend_from_slice(&[0x81, 0x21, 0x00]);
        pkcs8.extend_from_slice(&public);
        let key = SigningKey::from_pkcs8(crate::protocol::SigningAlgorithm::EdDSA, &pkcs8).unwrap();
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(base64url(key.sign(message.as_bytes()).unwrap()), signature);
        assert!(verifies(&serde_json::to_string(key.public_jwk()).unwrap(), message, signature));
    }
}
