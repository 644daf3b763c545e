//! Style, scripts and pictures: compiled in, served under a path that holds the hash of them all.
//!
//! `/assets/<hash>/<name>` never changes its content, so browsers keep it for good; one hash for all lets the style
//! sheet name its pictures by relative address.

use std::sync::LazyLock;

use ring::digest;

use crate::base::encoding::base64url;

/// One file as it is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The last part of its path.
    pub name: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

/// The value of `Cache-Control` for every asset.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// Every file that pages refer to.
const TABLE: [Asset; 8] = [
    Asset {
        name: "style.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("assets/style.css"),
    },
    Asset {
        name: "passkey.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/passkey.js"),
    },
    Asset {
        name: "form_post.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/form_post.js"),
    },
    Asset {
        name: "onward.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/onward.js"),
    },
    Asset {
        name: "session_check.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("assets/session_check.js"),
    },
    Asset { name: "emblem.svg", content_type: "image/svg+xml", bytes: include_bytes!("assets/emblem.svg") },
    Asset {
        name: "pavilion.svg",
        content_type: "image/svg+xml",
        bytes: include_bytes!("assets/pavilion.svg"),
    },
    Asset { name: "favicon.svg", content_type: "image/svg+xml", bytes: include_bytes!("assets/favicon.svg") },
];

/// The assets with their hash.
#[derive(Debug)]
pub struct Assets {
    hash: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::hashed);

impl Assets {
    /// The assets of this build.
    pub fn get() -> &'static Assets {
        &ASSETS
    }

    fn hashed() -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for asset in &TABLE {
            context.update(asset.name.as_bytes());
            context.update(asset.bytes);
        }
        let whole = base64url(context.finish());
        Self { hash: whole.chars().take(12).collect() }
    }

    /// Every asset.
    pub fn all(&self) -> &'static [Asset] {
        &TABLE
    }

    /// The hash in every path.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The path of an asset, without the issuer's.
    pub fn path(&self, name: &str) -> String {
        format!("/assets/{}/{name}", self.hash)
    }

    /// The asset at `/assets/<hash>/<name>`; `None` for a hash of another build.
    pub fn find(&self, hash: &str, name: &str) -> Option<&'static Asset> {
        (hash == self.hash).then(|| TABLE.iter().find(|asset| asset.name == name)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_at_its_own_path_only() {
        let assets = Assets::get();
        for asset in assets.all() {
            assert_eq!(assets.find(assets.hash(), asset.name), Some(asset));
            assert_eq!(assets.find("000000000000", asset.name), None);
        }
        assert_eq!(assets.find(assets.hash(), "../style.css"), None);
    }

    #[test]
    fn a_page_with_all_its_assets_stays_light() {
        let total: usize = TABLE.iter().map(|asset| asset.bytes.len()).sum();
        assert!(total < 60_000, "{total} bytes");
    }
}
