//! SQL: one text of every statement for both engines, one file per aggregate.

mod account;
mod audit;
mod cache_version;
mod checkpoints;
mod client;
mod consent;
pub mod database;
mod dynamic_registration;
mod error;
mod group_commit;
mod instance_secret;
mod lease;
mod logout_delivery;
pub mod migrations;
mod passkey;
mod readers;
mod recorded;
mod refresh_token;
mod revoked_token;
mod savepoint;
mod session;
mod signing_key;
mod statements;
mod token_family;
mod transaction;

pub use account::{AccountIndex, KeyedAccount};
pub use audit::{StoredCheckpoint, StoredEntry, StoredTile};
pub use cache_version::{CacheVersions, Cached};
pub use database::{Db, Engine};
pub use dynamic_registration::DynamicRegistration;
pub use error::StorageError;
pub use instance_secret::StoredSecret;
pub use refresh_token::StoredRefreshToken;
pub use statements::{Statement, every_statement};
pub use token_family::LivingFamily;
pub use transaction::{ReadTx, WriteTx};
