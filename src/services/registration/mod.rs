//! Systems that register themselves (RFC 7591), and look after their registration (RFC 7592).

mod initial_token;
mod metadata;
mod registering;
mod software_statement;

pub use registering::{Registering, Registrants};
