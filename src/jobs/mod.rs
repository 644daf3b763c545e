//! What happens by itself: caches are refreshed, keys move on, the audit log is integrated, systems are
//! told of sign-outs.

mod deliver_logouts;
mod repeat;
mod start;

pub use start::start;
