//! Inclusion and consistency proofs (RFC 9162 §2.1.3, §2.1.4): which hashes they hold, and how they are checked.

use std::ops::Range;

use super::hash::{NodeHash, empty_root, node_hash};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry or the older tree lies outside the newer tree.
    #[error("the proof is about something outside the tree")]
    OutOfRange,
    /// More or fewer hashes than the sizes ask for.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    OtherRoot,
}

/// The ranges whose hashes prove that leaf `index` is in the tree of `size` leaves, from the leaf upward.
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let mut ranges = Vec::new();
    let mut within = 0..size;
    while within.end - within.start > 1 {
        let middle = split(&within);
        let (inside, beside) = halves(&within, middle, index < middle);
        ranges.push(beside);
        within = inside;
    }
    ranges.reverse();
    Ok(ranges)
}

/// The ranges whose hashes prove that the tree of `old` leaves is the beginning of the tree of `new` leaves.
pub fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange);
    }
    // Nothing to prove: everything extends the empty tree, and every tree itself.
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut ranges = Vec::new();
    let mut within = 0..new;
    // RFC 9162 §2.1.4.1: walk down until the older tree ends where the subtree does.
    while within.end != old {
        let middle = split(&within);
        let (inside, beside) = halves(&within, middle, old <= middle);
        ranges.push(beside);
        within = inside;
    }
    // A subtree that starts at the first leaf is the older root itself, which the checker already knows.
    if within.start != 0 {
        ranges.push(within);
    }
    ranges.reverse();
    Ok(ranges)
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves under `root` (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(
    leaf: NodeHash,
    index: u64,
    size: u64,
    proof: &[NodeHash],
    root: NodeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for beside in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(*beside, hash);
            // A right edge without siblings is carried up unhashed.
            while place % 2 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            hash = node_hash(hash, *beside);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    match (last == 0, hash == root) {
        (false, _) => Err(ProofError::WrongLength),
        (true, false) => Err(ProofError::OtherRoot),
        (true, true) => Ok(()),
    }
}

/// Checks that the tree of `old_size` leaves under `old_root` is the beginning of the one of `new_size` leaves under
/// `new_root` (RFC 9162 §2.1.4.2).
pub fn verify_consistency(
    (old_size, old_root): (u64, NodeHash),
    (new_size, new_root): (u64, NodeHash),
    proof: &[NodeHash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::OutOfRange);
    }
    if old_size == 0 || old_size == new_size {
        let expected = if old_size == 0 { empty_root() } else { new_root };
        return match (proof.is_empty(), old_root == expected) {
            (false, _) => Err(ProofError::WrongLength),
            (true, same) => same.then_some(()).ok_or(ProofError::OtherRoot),
        };
    }
    // RFC 9162 §2.1.4.2 step 2: a complete older tree is its own first hash.
    let (first, rest) = match (old_size.is_power_of_two(), proof) {
        (true, rest) => (old_root, rest),
        (false, [first, rest @ ..]) => (*first, rest),
        (false, []) => return Err(ProofError::WrongLength),
    };
    let shift = (old_size - 1).trailing_ones();
    let (mut place, mut last) =
        ((old_size - 1).checked_shr(shift).unwrap_or(0), (new_size - 1).checked_shr(shift).unwrap_or(0));
    let (mut old, mut new) = (first, first);
    for beside in rest {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            old = node_hash(*beside, old);
            new = node_hash(*beside, new);
            while place % 2 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            new = node_hash(new, *beside);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    match (last == 0, old == old_root && new == new_root) {
        (false, _) => Err(ProofError::WrongLength),
        (true, false) => Err(ProofError::OtherRoot),
        (true, true) => Ok(()),
    }
}

/// RFC 9162 §2.1.1: the largest power of two below the length of a range of at least two.
fn split(range: &Range<u64>) -> u64 {
    range.start + (1 << (range.end - range.start - 1).ilog2())
}

fn halves(range: &Range<u64>, middle: u64, left: bool) -> (Range<u64>, Range<u64>) {
    let (lower, upper) = (range.start..middle, middle..range.end);
    if left { (lower, upper) } else { (upper, lower) }
}
