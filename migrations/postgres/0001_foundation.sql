-- Times are microseconds since the Unix epoch. Columns called sealed or wrapped hold ciphertext whose associated data
-- names table, column and row. Columns called digest hold keyed digests. Nothing personal stands here in the clear.

CREATE TABLE instance_secret (
    purpose    TEXT    NOT NULL,
    version    BIGINT NOT NULL,
    wrapped    BYTEA    NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, version)
);

CREATE TABLE lease (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     BYTEA    NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE cache_version (
    name    TEXT    NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

INSERT INTO cache_version (name, version) VALUES ('client', 1), ('signing_key', 1);

CREATE TABLE signing_key (
    id           UUID    NOT NULL PRIMARY KEY,
    kid          TEXT    NOT NULL UNIQUE,
    algorithm    TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    wrapped      BYTEA    NOT NULL,
    created_at   BIGINT NOT NULL,
    activated_at BIGINT,
    retiring_at  BIGINT,
    retired_at   BIGINT
);

CREATE UNIQUE INDEX signing_key_active ON signing_key (algorithm) WHERE state = 'active';

CREATE TABLE account (
    id         UUID    NOT NULL PRIMARY KEY,
    status     TEXT    NOT NULL,
    profile    BYTEA    NOT NULL,
    locale     TEXT    NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE data_key (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES account (id),
    wrapped    BYTEA NOT NULL
);

CREATE TABLE account_index (
    account_id UUID NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    digest     BYTEA NOT NULL,
    PRIMARY KEY (account_id, kind, digest)
);

CREATE INDEX account_index_digest ON account_index (kind, digest);

CREATE TABLE passkey (
    id                UUID    NOT NULL PRIMARY KEY,
    account_id        UUID    NOT NULL REFERENCES account (id),
    credential_digest BYTEA    NOT NULL UNIQUE,
    sealed            BYTEA    NOT NULL,
    label             BYTEA    NOT NULL,
    synced            BOOLEAN NOT NULL,
    created_at        BIGINT NOT NULL,
    last_used_at      BIGINT,
    removed_at        BIGINT
);

CREATE INDEX passkey_account ON passkey (account_id, id);

CREATE TABLE session (
    id               UUID    NOT NULL PRIMARY KEY,
    token_digest     BYTEA    NOT NULL UNIQUE,
    account_id       UUID    NOT NULL REFERENCES account (id),
    passkey_id       UUID    NOT NULL REFERENCES passkey (id),
    acr              TEXT    NOT NULL,
    amr              TEXT    NOT NULL,
    place            BYTEA    NOT NULL,
    started_at       BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    seen_at          BIGINT NOT NULL,
    ended_at         BIGINT,
    end_reason       TEXT
);

CREATE INDEX session_account ON session (account_id, id);

CREATE TABLE client (
    client_id    TEXT    NOT NULL PRIMARY KEY,
    registration TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

CREATE TABLE client_secret (
    client_id  TEXT    NOT NULL REFERENCES client (client_id),
    digest     BYTEA    NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (client_id, digest)
);

CREATE TABLE consent (
    id           UUID    NOT NULL PRIMARY KEY,
    account_id   UUID    NOT NULL REFERENCES account (id),
    client_id    TEXT    NOT NULL REFERENCES client (client_id),
    terms        TEXT    NOT NULL,
    confirmed_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    UNIQUE (account_id, client_id)
);

-- The id of a family is that of the code that started it: a code is redeemed once because a key is given once.
CREATE TABLE token_family (
    id         UUID    NOT NULL PRIMARY KEY,
    account_id UUID    NOT NULL REFERENCES account (id),
    client_id  TEXT    NOT NULL REFERENCES client (client_id),
    session_id UUID    NOT NULL REFERENCES session (id),
    authorized TEXT    NOT NULL,
    offline    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT,
    end_reason TEXT
);

CREATE INDEX token_family_account ON token_family (account_id, client_id) WHERE ended_at IS NULL;
CREATE INDEX token_family_session ON token_family (session_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_token (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    family_id  UUID    NOT NULL REFERENCES token_family (id),
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    request    BYTEA
);

CREATE INDEX refresh_token_family ON refresh_token (family_id);
