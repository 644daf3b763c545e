//! `khue logout`: who is still to be told of a sign-out.

mod command;
mod list;

pub use command::Logout;
