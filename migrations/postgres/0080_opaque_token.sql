-- Opaque access tokens: the keyed digest of each, and what it stands for, sealed. Forgotten once they have run out.

CREATE TABLE opaque_token (
    digest     BYTEA  NOT NULL PRIMARY KEY,
    sealed     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX opaque_token_expires_at ON opaque_token (expires_at);
