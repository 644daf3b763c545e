//! The one way out: whatever is fetched for a client, or sent to one, goes through here.
//!
//! Addresses in a registration are a stranger's words. None of them shall make this server knock at a door inside: each
//! name is looked up by us, what it stands for is checked, and the connection goes to the very address that was checked.

mod address;
mod client;
mod error;
mod fetched;
mod lookup;

pub use address::Reach;
pub use client::{Limits, Outbound};
pub use error::OutboundError;
pub use fetched::Fetched;
