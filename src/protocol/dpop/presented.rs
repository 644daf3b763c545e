//! A proof as it comes.

use super::ProofFault;

/// The longest proof that is looked at, in bytes: a key and a signature of RSA 8192 fit.
const LARGEST_PROOF: usize = 8 * 1024;

/// The text of the one DPoP header of a request, not judged yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedProof<'a>(&'a str);

impl<'a> PresentedProof<'a> {
    /// Reads all DPoP headers of a request, of which there may be at most one (RFC 9449 §4.3).
    pub fn parse(values: impl IntoIterator<Item = &'a [u8]>) -> Result<Option<Self>, ProofFault> {
        let mut values = values.into_iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(ProofFault::Repeated);
        }
        let text = std::str::from_utf8(value).ok().filter(|text| text.len() <= LARGEST_PROOF);
        text.map(|text| Some(Self(text))).ok_or(ProofFault::Malformed)
    }

    /// The text.
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

impl std::fmt::Debug for PresentedProof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PresentedProof(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_or_none__rfc9449_4_3() {
        assert_eq!(PresentedProof::parse([]), Ok(None));
        assert_eq!(PresentedProof::parse([&b"a.b.c"[..]]), Ok(Some(PresentedProof("a.b.c"))));
        assert_eq!(PresentedProof::parse([&b"a.b.c"[..], b"a.b.c"]), Err(ProofFault::Repeated));
        assert_eq!(PresentedProof::parse([&b"\xff"[..]]), Err(ProofFault::Malformed));
        assert_eq!(PresentedProof::parse([&[b'a'; 8 * 1024 + 1][..]]), Err(ProofFault::Malformed));
    }
}
