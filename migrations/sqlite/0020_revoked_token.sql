-- Access tokens of systems that were revoked before they ran out; forgotten once they have.

CREATE TABLE revoked_token (
    id         BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_token_expires_at ON revoked_token (expires_at);
