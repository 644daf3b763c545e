//! The authorization endpoint's use cases: taking a request in, finding what it needs, answering it.

mod code;
mod consent;
mod defaults;
mod interaction;
mod pushed;
mod reply;
mod reply_target;
mod resources;
mod step;

pub use code::{CodeContent, CodeRefused, PresentedCode};
pub use consent::{Answered, ConsentAnswer, ConsentPage};
pub use interaction::{Interaction, InteractionError, LARGEST_REQUEST, Received};
pub use pushed::PushedRequest;
pub use reply::Reply;
pub use reply_target::{NoReplyTarget, ReplyTarget};
pub use step::NextStep;
