//! Signed notes (C2SP signed-note) with Ed25519.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// C2SP signed-note: the type byte of an Ed25519 key.
const ED25519_TYPE: u8 = 0x01;
const NOTE_LIMIT: usize = 64 * 1024;
const SIGNATURE_START: &str = "— ";

/// Why a note or key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A key name that is empty or holds a space or a plus sign.
    #[error("the key name is empty or holds a space or a plus sign")]
    KeyName,
    /// Not `name+hash+key` with an Ed25519 key, or the hash belongs to another key.
    #[error("the verifier key is malformed or its hash does not match")]
    VerifierKey,
    /// Not 32 bytes of seed.
    #[error("the signing seed is unusable")]
    Seed,
    /// Text without final newline, with control characters, or without signatures.
    #[error("the note is malformed")]
    Malformed,
    /// No signature of the expected key.
    #[error("the note carries no signature of the expected key")]
    Unsigned,
    /// A signature of the expected key that does not fit the text.
    #[error("the signature does not fit the text")]
    BadSignature,
}

/// The public half: name, short hash and Ed25519 key. Its text form is what auditors are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    public: [u8; 32],
}

impl VerifierKey {
    /// The key `public` under `name`.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
            return Err(NoteError::KeyName);
        }
        // C2SP signed-note: the key id commits to name, type and key.
        let committed = [name.as_bytes(), b"\n", &[ED25519_TYPE], &public].concat();
        let id = digest(&SHA256, &committed).as_ref().first_chunk().copied().unwrap_or_default();
        Ok(Self { name: name.to_owned(), id, public })
    }

    /// Reads `name+hash+key`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::VerifierKey);
        };
        let key = STANDARD.decode(key).map_err(|_| NoteError::VerifierKey)?;
        let [ED25519_TYPE, public @ ..] = key.as_slice() else { return Err(NoteError::VerifierKey) };
        let key = Self::new(name, public.try_into().map_err(|_| NoteError::VerifierKey)?)?;
        if key.hash_text() == id { Ok(key) } else { Err(NoteError::VerifierKey) }
    }

    /// Who signs: for a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn hash_text(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519_TYPE], self.public.as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.hash_text(), STANDARD.encode(key))
    }
}

/// The private half.
#[derive(Debug)]
pub struct NoteSigner {
    pair: Ed25519KeyPair,
    verifier: VerifierKey,
}

impl NoteSigner {
    /// The key pair of a 32-byte `seed`, signing as `name`.
    pub fn from_seed(name: &str, seed: &[u8]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::Seed)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NoteError::Seed)?;
        Ok(Self { verifier: VerifierKey::new(name, public)?, pair })
    }

    /// The public half.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs `text`, which ends in a newline.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !is_note_text(text) {
            return Err(NoteError::Malformed);
        }
        let signature = [self.verifier.id.as_slice(), self.pair.sign(text.as_bytes()).as_ref()].concat();
        Ok(format!("{text}\n{SIGNATURE_START}{} {}\n", self.verifier.name, STANDARD.encode(signature)))
    }
}

/// A note whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
}

impl Note {
    /// Opens `note` if `key` signed it; other signatures (of witnesses) are passed over.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        if note.len() > NOTE_LIMIT {
            return Err(NoteError::Malformed);
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, signatures) = note.split_at(end + 1);
        let signatures = signatures.strip_prefix('\n').ok_or(NoteError::Malformed)?;
        if !is_note_text(text) || !is_note_text(signatures) {
            return Err(NoteError::Malformed);
        }
        let mut signed = false;
        for line in signatures.lines() {
            let (name, signature) = line
                .strip_prefix(SIGNATURE_START)
                .and_then(|line| line.split_once(' '))
                .ok_or(NoteError::Malformed)?;
            let signature = STANDARD.decode(signature).map_err(|_| NoteError::Malformed)?;
            let (id, signature) = signature.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
            if name != key.name || *id != key.id {
                continue;
            }
            UnparsedPublicKey::new(&ED25519, key.public)
                .verify(text.as_bytes(), signature)
                .map_err(|_| NoteError::BadSignature)?;
            signed = true;
        }
        if signed { Ok(Self { text: text.to_owned() }) } else { Err(NoteError::Unsigned) }
    }

    /// What was signed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn is_note_text(text: &str) -> bool {
    text.ends_with('\n') && !text.chars().any(|c| c < ' ' && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n";
    const SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_note_of_the_go_checksum_database_is_signed_and_opened_byte_for_byte() {
        let seed = STANDARD.decode(SEED).unwrap();
        let signer = NoteSigner::from_seed("PeterNeumann", &seed[1..]).unwrap();
        assert_eq!(signer.verifier().to_string(), KEY);
        let note = format!("{TEXT}\n{SIGNATURE}");
        assert_eq!(signer.sign(TEXT).as_deref(), Ok(note.as_str()));
        assert_eq!(Note::open(&note, &VerifierKey::parse(KEY).unwrap()).unwrap().text(), TEXT);
    }

    #[test]
    fn signatures_of_witnesses_are_passed_over() {
        let witness = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
        let key = VerifierKey::parse(KEY).unwrap();
        assert!(Note::open(&format!("{TEXT}\n{witness}{SIGNATURE}"), &key).is_ok());
        assert_eq!(Note::open(&format!("{TEXT}\n{witness}"), &key), Err(NoteError::Unsigned));
    }

    #[test]
    fn a_changed_note_is_refused() {
        let key = VerifierKey::parse(KEY).unwrap();
        let note = format!("{TEXT}\n{SIGNATURE}");
        assert_eq!(Note::open(&note.replace("answer", "Answer"), &key), Err(NoteError::BadSignature));
        for (wrong, error) in [
            (format!("{TEXT}{SIGNATURE}"), NoteError::Malformed),
            (format!("{TEXT}\n"), NoteError::Malformed),
            (format!("{TEXT}\n{}", SIGNATURE.trim_end()), NoteError::Malformed),
            (format!("a\tb\n\n{SIGNATURE}"), NoteError::Malformed),
            (format!("{TEXT}\n— PeterNeumann !\n"), NoteError::Malformed),
            (format!("{TEXT}\n— PeterNeumann AAA=\n"), NoteError::Malformed),
            (note.replace("— PeterNeumann", "— SomebodyElse"), NoteError::Unsigned),
        ] {
            assert_eq!(Note::open(&wrong, &key), Err(error), "{wrong}");
        }
    }

    #[test]
    fn a_verifier_key_commits_to_its_name_and_type() {
        for wrong in [
            "",
            "PeterNeumann",
            "PeterNeumann+c74f20a3",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumanx+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpcAgcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ] {
            assert!(VerifierKey::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(VerifierKey::new("a b", [0; 32]), Err(NoteError::KeyName));
    }
}
