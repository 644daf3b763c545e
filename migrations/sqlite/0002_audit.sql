-- The audit log. An entry is never changed but once: when the integration gives it its place in the tree.
-- The hash of an entry covers every column except leaf_hash itself and leaf_index, which the tree proves.

CREATE TABLE audit_entry (
    id             BLOB    NOT NULL PRIMARY KEY,
    at             INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    kind           TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    actor_kind     TEXT    NOT NULL,
    actor_id       TEXT,
    subject        BLOB,
    client         TEXT,
    session        BLOB,
    family         BLOB,
    request        TEXT,
    reason         TEXT,
    facts          TEXT    NOT NULL,
    sealed         BLOB,
    once_key       BLOB,
    leaf_hash      BLOB    NOT NULL,
    leaf_index     INTEGER
) STRICT;

-- What most entries do not have is not indexed, and an index of places is no way to those without one.
CREATE UNIQUE INDEX audit_entry_once ON audit_entry (once_key) WHERE once_key IS NOT NULL;
CREATE UNIQUE INDEX audit_entry_place ON audit_entry (leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_entry_pending ON audit_entry (id) WHERE leaf_index IS NULL;
CREATE INDEX audit_entry_subject ON audit_entry (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX audit_entry_request ON audit_entry (request) WHERE request IS NOT NULL;

CREATE TABLE audit_tile (
    level      INTEGER NOT NULL,
    tile_index INTEGER NOT NULL,
    hashes     BLOB    NOT NULL,
    PRIMARY KEY (level, tile_index)
) STRICT, WITHOUT ROWID;

-- Each checkpoint extends one other, and none is extended twice: no two integrations can fork the log.
CREATE TABLE audit_checkpoint (
    size     INTEGER NOT NULL PRIMARY KEY,
    previous INTEGER NOT NULL UNIQUE,
    root     BLOB    NOT NULL,
    note     TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
