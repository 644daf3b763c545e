//! Which instance a command acts on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::refusal::Outcome;
use crate::app::{Instance, Surroundings};
use crate::base::{SystemClock, SystemEntropy};
use crate::config::{Config, FILE_NAME, Purpose, Sources};
use crate::storage::Db;

/// The folder that `khue demo` makes unless it is told another.
pub const DEMO_FOLDER: &str = "khue-data";

/// Where the command was called.
#[derive(Debug)]
pub struct Here {
    /// The file that `--config` named.
    pub named: Option<PathBuf>,
}

impl Here {
    /// With what `--config` said.
    pub const fn new(named: Option<PathBuf>) -> Self {
        Self { named }
    }

    /// What the configuration is read from: the file that was named, else `khue.toml` here, else the demo's.
    pub fn sources(&self, purpose: Purpose) -> Sources {
        let demo = Path::new(DEMO_FOLDER).join(FILE_NAME);
        let file =
            self.named.clone().or_else(|| (!Path::new(FILE_NAME).exists() && demo.exists()).then_some(demo));
        Sources::of_process(file, purpose)
    }

    /// The configuration, for a command.
    pub fn config(&self) -> Outcome<Config> {
        Ok(Config::load(&self.sources(Purpose::Command))?)
    }

    /// The instance, for a command.
    pub async fn open(&self) -> Outcome<Instance> {
        Ok(Instance::open(self.config()?, &surroundings()).await?)
    }
}

/// The database of `config`, as it stands.
pub async fn database(config: &Config) -> Outcome<Db> {
    Ok(Db::connect(config.database.address.url().expose(), config.database.connections).await?)
}

/// The machine's own clock and randomness.
pub fn surroundings() -> Surroundings {
    Surroundings { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::new()) }
}
