//! The register of every SQL text, so that tests can prepare each on both engines and read it for what is not portable.

/// One SQL text and the name it has in the code.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The constant's name.
    pub name: &'static str,
    /// The text, with `$1` placeholders.
    pub sql: &'static str,
}

/// Declares a file's statements as constants and lists them for [`every_statement`].
macro_rules! statements {
    ($($name:ident = $sql:literal;)*) => {
        $(const $name: &str = $sql;)*
        pub(super) const STATEMENTS: &[$crate::storage::Statement] =
            &[$($crate::storage::Statement { name: stringify!($name), sql: $sql }),*];
    };
}
pub(super) use statements;

/// Every statement of every aggregate.
pub fn every_statement() -> impl Iterator<Item = Statement> {
    const FILES: &[&[Statement]] = &[
        super::account::STATEMENTS,
        super::audit::STATEMENTS,
        super::cache_version::STATEMENTS,
        super::client::STATEMENTS,
        super::consent::STATEMENTS,
        super::dynamic_registration::STATEMENTS,
        super::instance_secret::STATEMENTS,
        super::lease::STATEMENTS,
        super::logout_delivery::STATEMENTS,
        super::opaque_token::STATEMENTS,
        super::passkey::STATEMENTS,
        super::presence::STATEMENTS,
        super::refresh_token::STATEMENTS,
        super::revoked_token::STATEMENTS,
        super::session::STATEMENTS,
        super::signing_key::STATEMENTS,
        super::token_family::STATEMENTS,
    ];
    FILES.iter().flat_map(|file| file.iter().copied()).chain(super::recorded::statements())
}
