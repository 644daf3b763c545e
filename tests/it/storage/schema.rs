//! One schema and one text of SQL on both engines.

use std::collections::BTreeSet;

use khue::storage::every_statement;
use khue::storage::migrations::history;
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};

use super::engines;

#[test]
fn migrations_are_twins() {
    let [sqlite, postgres] = history();
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    for fresh in [engines::sqlite().await, engines::postgres().await] {
        fresh.db.migrate().await.unwrap();
    }
}

#[tokio::test]
async fn every_statement_is_understood_by_both_engines() {
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let mut sqlite = SqliteConnection::connect(&sqlite.url).await.unwrap();
    let mut postgres = PgConnection::connect(&postgres.url).await.unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for statement in every_statement() {
        seen += 1;
        let on_sqlite = sqlite.prepare(sqlx::SqlStr::from_static(statement.sql.on_sqlite)).await.err();
        let on_postgres = postgres.prepare(sqlx::SqlStr::from_static(statement.sql.on_postgres)).await.err();
        wrong.extend(on_sqlite.map(|error| format!("{} on SQLite: {error}", statement.name)));
        wrong.extend(on_postgres.map(|error| format!("{} on PostgreSQL: {error}", statement.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 100);
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let sqlite = sqlite_schema(&sqlite.url).await;
    let postgres = postgres_schema(&postgres.url).await;
    let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(&sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "only on SQLite: {only_sqlite:#?}\nonly on PostgreSQL: {only_postgres:#?}"
    );
    assert!(sqlite.len() > 50, "the schema was read: {}", sqlite.len());
}

/// `table.column type [NOT NULL]` and `index on table [unique]`, as SQLite has them.
async fn sqlite_schema(url: &str) -> BTreeSet<String> {
    const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 1 OR c.pk > 0 FROM sqlite_master m \
         JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    const INDEXES: &str = "SELECT i.name, m.name, i.\"unique\" = 1 FROM sqlite_master m \
         JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'";
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let columns = sqlx::query(COLUMNS).fetch_all(&mut connection).await.unwrap();
    let columns = columns.iter().map(|row| column(row.get(0), row.get(1), row.get(2), row.get(3)));
    let indexes = sqlx::query(INDEXES).fetch_all(&mut connection).await.unwrap();
    let indexes = indexes.iter().map(|row| index(row.get(0), row.get(1), row.get(2)));
    columns.chain(indexes).collect()
}

/// The same, as PostgreSQL has them.
async fn postgres_schema(url: &str) -> BTreeSet<String> {
    const COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO' \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'";
    const INDEXES: &str = "SELECT i.relname::text, t.relname::text, x.indisunique FROM pg_index x \
         JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)";
    let mut connection = PgConnection::connect(url).await.unwrap();
    let columns = sqlx::query(COLUMNS).fetch_all(&mut connection).await.unwrap();
    let columns = columns.iter().map(|row| column(row.get(0), row.get(1), row.get(2), row.get(3)));
    let indexes = sqlx::query(INDEXES).fetch_all(&mut connection).await.unwrap();
    let indexes = indexes.iter().map(|row| index(row.get(0), row.get(1), row.get(2)));
    columns.chain(indexes).collect()
}

fn column(table: &str, name: &str, kind: &str, required: bool) -> String {
    // What each engine calls the same thing.
    let kind = match kind.to_lowercase().as_str() {
        "integer" | "bigint" | "boolean" => "number",
        "blob" | "bytea" | "uuid" => "bytes",
        "text" => "text",
        other => panic!("{table}.{name}: the type {other} has no name here yet"),
    };
    format!("{table}.{name} {kind}{}", if required { " required" } else { "" })
}

fn index(name: &str, table: &str, unique: bool) -> String {
    format!("{}index {name} on {table}", if unique { "unique " } else { "" })
}

#[tokio::test]
async fn nobody_else_reads_the_files_of_sqlite() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/khue.db", folder.path().display());
    let db = khue::storage::Db::connect(&url, 2).await.unwrap();
    db.migrate().await.unwrap();
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
        names.push(file.file_name().into_string().unwrap());
    }
    assert!(names.len() >= 2, "the database and its log: {names:?}");
}
