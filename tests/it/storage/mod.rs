//! Storage on both engines.

mod engines;
mod group_commit;
mod schema;
