//! `khue audit`: the log, proved, exported, searched, held against what others say, and the key that proves it.

mod agreed;
mod command;
mod export;
mod find;
mod verify;

pub use command::Audit;
