//! How refusals and failures are told: OAuth JSON, Bearer challenge, problem, page.

mod bearer;
mod cause;
mod page;
mod problem;
mod token;

pub use bearer::{bearer_error, no_token, only_bearer};
pub use cause::because;
pub use page::{PageError, render_troubles};
pub use problem::problem;
pub use token::{failed, other_method, slow_down, token_error, too_large};
