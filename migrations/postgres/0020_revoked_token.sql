-- Access tokens of systems that were revoked before they ran out; forgotten once they have.

CREATE TABLE revoked_token (
    id         UUID   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX revoked_token_expires_at ON revoked_token (expires_at);
