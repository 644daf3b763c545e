//! Inclusion proofs as one text that is checked offline (C2SP tlog-proof).

use std::fmt;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::hash::NodeHash;
use super::note::VerifierKey;
use super::proof::{ProofError, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofTextError {
    /// Not the lines of a proof.
    #[error("the proof is malformed")]
    Malformed,
    /// The checkpoint in it.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes in it.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Where an entry stands, the hashes that prove it, and the checkpoint that they lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofText {
    /// The place of the entry.
    pub index: u64,
    /// The inclusion proof.
    pub hashes: Vec<NodeHash>,
    /// The signed note.
    pub checkpoint: String,
}

impl ProofText {
    /// Reads the text. An `extra` line, which proves nothing, is passed over.
    pub fn parse(text: &str) -> Result<Self, ProofTextError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofTextError::Malformed)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(ProofTextError::Malformed);
        }
        let mut place = lines.next();
        if place.is_some_and(|line| line.starts_with("extra ")) {
            place = lines.next();
        }
        let index = place
            .and_then(|line| line.strip_prefix("index "))
            .and_then(|digits| digits.parse().ok().filter(|index: &u64| index.to_string() == digits))
            .ok_or(ProofTextError::Malformed)?;
        let hashes: Option<Vec<_>> = lines.map(NodeHash::from_base64).collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= 64).ok_or(ProofTextError::Malformed)?;
        Ok(Self { index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks the signature of the checkpoint and that `leaf` is in its tree.
    pub fn verify(&self, leaf: NodeHash, key: &VerifierKey) -> Result<Checkpoint, ProofTextError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &self.hashes, checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}\nindex {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
