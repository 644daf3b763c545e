//! `khue client`: the register of relying systems.

mod add;
mod apply;
mod beside;
mod client_file;
mod command;
mod field;
mod initial_token;
mod list;
mod plan;
mod secret;
mod show;
mod switch;
mod taken;

pub use command::ClientCommand;
