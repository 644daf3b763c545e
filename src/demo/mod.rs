//! Two relying systems to see Khuê at work: "Cổng dịch vụ công" and "Văn phòng điện tử".
//!
//! They are outsiders. They know the issuer's address, their client id and, one of them, a secret; the rest they learn
//! from discovery through the `openidconnect` crate, as any system of a ministry would. Nothing of Khuê but the ground
//! floor is imported, and no state is shared with the provider.

mod assets;
mod claims;
mod handlers;
mod language;
mod pages;
mod provider;
mod system;
mod trouble;
mod visits;

pub use system::{DemoSystem, Look};
pub use trouble::DemoError;
