//! SQL: one text of every statement for both engines, one file per aggregate.

pub mod database;
mod error;
mod group_commit;
mod lease;
pub mod migrations;
mod statements;
mod transaction;

pub use database::{Db, Engine};
pub use error::StorageError;
pub use statements::{Statement, every_statement};
pub use transaction::{ReadTx, WriteTx};
