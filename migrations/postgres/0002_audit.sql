-- The audit log. An entry is never changed but once: when the integration gives it its place in the tree.
-- The hash of an entry covers every column except leaf_hash itself and leaf_index, which the tree proves.

CREATE TABLE audit_entry (
    id             UUID    NOT NULL PRIMARY KEY,
    at             BIGINT  NOT NULL,
    schema_version BIGINT  NOT NULL,
    kind           TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    actor_kind     TEXT    NOT NULL,
    actor_id       TEXT,
    subject        UUID,
    client         TEXT,
    session        UUID,
    family         UUID,
    request        TEXT,
    reason         TEXT,
    facts          TEXT    NOT NULL,
    sealed         BYTEA,
    once_key       BYTEA,
    leaf_hash      BYTEA   NOT NULL,
    leaf_index     BIGINT
);

-- What most entries do not have is not indexed, and an index of places is no way to those without one.
CREATE UNIQUE INDEX audit_entry_once ON audit_entry (once_key) WHERE once_key IS NOT NULL;
CREATE UNIQUE INDEX audit_entry_place ON audit_entry (leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_entry_pending ON audit_entry (id) WHERE leaf_index IS NULL;
CREATE INDEX audit_entry_subject ON audit_entry (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX audit_entry_request ON audit_entry (request) WHERE request IS NOT NULL;

CREATE TABLE audit_tile (
    level      BIGINT  NOT NULL,
    tile_index BIGINT  NOT NULL,
    hashes     BYTEA   NOT NULL,
    PRIMARY KEY (level, tile_index)
);

-- Each checkpoint extends one other, and none is extended twice: no two integrations can fork the log.
CREATE TABLE audit_checkpoint (
    size     BIGINT  NOT NULL PRIMARY KEY,
    previous BIGINT  NOT NULL UNIQUE,
    root     BYTEA   NOT NULL,
    note     TEXT    NOT NULL,
    at       BIGINT  NOT NULL
);
