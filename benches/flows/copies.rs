//! Many more accounts: copies of those that were made, under ids of their own.
//!
//! They are there for their number. Nobody signs in to them, since their secrets are those of others; every table and index
//! has as many rows as if each had been made, in a hundredth of the time.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use crate::fault::Fault;

/// How an engine writes what is not portable.
struct Dialect {
    /// An id like the one in the parentheses, with another end.
    fresh: fn(&str) -> String,
    /// A digest of nothing.
    digest: &'static str,
}

const SQLITE: Dialect = Dialect {
    fresh: |id| format!("CAST(substr({id}, 1, 6) || randomblob(10) AS BLOB)"),
    digest: "randomblob(32)",
};

const POSTGRES: Dialect = Dialect {
    fresh: |id| format!("(substr({id}::text, 1, 13) || substr(gen_random_uuid()::text, 14))::uuid"),
    digest: "decode(md5(random()::text) || md5(random()::text), 'hex')",
};

/// Copies every account of the database at `url` so many `times`.
pub async fn multiply(url: &str, times: u64) -> Result<(), Fault> {
    if url.starts_with("sqlite:") {
        let options: SqliteConnectOptions = url.parse()?;
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-1000000");
        let mut connection = options.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(statements(&SQLITE, times))).execute(&mut connection).await?;
        connection.close().await?;
    } else {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::raw_sql(AssertSqlSafe(statements(&POSTGRES, times))).execute(&mut connection).await?;
        sqlx::raw_sql("ANALYZE").execute(&mut connection).await?;
        connection.close().await?;
    }
    Ok(())
}

fn statements(dialect: &Dialect, times: u64) -> String {
    let Dialect { fresh, digest } = dialect;
    let begin = "BEGIN; CREATE TEMPORARY TABLE made AS SELECT id FROM account;".to_owned();
    let copies = (0..times).map(|_| {
        format!(
            "CREATE TEMPORARY TABLE copy AS SELECT id AS old, {id} AS new FROM made;
            CREATE INDEX copy_old ON copy (old);
            INSERT INTO account SELECT c.new, a.status, a.profile, a.locale, a.created_at, a.updated_at
                FROM account a JOIN copy c ON c.old = a.id;
            INSERT INTO data_key SELECT c.new, k.wrapped FROM data_key k JOIN copy c ON c.old = k.account_id;
            INSERT INTO account_index SELECT c.new, i.kind, {digest}
                FROM account_index i JOIN copy c ON c.old = i.account_id;
            INSERT INTO passkey SELECT {passkey}, c.new, {digest}, p.sealed, p.label, p.synced, p.created_at,
                p.last_used_at, p.removed_at FROM passkey p JOIN copy c ON c.old = p.account_id;
            INSERT INTO session SELECT {session}, {digest}, c.new, p.id, s.acr, s.amr, s.place, s.started_at,
                s.authenticated_at, s.seen_at, s.ended_at, s.end_reason
                FROM session s JOIN copy c ON c.old = s.account_id JOIN passkey p ON p.account_id = c.new;
            INSERT INTO consent SELECT {consent}, c.new, t.client_id, t.terms, t.confirmed_at, t.withdrawn_at
                FROM consent t JOIN copy c ON c.old = t.account_id;
            DROP TABLE copy;",
            id = fresh("id"),
            passkey = fresh("p.id"),
            session = fresh("s.id"),
            consent = fresh("t.id"),
        )
    });
    std::iter::once(begin)
        .chain(copies)
        .chain(std::iter::once("DROP TABLE made; COMMIT;".to_owned()))
        .collect()
}
