//! What is wrong with a configuration, where, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// Everything that is wrong, at once.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors(pub Vec<Problem>);

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// The setting, section or key it is about.
    pub subject: String,
    /// What is wrong. Never holds the value of a secret.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// Where a value came from. In order: the file from top to bottom, then the environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line of the configuration file.
    Line(PathBuf, usize),
    /// The configuration file as a whole.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// An option of the command.
    Command,
    /// Nothing was given.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::Command => f.write_str("command line"),
            Self::Default => f.write_str("not set"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, subject, what, remedy } = self;
        write!(f, "{place}: {subject}: {what}\n    {remedy}")
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("1 error in the configuration")?,
            count => write!(f, "{count} errors in the configuration")?,
        }
        self.0.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}
