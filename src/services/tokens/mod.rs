//! The token endpoint's use cases: one file per grant.

mod access_token;
mod authenticate_client;
mod mint;
mod recent;
mod redeem_code;
mod refresh;
mod subject;

pub use access_token::AccessTokenId;
pub use authenticate_client::AuthenticatedClient;
pub use recent::RecentTokens;
pub use redeem_code::Redemption;
pub use refresh::{RefreshRefused, Refreshed};
