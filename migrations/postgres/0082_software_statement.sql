-- What somebody else says of a system that registered itself (RFC 7591 §2.3), as it came.

ALTER TABLE dynamic_registration ADD COLUMN software_statement TEXT;
