//! What happens by itself: caches are refreshed, keys move on, the audit log is integrated.

mod repeat;
mod start;

pub use start::start;
