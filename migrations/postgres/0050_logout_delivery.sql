-- Whom a system is still to be told has signed out (Back-Channel Logout 1.0). A row goes when the system has heard it, or
-- when nobody tries any more; the audit log keeps what became of it. Its id is the token's jti, at every try the same.
CREATE TABLE logout_delivery (
    id           UUID    NOT NULL PRIMARY KEY,
    account_id   UUID    NOT NULL REFERENCES account (id),
    session_id   UUID    NOT NULL REFERENCES session (id),
    client_id    TEXT    NOT NULL REFERENCES client (client_id),
    created_at   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    last_problem TEXT
);

CREATE INDEX logout_delivery_due ON logout_delivery (client_id, due_at);

-- Which systems got tokens in a session is asked when it ends, of families that have ended too.
DROP INDEX IF EXISTS token_family_session;
CREATE INDEX token_family_session ON token_family (session_id);
