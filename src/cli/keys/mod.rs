//! `khue keys`: signing keys take turns, the master key has versions.

mod command;
mod list;
mod master;
mod rotate;
mod withdraw;

pub use command::Keys;
