//! Keys, sealing, digests, tokens, signatures. No other module touches a cryptographic primitive.

pub mod binding;
pub mod blind_index;
pub mod client_authorities;
pub mod client_keys;
pub mod data_key;
pub mod digest;
pub mod jwe;
pub mod jwt;
pub mod keyring;
pub mod master_key;
pub mod master_key_file;
pub mod passkey;
pub mod sealing;
pub mod signing;
pub mod subject;
pub mod tls;
pub mod token;
pub mod transparency;

pub use binding::{Binding, PagePurpose, Place};
pub use client_authorities::{ClientAuthorities, NoAuthority};
pub use client_keys::{UselessKey, useless_key};
pub use data_key::DataKey;
pub use digest::{Digest, half_hash, sha256};
pub use keyring::{DigestPurpose, Keyring, SecretPurpose, WrappedSecret};
pub use master_key::{MasterKeyKind, MasterKeys};
pub use sealing::DoesNotOpen;
pub use token::{HashedToken, PlainToken, TokenKind};
