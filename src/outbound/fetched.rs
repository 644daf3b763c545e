//! What came back.

use bytes::Bytes;

/// An answer, whole. What it holds is a stranger's word still.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its status.
    pub status: u16,
    /// `Content-Type` as it came, where it is text.
    pub content_type: Option<String>,
    /// Its content, within the limit.
    pub body: Bytes,
}

impl Fetched {
    /// The media type without its parameters, in lower case: `application/json`.
    pub fn media_type(&self) -> Option<String> {
        let essence = self.content_type.as_deref()?.split(';').next()?;
        Some(essence.trim().to_ascii_lowercase())
    }
}
