//! The proof of one entry as its person downloads it: a file that is checked with nothing but the log's public key.

use serde::{Deserialize, Serialize};

use crate::crypto::transparency::{Checkpoint, ProofText, ProofTextError, VerifierKey, leaf_hash};
use crate::domain::audit::AuditEntry;

/// Names the file's form and version.
const FORMAT: &str = "khue-audit-proof/1";

/// Why a proof file does not prove its entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonProofError {
    /// Not a proof file of a form we know.
    #[error("this is no proof file of form {FORMAT}")]
    Form,
    /// The proof in it does not hold for the entry in it.
    #[error("the entry is not proved: {0}")]
    Proof(#[from] ProofTextError),
}

/// One entry and its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonProof {
    format: String,
    /// The entry, column by column: its leaf is made from it anew when it is checked.
    pub entry: AuditEntry,
    /// C2SP tlog-proof: place, hashes and signed checkpoint.
    pub proof: String,
    /// The log's public key as the log tells it. Whoever checks brings his own.
    pub key: String,
}

impl PersonProof {
    /// Puts the file together.
    pub fn new(entry: AuditEntry, proof: &ProofText, key: &VerifierKey) -> Self {
        Self { format: FORMAT.to_owned(), entry, proof: proof.to_string(), key: key.to_string() }
    }

    /// The file's text.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, PersonProofError> {
        let proof: Self = serde_json::from_str(text).map_err(|_| PersonProofError::Form)?;
        if proof.format == FORMAT { Ok(proof) } else { Err(PersonProofError::Form) }
    }

    /// Checks that the entry is in the log of `key`, exactly as it stands in the file.
    pub fn verify(&self, key: &VerifierKey) -> Result<Checkpoint, PersonProofError> {
        let proof = ProofText::parse(&self.proof)?;
        Ok(proof.verify(leaf_hash(&self.entry.to_leaf()), key)?)
    }
}
