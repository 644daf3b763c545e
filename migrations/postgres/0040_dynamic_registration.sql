-- Systems that registered themselves (RFC 7591), and the tokens with which operators let them.

CREATE TABLE dynamic_registration (
    client_id             TEXT   NOT NULL PRIMARY KEY REFERENCES client (client_id),
    token_digest          BYTEA  NOT NULL UNIQUE,
    scope                 TEXT   NOT NULL,
    sector_identifier_uri TEXT,
    created_at            BIGINT NOT NULL
);

CREATE TABLE initial_access_token (
    digest     BYTEA  NOT NULL PRIMARY KEY,
    scope      TEXT   NOT NULL,
    remaining  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
