-- Times are microseconds since the Unix epoch. Columns called sealed or wrapped hold ciphertext whose associated data
-- names table, column and row. Columns called digest hold keyed digests. Nothing personal stands here in the clear.

CREATE TABLE instance_secret (
    purpose    TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (purpose, version)
) STRICT;

CREATE TABLE lease (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE cache_version (
    name    TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

INSERT INTO cache_version (name, version) VALUES ('client', 1), ('signing_key', 1);

CREATE TABLE signing_key (
    id           BLOB    NOT NULL PRIMARY KEY,
    kid          TEXT    NOT NULL UNIQUE,
    algorithm    TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    wrapped      BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    activated_at INTEGER,
    retiring_at  INTEGER,
    retired_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX signing_key_active ON signing_key (algorithm) WHERE state = 'active';

CREATE TABLE account (
    id         BLOB    NOT NULL PRIMARY KEY,
    status     TEXT    NOT NULL,
    profile    BLOB    NOT NULL,
    locale     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE data_key (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
    wrapped    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account_index (
    account_id BLOB NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    digest     BLOB NOT NULL,
    PRIMARY KEY (account_id, kind, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX account_index_digest ON account_index (kind, digest);

CREATE TABLE passkey (
    id                BLOB    NOT NULL PRIMARY KEY,
    account_id        BLOB    NOT NULL REFERENCES account (id),
    credential_digest BLOB    NOT NULL UNIQUE,
    sealed            BLOB    NOT NULL,
    label             BLOB    NOT NULL,
    synced            INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    last_used_at      INTEGER,
    removed_at        INTEGER
) STRICT;

CREATE INDEX passkey_account ON passkey (account_id, id);

CREATE TABLE session (
    id               BLOB    NOT NULL PRIMARY KEY,
    token_digest     BLOB    NOT NULL UNIQUE,
    account_id       BLOB    NOT NULL REFERENCES account (id),
    passkey_id       BLOB    NOT NULL REFERENCES passkey (id),
    acr              TEXT    NOT NULL,
    amr              TEXT    NOT NULL,
    place            BLOB    NOT NULL,
    started_at       INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    seen_at          INTEGER NOT NULL,
    ended_at         INTEGER,
    end_reason       TEXT
) STRICT;

CREATE INDEX session_account ON session (account_id, id);

CREATE TABLE client (
    client_id    TEXT    NOT NULL PRIMARY KEY,
    registration TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE client_secret (
    client_id  TEXT    NOT NULL REFERENCES client (client_id),
    digest     BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (client_id, digest)
) STRICT;

CREATE TABLE consent (
    id           BLOB    NOT NULL PRIMARY KEY,
    account_id   BLOB    NOT NULL REFERENCES account (id),
    client_id    TEXT    NOT NULL REFERENCES client (client_id),
    terms        TEXT    NOT NULL,
    confirmed_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    UNIQUE (account_id, client_id)
) STRICT;

-- The id of a family is that of the code that started it: a code is redeemed once because a key is given once.
CREATE TABLE token_family (
    id         BLOB    NOT NULL PRIMARY KEY,
    account_id BLOB    NOT NULL REFERENCES account (id),
    client_id  TEXT    NOT NULL REFERENCES client (client_id),
    session_id BLOB    NOT NULL REFERENCES session (id),
    authorized TEXT    NOT NULL,
    offline    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER,
    end_reason TEXT
) STRICT;

CREATE INDEX token_family_account ON token_family (account_id, client_id) WHERE ended_at IS NULL;
CREATE INDEX token_family_session ON token_family (session_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_token (
    digest     BLOB    NOT NULL PRIMARY KEY,
    family_id  BLOB    NOT NULL REFERENCES token_family (id),
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    request    BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_family ON refresh_token (family_id);
