//! Names of tiles: stacks of 256 hashes, eight levels of the tree tall (C2SP tlog-tiles).

use std::fmt;

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;

/// Levels of the tree in one tile.
pub(super) const TILE_HEIGHT: u32 = 8;

/// Which tile: its level (0 holds leaf hashes) and its place in the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 to 63.
    pub level: u8,
    /// Counted from the left.
    pub index: u64,
}

impl TileId {
    /// How many hashes the tile holds in a tree of `size` leaves: 0 to 256.
    pub fn width_at(self, size: u64) -> u64 {
        let nodes = size.checked_shr(u32::from(self.level) * TILE_HEIGHT).unwrap_or(0);
        nodes.saturating_sub(self.index.saturating_mul(TILE_WIDTH)).min(TILE_WIDTH)
    }

    /// Every tile of a tree of `size` leaves, lowest level first.
    pub fn all_at(size: u64) -> impl Iterator<Item = TileId> {
        (0..TILE_HEIGHT)
            .map_while(move |level| {
                let nodes = size.checked_shr(level * TILE_HEIGHT).filter(|nodes| *nodes > 0)?;
                let level = u8::try_from(level).ok()?;
                Some((0..nodes.div_ceil(TILE_WIDTH)).map(move |index| TileId { level, index }))
            })
            .flatten()
    }
}

/// A tile as it is asked for over HTTP: `tile/0/x001/234.p/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TilePath {
    /// Which tile.
    pub id: TileId,
    /// How many of its hashes, 1 to 256.
    pub width: u64,
}

impl TilePath {
    /// Reads what follows `tile/`; only the one canonical spelling is taken.
    pub fn parse(text: &str) -> Option<Self> {
        let (level, rest) = text.split_once('/')?;
        let level: u8 = level.parse().ok().filter(|level| *level < 64)?;
        let (place, width) = match rest.split_once(".p/") {
            Some((place, width)) => (place, width.parse().ok().filter(|w| (1..TILE_WIDTH).contains(w))?),
            None => (rest, TILE_WIDTH),
        };
        let index = place.split('/').try_fold(0u64, |index, group| {
            let digits = group.strip_prefix('x').unwrap_or(group);
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            index.checked_mul(1_000)?.checked_add(digits.parse().ok()?)
        })?;
        let path = Self { id: TileId { level, index }, width };
        // Leading zeros, a missing `x` or a plus sign would give one tile two addresses.
        (path.to_string().strip_prefix("tile/") == Some(text)).then_some(path)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.id.level)?;
        let mut groups = vec![self.id.index % 1_000];
        let mut rest = self.id.index / 1_000;
        while rest > 0 {
            groups.push(rest % 1_000);
            rest /= 1_000;
        }
        for (position, group) in groups.iter().enumerate().rev() {
            if position > 0 { write!(f, "x{group:03}/")? } else { write!(f, "{group:03}")? }
        }
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling_c2sp_tlog_tiles() {
        for (path, level, index, width) in [
            ("0/000", 0, 0, 256),
            ("0/x001/x234/067", 0, 1_234_067, 256),
            ("0/x001/234.p/5", 0, 1_234, 5),
            ("2/999", 2, 999, 256),
        ] {
            let parsed = TilePath { id: TileId { level, index }, width };
            assert_eq!(TilePath::parse(path), Some(parsed), "{path}");
            assert_eq!(parsed.to_string(), format!("tile/{path}"));
        }
        for wrong in [
            "",
            "0",
            "0/",
            "00/000",
            "64/000",
            "0/0",
            "0/1234",
            "0/x000/001",
            "0/001/234",
            "0/x001/x234",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/05",
            "0/000.p/+5",
            "+0/000",
            "0/000.p/5/",
            "-1/000",
            "0/x/000",
            "0/٣٣٣",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(TilePath::parse(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_read_is_written_the_same(text in "[0-9xp/.+-]{0,24}", any in ".*") {
            for text in [text, any] {
                if let Some(path) = TilePath::parse(&text) {
                    assert_eq!(path.to_string(), format!("tile/{text}"));
                }
            }
        }

        #[test]
        fn every_path_reads_back(level in 0u8..64, index: u64, width in 1u64..=256) {
            let path = TilePath { id: TileId { level, index }, width };
            let text = path.to_string();
            assert_eq!(TilePath::parse(text.strip_prefix("tile/").unwrap()), Some(path));
        }
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_of_the_specification() {
        let tiles: Vec<_> = TileId::all_at(70_000).collect();
        let full = |level| {
            tiles.iter().filter(|tile| tile.level == level && tile.width_at(70_000) == TILE_WIDTH).count()
        };
        assert_eq!((full(0), full(1), full(2)), (273, 1, 0));
        assert_eq!(TileId { level: 0, index: 273 }.width_at(70_000), 112);
        assert_eq!(TileId { level: 1, index: 1 }.width_at(70_000), 17);
        assert_eq!(TileId { level: 2, index: 0 }.width_at(70_000), 1);
        assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
        assert_eq!(TileId { level: 63, index: 0 }.width_at(u64::MAX), 0);
        assert_eq!(TileId::all_at(0).count(), 0);
        assert_eq!(TileId::all_at(256).count(), 2);
    }
}
