//! A person's account: created with its first passkey, and in her hands from then on.

mod add_passkey;
mod connected_systems;
mod create;
mod own_passkeys;
mod own_sessions;
mod profile;
mod profile_input;

pub use add_passkey::{BegunPasskey, NewPasskeyAttempt, PasskeyAddition};
pub use connected_systems::{ConnectedSystem, Withdrawal};
pub use create::{AccountCreation, BegunAccount, CreateAttempt, Created};
pub use own_passkeys::{OwnPasskey, PasskeyRemoval, Renaming};
pub use own_sessions::OwnSession;
pub use profile::{Person, ProfileChange};
pub use profile_input::{ProfileField, ProfileInput, WrongField};
