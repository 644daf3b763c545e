//! The folder in which a demo lives.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::{Entropy, Secret, SystemEntropy};
use crate::cli::refusal::{Outcome, Refusal};
use crate::config::{Config, FILE_NAME, Mode, Purpose, Sources};
use crate::crypto::{MasterKeyKind, MasterKeys, PlainToken, TokenKind};

const MASTER_KEY: &str = "master.key";
const DATABASE: &str = "khue.db";
const PORTAL_SECRET: &str = "portal.secret";

/// A demo's folder, set up or not.
pub struct Folder(PathBuf);

/// A secret of a demo system.
pub struct KeptSecret {
    pub secret: Secret<String>,
    /// Made just now: the register does not know it yet.
    pub is_new: bool,
}

impl Folder {
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Whether a demo was started here before.
    pub fn is_set_up(&self) -> bool {
        self.config_file().exists()
    }

    pub fn config_file(&self) -> PathBuf {
        self.0.join(FILE_NAME)
    }

    /// Makes what is missing. The configuration comes last: a start that was cut off before begins again.
    pub fn set_up(&self, port: u16) -> Outcome {
        if self.is_set_up() {
            return Ok(());
        }
        make_folder(&self.0).map_err(|error| Refusal::file(&self.0, &error))?;
        let key = self.0.join(MASTER_KEY);
        if !key.exists() {
            MasterKeys::generate(MasterKeyKind::Development, &SystemEntropy::new()).create_file(&key)?;
        }
        self.write(FILE_NAME, &configuration(port))
    }

    /// The configuration, which must be a demo's.
    pub fn config(&self) -> Outcome<Config> {
        let file = self.config_file();
        let config = Config::load(&Sources::of_process(Some(file.clone()), Purpose::Serve))?;
        if config.server.mode == Mode::Demo {
            return Ok(config);
        }
        Err(Refusal::wrong(
            format!("{} is not of a demo", file.display()),
            "start it with `khue serve`, or begin a demo in another --folder",
        ))
    }

    /// The secret of the portal, made where there is none.
    pub fn portal_secret(&self, entropy: &dyn Entropy) -> Outcome<KeptSecret> {
        let file = self.0.join(PORTAL_SECRET);
        match fs::read_to_string(&file) {
            Ok(held) => Ok(KeptSecret { secret: Secret::new(held.trim().to_owned()), is_new: false }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = PlainToken::generate(TokenKind::ClientSecret, entropy);
                self.write(PORTAL_SECRET, made.expose())?;
                Ok(KeptSecret { secret: Secret::new(made.expose().to_owned()), is_new: true })
            }
            Err(error) => Err(Refusal::file(&file, &error)),
        }
    }

    /// Writes a file for its owner alone, whole or not at all.
    fn write(&self, name: &str, text: &str) -> Outcome {
        let (file, beside) = (self.0.join(name), self.0.join(format!("{name}.new")));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&beside).and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
            fs::rename(&beside, &file)
        });
        written.map_err(|error| Refusal::file(&file, &error))
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn configuration(port: u16) -> String {
    format!(
        "\
# Made by `khue demo`. In the folder above, every khue command acts on this instance without options.
# `khue config reference` explains every setting.

[server]
# For trying out: plain HTTP on this machine, and a development key.
mode = \"demo\"
# Invented people, as whom anybody signs in, and calls to addresses on this machine.
sandbox = true
# Stands in every token and binds every passkey.
issuer = \"http://localhost:{port}\"
listen = \"127.0.0.1:{port}\"

[database]
url = \"sqlite:{DATABASE}\"

[keys]
# Production refuses this key: make one there with `khue keys create-master`.
master_key_file = \"{MASTER_KEY}\"

[telemetry]
# \"info\" shows a line for each request.
log_level = \"warn\"
"
    )
}
