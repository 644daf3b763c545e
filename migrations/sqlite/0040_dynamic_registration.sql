-- Systems that registered themselves (RFC 7591), and the tokens with which operators let them.

CREATE TABLE dynamic_registration (
    client_id             TEXT   NOT NULL PRIMARY KEY REFERENCES client (client_id),
    token_digest          BLOB  NOT NULL UNIQUE,
    scope                 TEXT   NOT NULL,
    sector_identifier_uri TEXT,
    created_at            INTEGER NOT NULL
) STRICT;

CREATE TABLE initial_access_token (
    digest     BLOB  NOT NULL PRIMARY KEY,
    scope      TEXT   NOT NULL,
    remaining  INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
