-- Opaque access tokens: the keyed digest of each, and what it stands for, sealed. Forgotten once they have run out.

CREATE TABLE opaque_token (
    digest     BLOB    NOT NULL PRIMARY KEY,
    sealed     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX opaque_token_expires_at ON opaque_token (expires_at);
