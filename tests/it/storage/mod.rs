//! Storage on both engines.

pub mod engines;
mod group_commit;
mod opaque_tokens;
mod recorded;
mod schema;
