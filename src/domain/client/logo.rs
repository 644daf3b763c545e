//! A system's logo, kept with its registration and served by us: pages load nothing from elsewhere.

use serde::{Deserialize, Serialize};

use crate::base::encoding::{base64url, from_base64url};

/// Why a logo was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Larger than 24 KiB.
    #[error("is larger than 24 KiB")]
    TooLarge,
    /// Neither PNG nor WebP by its first bytes. SVG is refused: it can carry scripts.
    #[error("is neither a PNG nor a WebP image")]
    Format,
}

/// A PNG or WebP image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logo {
    media_type: String,
    data: String,
}

impl Logo {
    /// The most bytes a logo has: a page stays under 100 KB with everything.
    pub const SIZE_LIMIT: u64 = 24 * 1024;

    /// Takes an image's bytes; the first of them tell what it is.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.len() as u64 > Self::SIZE_LIMIT {
            return Err(LogoError::TooLarge);
        }
        let media_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            "image/png"
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            "image/webp"
        } else {
            return Err(LogoError::Format);
        };
        Ok(Self { media_type: media_type.to_owned(), data: base64url(bytes) })
    }

    /// `image/png` or `image/webp`.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The image.
    pub fn bytes(&self) -> Vec<u8> {
        from_base64url(&self.data).unwrap_or_default()
    }
}
