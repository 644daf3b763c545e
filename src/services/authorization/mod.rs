//! The authorization endpoint's use cases: taking a request in, finding what it needs, answering it.

mod code;
mod consent;
mod defaults;
mod destination;
mod details;
mod device_answer;
mod device_request;
mod device_visit;
mod interaction;
mod pushed;
mod refused;
mod reply;
mod reply_target;
mod request_object;
mod resources;
mod session_state;
mod step;

pub use code::{CodeContent, CodeRefused, PresentedCode};
pub use consent::{Answered, ConsentAnswer, ConsentPage};
pub use destination::{Destination, DeviceTarget, DeviceVisit};
pub use details::DetailsRefused;
pub use device_answer::OnDevice;
pub(in crate::services) use device_answer::{ApprovedDevice, DeviceAnswer};
pub use device_request::DeviceId;
pub use device_visit::Entered;
pub use interaction::{Interaction, InteractionError, LARGEST_REQUEST, Received};
pub use pushed::PushedRequest;
pub use reply::Reply;
pub use reply_target::{NoReplyTarget, ReplyTarget};
pub use step::NextStep;
