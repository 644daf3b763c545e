//! The token endpoint's use cases: one file per grant.

mod access_token;
mod assertion_claims;
mod authenticate_client;
mod client_assertion;
mod client_credentials;
mod client_keys;
mod dpop;
mod front_channel;
mod introspect;
mod issues_recorded;
mod mint;
mod presenter;
mod reach;
mod recent;
mod redeem_code;
mod refresh;
mod revoke;
mod standing;
mod subject;
mod target;

pub use access_token::AccessTokenId;
pub use authenticate_client::{AuthenticatedClient, NotAuthenticated};
pub use client_credentials::{ServiceTokenRefused, ServiceTokens};
pub(super) use client_keys::FetchedKeys;
pub use dpop::{NonceRule, ProofRefused, ProvenCall, ProvenKey};
pub use front_channel::FrontChannel;
pub use issues_recorded::IssuesRecorded;
pub use presenter::ResourceCall;
pub use reach::ReachRefused;
pub use recent::RecentTokens;
pub use redeem_code::Redemption;
pub use refresh::{RefreshRefused, Refreshed};
pub use revoke::Revocation;
pub use standing::Standings;
pub use target::TargetRefused;
