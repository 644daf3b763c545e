//! The only source of randomness.

use std::sync::Mutex;

use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};

/// Fills bytes with randomness. Passed in wherever chance matters, so that tests can repeat it.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer` whole.
    fn fill(&self, buffer: &mut [u8]);
}

/// `N` random bytes from `entropy`.
pub fn random_bytes<const N: usize>(entropy: &(impl Entropy + ?Sized)) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// The operating system's generator.
#[derive(Debug)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// Opens the generator.
    #[expect(
        clippy::disallowed_methods,
        clippy::new_without_default,
        reason = "the one place that opens the generator"
    )]
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // A process that cannot draw randomness must not go on: every key and token would be guessable.
        if self.0.fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

/// A repeatable stream for tests: SHA-256 of seed and counter.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: Mutex::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut counter = self.counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(digest::SHA256_OUTPUT_LEN) {
            *counter += 1;
            let mut context = digest::Context::new(&digest::SHA256);
            context.update(&self.seed.to_be_bytes());
            context.update(&counter.to_be_bytes());
            for (to, from) in chunk.iter_mut().zip(context.finish().as_ref()) {
                *to = *from;
            }
        }
    }
}
