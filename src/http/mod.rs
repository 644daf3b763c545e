//! The edge: routes, extractors, middleware, error renderers, thin handlers.

mod app_state;

pub use app_state::App;
