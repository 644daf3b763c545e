//! Where configuration comes from: the file, the environment, the command line.

use std::path::{Path, PathBuf};

/// The file that makes a folder an instance.
pub const FILE_NAME: &str = "khue.toml";

/// What a configuration is read from. Later layers win: defaults, file, environment, command line.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The folder the command was started in.
    pub folder: PathBuf,
    /// A file named by `--config`; without one, `khue.toml` of the folder where it exists.
    pub file: Option<PathBuf>,
    /// The environment.
    pub variables: Vec<(String, String)>,
    /// Options of the command: `("server.listen", "127.0.0.1:9000")`.
    pub options: Vec<(&'static str, String)>,
    /// What the configuration is wanted for.
    pub purpose: Purpose,
}

/// What a configuration is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To serve people: what is not fit for production is refused, unless the mode is `demo`.
    Serve,
    /// To run a command on the instance.
    Command,
}

impl Sources {
    /// The current folder and the environment of this process.
    pub fn of_process(file: Option<PathBuf>, purpose: Purpose) -> Self {
        // Variables that are not UTF-8 arrive lossy: a setting among them then fails to parse, with its name.
        let variables = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .filter(|(name, _)| name.starts_with("KHUE_"))
            .collect();
        Self { folder: PathBuf::new(), file, variables, options: Vec::new(), purpose }
    }

    /// Nothing but `folder` and what may lie in it.
    pub fn of_folder(folder: impl Into<PathBuf>, purpose: Purpose) -> Self {
        Self { folder: folder.into(), file: None, variables: Vec::new(), options: Vec::new(), purpose }
    }

    /// Sets `path` (`section.name`) as an option of the command would.
    #[must_use]
    pub fn with(mut self, path: &'static str, value: impl Into<String>) -> Self {
        self.options.push((path, value.into()));
        self
    }

    /// The configuration file, if there is to be one.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match &self.file {
            Some(named) => Some(self.folder.join(named)),
            None => Some(self.folder.join(FILE_NAME)).filter(|file| file.exists()),
        }
    }

    /// The folder that relative paths start from: the file's, else the current one.
    pub(super) fn base(&self) -> PathBuf {
        self.file().as_deref().and_then(Path::parent).map_or_else(|| self.folder.clone(), Path::to_path_buf)
    }
}
