//! Keys, seals and signatures.

pub mod passkey;
