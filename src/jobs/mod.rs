//! What happens by itself: caches are refreshed, keys move on, tokens that ran out are forgotten, the audit log is
//! integrated, systems are told of sign-outs.

mod deliver_logouts;
mod repeat;
mod start;

pub use start::start;
