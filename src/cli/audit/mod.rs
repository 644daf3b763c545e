//! `khue audit`: the log, proved, exported, searched, and the key that proves it.

mod command;
mod export;
mod find;
mod verify;

pub use command::Audit;
