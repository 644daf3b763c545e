//! Keys agreed on by elliptic curves (RFC 7518 §4.6, RFC 8037 §3.2).

use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap};
use ring::digest::{Context, SHA256};

use super::header::JweHeader;
use crate::base::Secret;
use crate::base::encoding::{base64url, from_base64url};
use crate::crypto::signing::{PublicKey, UnusableKey};
use crate::protocol::KeyManagementAlgorithm;

/// How much a wrapped key is longer (RFC 3394 §2.2.1).
const WRAPPING: usize = 8;

/// A public key of a curve that is spoken, as the library takes it.
pub(super) struct Point {
    curve: &'static agreement::Algorithm,
    bytes: Vec<u8>,
}

impl Point {
    /// P-256 and X25519; nothing else. Whether the point lies on its curve is found out when it is used.
    pub(super) fn of(key: &PublicKey) -> Result<Self, UnusableKey> {
        let whole = |text: &String| {
            from_base64url(text).filter(|bytes| bytes.len() == 32).ok_or(UnusableKey::Malformed)
        };
        match key {
            PublicKey::EllipticCurve { crv, x, y } if crv == "P-256" => {
                // SEC 1 §2.3.3, uncompressed.
                Ok(Self { curve: &ECDH_P256, bytes: [&[4], &whole(x)?[..], &whole(y)?[..]].concat() })
            }
            PublicKey::OctetPair { crv, x } if crv == "X25519" => {
                Ok(Self { curve: &X25519, bytes: whole(x)? })
            }
            _ => Err(UnusableKey::OtherUse),
        }
    }

    /// Whether anything can be agreed on with it.
    pub(super) fn is_on_its_curve(&self) -> bool {
        let peer = UnparsedPublicKey::new(self.curve, &self.bytes);
        self.fresh_key().is_some_and(|own| agreement::agree(&own, peer, (), |_| Ok(())).is_ok())
    }

    /// A fresh private key on the same curve.
    pub(super) fn fresh_key(&self) -> Option<PrivateKey> {
        PrivateKey::generate(self.curve).ok()
    }

    /// The key that `own` and this point make for `header`.
    pub(super) fn agree(&self, own: &PrivateKey, header: &JweHeader) -> Option<Secret<Vec<u8>>> {
        // All-zero agreements of X25519 are refused by the library (RFC 8037 §5).
        let peer = UnparsedPublicKey::new(self.curve, &self.bytes);
        agreement::agree(own, peer, (), |shared| derive(shared, header).ok_or(())).ok()
    }
}

/// The public half of `own`, as a JWK has it.
pub(super) fn public_half(own: &PrivateKey) -> Option<PublicKey> {
    let public = own.compute_public_key().ok()?;
    let bytes = public.as_ref();
    if own.algorithm() == &X25519 {
        return Some(PublicKey::OctetPair { crv: "X25519".to_owned(), x: base64url(bytes) });
    }
    let (form, point) = bytes.split_first()?;
    let (x, y) = (*form == 4).then(|| point.split_at_checked(point.len() / 2))??;
    Some(PublicKey::EllipticCurve { crv: "P-256".to_owned(), x: base64url(x), y: base64url(y) })
}

/// RFC 7518 §4.6.2: the Concat KDF with SHA-256, of which one round is enough for every key here.
fn derive(shared: &[u8], header: &JweHeader) -> Option<Secret<Vec<u8>>> {
    // What the key is for: the content where it is used as it is, the wrapping else.
    let (name, length) = match header.alg {
        KeyManagementAlgorithm::EcdhEs => (header.enc.as_str(), header.enc.key_length()),
        KeyManagementAlgorithm::EcdhEsA256Kw => (header.alg.as_str(), 32),
        KeyManagementAlgorithm::RsaOaep256 => return None,
    };
    let party = |text: &Option<String>| text.as_ref().map_or_else(|| Some(Vec::new()), from_base64url);
    derive_named(shared, name, &party(&header.apu)?, &party(&header.apv)?, length)
}

/// The same, for a name and parties of any kind.
pub(super) fn derive_named(
    shared: &[u8],
    name: &str,
    apu: &[u8],
    apv: &[u8],
    length: usize,
) -> Option<Secret<Vec<u8>>> {
    let number = |length: usize| u32::try_from(length).ok().map(u32::to_be_bytes);
    let mut hash = Context::new(&SHA256);
    hash.update(&number(1)?);
    hash.update(shared);
    for part in [name.as_bytes(), apu, apv] {
        hash.update(&number(part.len())?);
        hash.update(part);
    }
    hash.update(&number(length * 8)?);
    Some(Secret::new(hash.finish().as_ref().get(..length)?.to_vec()))
}

/// AES Key Wrap (RFC 3394 §2.2.1) with a key of 256 bits.
pub(super) fn wrap(wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut wrapped = vec![0; key.len() + WRAPPING];
    let length = AesKek::new(&AES_256, wrapping).ok()?.wrap(key, &mut wrapped).ok()?.len();
    (length == wrapped.len()).then_some(wrapped)
}

/// What [`wrap`] wrapped, where nobody has changed it.
pub(super) fn unwrap(wrapping: &[u8], wrapped: &[u8]) -> Option<Secret<Vec<u8>>> {
    let mut key = vec![0; wrapped.len().checked_sub(WRAPPING)?];
    let length = AesKek::new(&AES_256, wrapping).ok()?.unwrap(wrapped, &mut key).ok()?.len();
    (length == key.len()).then(|| Secret::new(key))
}
