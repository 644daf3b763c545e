//! What tests drive the house with: the real router on a fresh database, a browser, a relying party.

mod app;
mod browser;
mod certified;
mod clients;
mod installation;
mod line;
mod proof_key;
mod publisher;
mod receiver;
mod relying_party;
mod signer;
mod wire;

pub use app::{ISSUER, TestApp, send};
pub use browser::{Browser, Page};
pub use certified::{Authority, Certified, between_colons, client_params, escaped_pem, seen_with};
pub use clients::{confidential, fapi2, knowing, public, registration, resource, service};
pub use installation::{Installation, Node};
pub use line::Line;
pub use proof_key::{ProofKey, asking_with, with_proof};
pub use publisher::Publisher;
pub use receiver::{Mood, Receiver};
pub use relying_party::{Answer, RelyingParty, VERIFIER, claims};
pub use signer::Signer;
pub use wire::Wire;
