//! What stops a measurement. Nobody handles it but the person who started it.

use std::error::Error;

/// Any reason.
pub type Fault = Box<dyn Error + Send + Sync>;
