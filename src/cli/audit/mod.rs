//! `khue audit`: the log, proved, exported, and the key that proves it.

mod command;
mod export;
mod verify;

pub use command::Audit;
