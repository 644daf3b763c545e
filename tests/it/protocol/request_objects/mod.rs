//! Requests in an object, by value and by address.

mod by_address;
mod by_value;
mod encryption;
mod registered;
mod system;
mod wrong;
