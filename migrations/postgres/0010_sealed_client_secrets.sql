-- A secret that signs assertions is needed itself, not its digest alone: sealed, for clients of client_secret_jwt.
ALTER TABLE client_secret ADD COLUMN sealed BYTEA;
