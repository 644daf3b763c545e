//! The register of every SQL text, so that tests can prepare each on both engines and read it for what is not portable.

/// One SQL text, with its parameters numbered as each engine does.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// `?1`.
    pub on_sqlite: &'static str,
    /// `$1`.
    pub on_postgres: &'static str,
}

/// One SQL text and the name it has in the code.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The constant's name.
    pub name: &'static str,
    /// The text.
    pub sql: Sql,
}

/// Declares a file's statements as constants and lists them for [`every_statement`].
macro_rules! statements {
    ($($name:ident = $sql:literal;)*) => {
        $(const $name: $crate::storage::statements::Sql = {
            const ON_SQLITE: [u8; $sql.len()] = $crate::storage::statements::numbered_for_sqlite($sql);
            $crate::storage::statements::Sql {
                on_sqlite: $crate::storage::statements::text(&ON_SQLITE),
                on_postgres: $sql,
            }
        };)*
        pub(super) const STATEMENTS: &[$crate::storage::Statement] =
            &[$($crate::storage::Statement { name: stringify!($name), sql: $name }),*];
    };
}
pub(super) use statements;

/// `sql` with `?1` where it has `$1`: SQLite counts `$1` among the names, and a name has to be looked for.
pub(super) const fn numbered_for_sqlite<const LENGTH: usize>(sql: &str) -> [u8; LENGTH] {
    let mut numbered = [0; LENGTH];
    let (mut from, mut to) = (sql.as_bytes(), numbered.as_mut_slice());
    while let (Some((byte, rest)), Some((place, places))) = (from.split_first(), to.split_first_mut()) {
        *place = if *byte == b'$' { b'?' } else { *byte };
        (from, to) = (rest, places);
    }
    numbered
}

/// The bytes of a text, which they are.
pub(super) const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_as_each_engine_does() {
        statements! {
            TEN = "SELECT $10, $1 FROM somewhere WHERE it = 'đây'";
        }
        assert_eq!(STATEMENTS.len(), 1);
        assert_eq!(TEN.on_sqlite, "SELECT ?10, ?1 FROM somewhere WHERE it = 'đây'");
        assert_eq!(TEN.on_postgres, "SELECT $10, $1 FROM somewhere WHERE it = 'đây'");
    }

    #[test]
    fn a_dollar_is_a_parameter_wherever_it_stands() {
        for Statement { name, sql } in every_statement() {
            let is_number = |rest: &str| rest.starts_with(|next: char| next.is_ascii_digit());
            assert!(sql.on_postgres.split('$').skip(1).all(is_number), "{name}");
        }
    }
}
