-- What exactly a person authorized at resources (RFC 9396), sealed with her data key.

ALTER TABLE token_family ADD COLUMN details BLOB;
