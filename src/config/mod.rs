//! Configuration: a file, the environment, and defaults that just work. All errors at once.

mod audit;
mod check;
mod database;
mod environment;
mod file;
mod form;
mod given;
mod issuer;
mod keys;
mod load;
mod policy;
mod problem;
mod production;
mod reader;
mod reference;
mod sandbox;
mod server;
mod sessions;
mod setting;
mod shortlived;
mod sources;
mod suggestion;
mod support;
mod telemetry;
#[cfg(test)]
mod tests;

pub use audit::{Audit, LogOrigin};
pub use check::check;
pub use database::{Database, DatabaseAddress};
pub use form::Bytes;
pub use keys::Keys;
pub use load::Config;
pub use policy::{NamePrefix, Policy};
pub use problem::{ConfigErrors, Place, Problem};
pub use production::DEVELOPMENT_MARK;
pub use reference::reference;
pub use server::{Mode, RegistrationMode, Server};
pub use sessions::Sessions;
pub use shortlived::{ShortLived, ShortLivedPlace};
pub use sources::{FILE_NAME, Purpose, Sources};
pub use suggestion::remedy as did_you_mean;
pub use support::{ContactText, Support};
pub use telemetry::{LogFormat, LogLevel, Telemetry};
