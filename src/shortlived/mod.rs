//! Things that may die with a minute: ceremonies, replay marks, counts of tries. Four verbs, on Redis or in process.

mod in_process;
mod redis;
mod store;

pub use in_process::InProcess;
pub use redis::Redis;
pub use store::{LARGEST_KEY, LARGEST_VALUE, ShortLived, Unavailable};
