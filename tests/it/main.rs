//! Integration tests: the real router on a fresh database.

mod storage;
