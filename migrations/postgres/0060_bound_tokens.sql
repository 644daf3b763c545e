-- The key that the refresh tokens of a family are bound to, as the JSON of cnf (RFC 7800).

ALTER TABLE token_family ADD COLUMN confirmation TEXT;
