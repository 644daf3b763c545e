//! What operators see: logs, metrics, health. Never who did something, never a secret (`docs/logging.md`).

mod cause;
mod health;
mod logging;
mod metrics;
mod observe;
mod request_counts;
mod routine;
mod stopwatch;

pub use cause::Cause;
pub use health::{Health, Readiness};
pub use logging::{start_logging, subscriber};
pub use metrics::Metrics;
pub use observe::{Observer, observe};
pub use routine::Routine;
pub use stopwatch::Stopwatch;
