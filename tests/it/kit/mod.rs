//! What tests drive the house with: the real router on a fresh database, a browser, a relying party.

mod app;
mod browser;
mod clients;
mod installation;
mod line;
mod receiver;
mod relying_party;
mod wire;

pub use app::{ISSUER, TestApp, send};
pub use browser::{Browser, Page};
pub use clients::{confidential, public, registration, resource, service};
pub use installation::{Installation, Node};
pub use line::Line;
pub use receiver::{Mood, Receiver};
pub use relying_party::{Answer, RelyingParty, claims};
pub use wire::Wire;
