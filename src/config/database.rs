//! `[database]`: where everything that must survive is kept.

use std::path::PathBuf;

use super::form::Wrong;
use super::reader::Reader;
use super::setting::{Section, Setting};
use crate::base::Secret;

/// `[database]`, read.
#[derive(Clone, Debug)]
pub struct Database {
    /// The engine and where it is.
    pub address: DatabaseAddress,
    /// The most connections held open at once.
    pub connections: u32,
}

/// A database engine and where it is.
#[derive(Clone, Debug)]
pub enum DatabaseAddress {
    /// The embedded engine on one file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by URL.
    Postgres(Secret<String>),
}

impl DatabaseAddress {
    /// As a URL: `sqlite:FILE` or `postgres://…`.
    pub fn url(&self) -> Secret<String> {
        match self {
            Self::Sqlite(file) => {
                let file = file.to_string_lossy().replace('%', "%25").replace('?', "%3F");
                Secret::new(format!("sqlite:{file}"))
            }
            Self::Postgres(url) => url.clone(),
        }
    }
}

const URL: Setting = Setting::new(
    "database",
    "url",
    "`sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`",
    "SQLite serves one node; PostgreSQL 15 or newer serves many. Relative files start at the folder of `khue.toml`.",
)
.or("sqlite:khue-data/khue.db")
.secret();
const CONNECTIONS: Setting = Setting::new(
    "database",
    "connections",
    "a number",
    "The most connections that one node holds open. On PostgreSQL, nodes times this must stay below the server's own \
     limit; on SQLite these are readers beside the one writer.",
)
.or("8");
pub(super) const SECTION: Section = Section {
    name: "database",
    about: "Where everything is kept that must survive.",
    settings: &[&URL, &CONNECTIONS],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Database> {
    let address = address(reader);
    let connections = reader.value(&CONNECTIONS);
    Some(Database { address: address?, connections: connections? })
}

fn address(reader: &mut Reader<'_>) -> Option<DatabaseAddress> {
    let url = reader.secret(&URL)??;
    let text = url.expose();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Some(DatabaseAddress::Postgres(url));
    }
    match text.strip_prefix("sqlite:").map(|file| file.trim_start_matches("//")) {
        // `//` with nothing before it is the authority of a URL, three slashes an absolute file.
        Some("") | None => {
            let remedy = format!("write {}", URL.form);
            reader.report(&URL, Wrong::new("names no engine that is known here", remedy));
            None
        }
        Some(file) => Some(DatabaseAddress::Sqlite(reader.base.join(file))),
    }
}
