//! The store of a single node: sharded maps with expiry and a bound on memory.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Unavailable;
use crate::base::{Clock, Timestamp};

/// A power of two: enough that callers on a few cores seldom meet.
const SHARDS: usize = 16;

/// What an entry costs beside its key and value: both maps' slots and allocations, rounded up.
const OVERHEAD: usize = 192;

/// The most that one insertion sweeps away, so that no caller pays for a crowd that expired together.
const SWEEP: usize = 16;

/// Short-lived entries in the memory of this process.
pub struct InProcess {
    clock: Arc<dyn Clock>,
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    used: AtomicUsize,
    memory: usize,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<Arc<str>, Entry>,
    by_expiry: BTreeMap<Turn, Arc<str>>,
    inserted: u64,
}

struct Entry {
    turn: Turn,
    value: Box<[u8]>,
}

/// When an entry runs out, made unique by a counter.
type Turn = (Timestamp, u64);

impl InProcess {
    /// An empty store that takes at most `memory` bytes.
    pub fn new(clock: Arc<dyn Clock>, memory: usize) -> Self {
        Self {
            clock,
            hasher: RandomState::new(),
            shards: Default::default(),
            used: AtomicUsize::new(0),
            memory,
        }
    }

    /// See [`ShortLived::insert_if_absent`](super::ShortLived::insert_if_absent).
    pub fn insert_if_absent(&self, key: &str, value: &[u8], ttl: Duration) -> Result<bool, Unavailable> {
        let now = self.clock.now();
        if self.is_full_for(key, value) {
            self.shards.iter().for_each(|shard| self.sweep(&mut lock(shard), now, usize::MAX));
        }
        let mut shard = self.shard(key);
        self.sweep(&mut shard, now, SWEEP);
        if let Some(present) = shard.entries.get(key) {
            if present.turn.0 > now {
                return Ok(false);
            }
            self.forget(shard.remove(key).as_ref(), key);
        }
        self.reserve(key, value)?;
        shard.insert(key, value, now + ttl);
        Ok(true)
    }

    /// See [`ShortLived::count`](super::ShortLived::count).
    pub fn count(&self, key: &str, ttl: Duration) -> Result<u64, Unavailable> {
        if self.insert_if_absent(key, &1_u64.to_be_bytes(), ttl)? {
            return Ok(1);
        }
        let mut shard = self.shard(key);
        let Some(entry) = shard.entries.get_mut(key) else { return Ok(1) };
        let before = entry.value.as_ref().try_into().map_or(0, u64::from_be_bytes);
        let count = before.saturating_add(1);
        entry.value = Box::new(count.to_be_bytes());
        Ok(count)
    }

    /// See [`ShortLived::read`](super::ShortLived::read).
    pub fn read(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        let shard = self.shard(key);
        shard.entries.get(key).filter(|entry| entry.turn.0 > now).map(|entry| entry.value.to_vec())
    }

    /// See [`ShortLived::take`](super::ShortLived::take).
    pub fn take(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        let entry = self.shard(key).remove(key)?;
        self.forget(Some(&entry), key);
        (entry.turn.0 > now).then(|| entry.value.into_vec())
    }

    fn shard(&self, key: &str) -> MutexGuard<'_, Shard> {
        let [first, ..] = &self.shards;
        let index = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0);
        lock(self.shards.get(index).unwrap_or(first))
    }

    /// Drops up to `most` entries that have run out.
    fn sweep(&self, shard: &mut Shard, now: Timestamp, most: usize) {
        for _ in 0..most {
            let Some(oldest) = shard.by_expiry.first_entry().filter(|oldest| oldest.key().0 <= now) else {
                return;
            };
            let key = oldest.remove();
            self.forget(shard.entries.remove(&key).as_ref(), &key);
        }
    }

    fn is_full_for(&self, key: &str, value: &[u8]) -> bool {
        self.used.load(Ordering::Relaxed).saturating_add(cost(key, value)) > self.memory
    }

    fn reserve(&self, key: &str, value: &[u8]) -> Result<(), Unavailable> {
        let cost = cost(key, value);
        let before = self.used.fetch_add(cost, Ordering::Relaxed);
        if before.saturating_add(cost) > self.memory {
            self.used.fetch_sub(cost, Ordering::Relaxed);
            return Err(Unavailable::Full);
        }
        Ok(())
    }

    fn forget(&self, entry: Option<&Entry>, key: &str) {
        if let Some(entry) = entry {
            self.used.fetch_sub(cost(key, &entry.value), Ordering::Relaxed);
        }
    }
}

impl Shard {
    fn insert(&mut self, key: &str, value: &[u8], expires: Timestamp) {
        self.inserted += 1;
        let turn = (expires, self.inserted);
        let key: Arc<str> = key.into();
        self.by_expiry.insert(turn, Arc::clone(&key));
        self.entries.insert(key, Entry { turn, value: value.into() });
    }

    fn remove(&mut self, key: &str) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.by_expiry.remove(&entry.turn);
        Some(entry)
    }
}

const fn cost(key: &str, value: &[u8]) -> usize {
    key.len() + value.len() + OVERHEAD
}

/// No code panics while it holds a shard; were it to, the maps would still be whole enough to go on.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MovableClock;

    const MINUTE: Duration = Duration::from_secs(60);

    fn store(memory: usize) -> (InProcess, MovableClock) {
        let clock = MovableClock::at(Timestamp::from_seconds(1_000));
        (InProcess::new(Arc::new(clock.clone()), memory), clock)
    }

    #[test]
    fn an_entry_is_gone_when_its_time_is_over() {
        let (store, clock) = store(1 << 20);
        assert_eq!(store.insert_if_absent("key", b"one", MINUTE), Ok(true));
        clock.advance(MINUTE - Duration::from_micros(1));
        assert_eq!(store.insert_if_absent("key", b"two", MINUTE), Ok(false));
        clock.advance(Duration::from_micros(1));
        assert_eq!(store.insert_if_absent("key", b"three", MINUTE), Ok(true));
        clock.advance(MINUTE);
        assert_eq!(store.take("key"), None);
        assert_eq!(store.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_full_store_refuses_and_recovers() {
        let (store, clock) = store(10 * cost("key-00", b"value"));
        let insert = |number: u32| store.insert_if_absent(&format!("key-{number:02}"), b"value", MINUTE);
        assert!((0..10).all(|number| insert(number) == Ok(true)));
        assert_eq!(insert(10), Err(Unavailable::Full));
        assert_eq!(insert(3), Ok(false), "what is there is still known");
        assert_eq!(store.take("key-03").as_deref(), Some(&b"value"[..]));
        assert_eq!(insert(10), Ok(true), "what was taken makes room");
        clock.advance(MINUTE);
        assert!((20..30).all(|number| insert(number) == Ok(true)), "what ran out makes room");
    }

    #[test]
    fn memory_stays_flat_under_a_flood() {
        let (store, clock) = store(1 << 20);
        for number in 0..100_000 {
            let _ = store.insert_if_absent(&number.to_string(), b"x", MINUTE);
            if number % 3 == 0 {
                store.take(&number.to_string());
            }
            clock.advance(Duration::from_millis(50));
            assert!(store.used.load(Ordering::Relaxed) <= 1 << 20);
        }
        let shards = || store.shards.iter().map(lock);
        assert_eq!(
            shards().map(|shard| shard.entries.len()).sum::<usize>(),
            shards().map(|shard| shard.by_expiry.len()).sum::<usize>()
        );
    }
}
