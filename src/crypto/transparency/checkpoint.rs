//! Checkpoints: the signed head of a log (C2SP tlog-checkpoint).

use super::hash::NodeHash;
use super::note::{Note, NoteError, NoteSigner, VerifierKey};

/// Why a checkpoint was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not origin, size and root, one a line.
    #[error("the checkpoint is not origin, size and root")]
    Malformed,
    /// Signed by the key, but about another log.
    #[error("the checkpoint is about another log")]
    OtherOrigin,
}

/// How many leaves a log has, and the root over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root over them.
    pub root: NodeHash,
}

impl Checkpoint {
    /// Reads the text of a checkpoint. Extension lines are passed over.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Malformed);
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(CheckpointError::Malformed);
        }
        let size: u64 = size
            .parse()
            .ok()
            .filter(|parsed: &u64| parsed.to_string() == size)
            .ok_or(CheckpointError::Malformed)?;
        let root = NodeHash::from_base64(root).ok_or(CheckpointError::Malformed)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// The signed note.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, CheckpointError> {
        Ok(signer.sign(&self.text())?)
    }

    /// Opens a signed note of the log whose key is `key`: its origin is the key's name.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(Note::open(note, key)?.text())?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::OtherOrigin) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_of_the_go_checksum_database_is_read() {
        let key = VerifierKey::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
            .unwrap();
        let note = "go.sum database tree\n30055305\nmXfgRcJ0bG0j3CPdKwgGWtUzBUbX67saZGRmFuJGGsM=\n\n\
            — sum.golang.org Az3grpgEild5qw7+5dtV13Kf1C2Xurm8q4fhdxvcsDHnqNTaxL2AFjBY+2TyGKevucFcAAlWFJJYle3EJlDCrQ+y3A8=\n";
        let checkpoint = Checkpoint::parse(Note::open(note, &key).unwrap().text()).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("go.sum database tree", 30_055_305));
        // Its origin is not the name of its key, as ours always is.
        assert_eq!(Checkpoint::open(note, &key), Err(CheckpointError::OtherOrigin));
    }

    #[test]
    fn what_is_signed_opens_again() {
        let signer = NoteSigner::from_seed("id.example/audit", &[7; 32]).unwrap();
        let checkpoint =
            Checkpoint { origin: "id.example/audit".into(), size: 0, root: super::super::empty_root() };
        let note = checkpoint.sign(&signer).unwrap();
        assert_eq!(Checkpoint::open(&note, signer.verifier()), Ok(checkpoint));
        let other = NoteSigner::from_seed("id.example/audit", &[8; 32]).unwrap();
        assert_eq!(Checkpoint::open(&note, other.verifier()), Err(NoteError::Unsigned.into()));
    }

    #[test]
    fn a_malformed_checkpoint_is_refused() {
        let root = super::super::empty_root();
        assert!(Checkpoint::parse(&format!("o\n1\n{root}\nextension\n")).is_ok());
        for wrong in [
            String::new(),
            format!("o\n1\n{root}"),
            format!("\n1\n{root}\n"),
            format!("o\n01\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            "o\n1\nAAAA\n".to_owned(),
            "o\n1\n".to_owned(),
            format!("o\n1\n{root}\n\nx\n"),
        ] {
            assert_eq!(Checkpoint::parse(&wrong), Err(CheckpointError::Malformed), "{wrong:?}");
        }
    }
}
