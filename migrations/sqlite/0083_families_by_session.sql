-- Families of a person are found through her sessions. An index by person cost each new family a page somewhere else.
DROP INDEX token_family_account;
