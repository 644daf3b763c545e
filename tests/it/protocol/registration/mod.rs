//! Systems that register themselves (RFC 7591, RFC 7592, OIDC Registration).

mod addresses;
mod kept;
mod keys;
mod managed;
mod metadata;
mod refused;
mod registrar;
mod tokens;
