//! Pages: one typed context per page, each with a sample; the texts in both languages; the assets.
//!
//! A handler fills a context and calls [`Page::render`] with the page's [`Chrome`]. Nothing here reads a store or
//! knows of HTTP.

pub mod agent;
pub mod assets;
pub mod chrome;
pub mod dates;
pub mod detail;
pub mod done;
pub mod language;
pub mod pages;
pub mod phone;
pub mod qr;
pub mod shared;
pub mod texts;
pub mod trouble;
pub mod wrong;

#[cfg(test)]
mod tests;

pub use agent::device_name;
pub use chrome::{Chrome, ReturnLink, SignedIn, Stage, Support, SystemView};
pub use detail::DetailView;
pub use done::Done;
pub use pages::page::{self, Page};
pub use qr::QrCode;
pub use shared::{ClaimView, Shared, SharedBy};
pub use trouble::{PasskeyTrouble, Trouble, UserCodeTrouble};
pub use wrong::{Field, Problems, Wrong};
