//! Devices without a keyboard (RFC 8628).

mod details;
mod guesses;
mod keys;
mod kiosk;
mod person;
mod polling;
mod refused;
mod registered;
