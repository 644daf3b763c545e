//! What a response does not say: the operator's side of an error, on its way to the log.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// An error put into a response's extensions by whoever rendered it; [`observe`](super::observe) logs it, once.
///
/// Errors hold facts for the operator (ids, never personal data), so their texts may be logged.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// Wraps `error`.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for Cause {
    /// The error and what caused it, outermost first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.to_string();
        f.write_str(&shown)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            let next = error.to_string();
            // Many errors end with the text of their source: not said twice.
            if !shown.ends_with(&next) {
                write!(f, ": {next}")?;
            }
            shown = next;
            source = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({self})")
    }
}
