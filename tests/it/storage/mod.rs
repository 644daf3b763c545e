//! Storage on both engines.

pub mod engines;
mod group_commit;
mod schema;
