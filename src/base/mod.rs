//! The ground floor: time, randomness, identifiers, secrets and text. Imports nothing of the house.

pub mod clock;
pub mod encoding;
pub mod entropy;
pub mod ids;
pub mod request_id;
pub mod secret;
pub mod text;
pub mod timestamp;

pub use clock::{Clock, MovableClock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use request_id::RequestId;
pub use secret::Secret;
pub use timestamp::Timestamp;
