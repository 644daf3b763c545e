//! The real parts that tests run against: private PostgreSQL and Redis servers, started by `./test`.

/// The private PostgreSQL: a URL of a database whose user may create others.
pub fn postgres_url() -> String {
    part("KHUE_TEST_POSTGRES_URL")
}

/// The private Redis.
pub fn redis_url() -> String {
    part("KHUE_TEST_REDIS_URL")
}

#[expect(clippy::disallowed_methods, reason = "the one place where tests learn what ./test started for them")]
fn part(variable: &str) -> String {
    // Never skipped in silence: half a test run must not look like a whole one.
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run ./test, or ./test parts -- cargo test, which start what is needed")
    })
}
