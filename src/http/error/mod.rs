//! How refusals and failures are told: OAuth JSON, Bearer challenge, page.

mod bearer;
mod cause;
mod problem;
mod token;

pub use bearer::bearer_error;
pub use cause::because;
pub use problem::problem;
pub use token::{failed, token_error};
