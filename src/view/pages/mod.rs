//! One file per page or pair of pages: the context that a handler fills.

pub mod account;
pub mod connected_systems;
pub mod consent;
pub mod create;
pub mod device;
pub mod form_post;
pub mod help;
pub mod home;
pub mod log;
mod log_event;
pub mod page;
pub mod passkeys;
pub mod profile;
pub mod select_account;
pub mod sessions;
pub mod sign_in;
pub mod sign_out;
pub mod trouble;

pub use account::AccountPage;
pub use connected_systems::{ConnectedSystem, SystemsPage, WithdrawPage};
pub use consent::{CalledView, ConsentPage};
pub use create::{CreatePage, CreatePasskeyPage, CreateValues};
pub use device::{DeviceCodePage, DeviceConfirmPage, DeviceDonePage, DeviceOutcome};
pub use form_post::FormPostPage;
pub use help::HelpPage;
pub use home::HomePage;
pub use log::{LogEntry, LogPage, Proof};
pub use log_event::LogEvent;
pub use passkeys::{PasskeyKind, PasskeyView, PasskeysPage, RemovePasskeyPage};
pub use profile::{ProfilePage, ProfileValues};
pub use select_account::SelectAccountPage;
pub use sessions::{SessionView, SessionsPage, WhichSession};
pub use sign_in::{PersonOffer, SignInPage, SignInReason};
pub use sign_out::{SignOutPage, SignedOutOfSystemPage, SignedOutPage};
pub use trouble::TroublePage;
