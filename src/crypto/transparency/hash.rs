//! The two hashes of a Merkle tree (RFC 9162 §2.1.1), kept apart by their first byte.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{Context, SHA256};

/// A SHA-256 node of the tree: a leaf, an inner node or a root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeHash([u8; 32]);

impl NodeHash {
    /// Bytes in one hash.
    pub const LENGTH: usize = 32;

    /// As stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Exactly 32 bytes, or nothing.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Hashes laid side by side, as tiles are; nothing where the length is off.
    pub fn many(bytes: &[u8]) -> Option<Vec<Self>> {
        let (hashes, rest) = bytes.as_chunks();
        rest.is_empty().then(|| hashes.iter().copied().map(Self).collect())
    }

    /// The raw hash.
    pub const fn bytes(self) -> [u8; 32] {
        self.0
    }

    /// Standard base64 with padding, as checkpoints and proofs carry it.
    pub fn base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`NodeHash::base64`] wrote.
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().and_then(|bytes| Self::from_slice(&bytes))
    }
}

impl fmt::Display for NodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base64())
    }
}

impl fmt::Debug for NodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeHash({})", self.base64())
    }
}

/// The hash of a leaf. RFC 9162 §2.1.1: a zero byte goes before the entry.
pub fn leaf_hash(entry: &[u8]) -> NodeHash {
    digest(&[&[0x00], entry])
}

/// The hash of an inner node. RFC 9162 §2.1.1: a one byte goes before the two children, so that no inner node can
/// pass for a leaf.
pub fn node_hash(left: NodeHash, right: NodeHash) -> NodeHash {
    digest(&[&[0x01], &left.0, &right.0])
}

/// The root of the tree without leaves: the hash of nothing.
pub fn empty_root() -> NodeHash {
    digest(&[])
}

fn digest(parts: &[&[u8]]) -> NodeHash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    NodeHash(bytes)
}
