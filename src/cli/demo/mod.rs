//! `khue demo`: everything on one machine, at once.

mod banner;
mod command;
mod folder;
mod ports;
mod systems;

pub use command::Demo;
