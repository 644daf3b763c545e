//! `khue demo`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::banner::banner;
use super::folder::Folder;
use super::ports::Ports;
use super::systems::Systems;
use crate::app::Instance;
use crate::cli::instance::{DEMO_FOLDER, Here, surroundings};
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::cli::running::{Listeners, run};
use crate::cli::serve::start_log;
use crate::cli::stop::Stop;
use crate::config::FILE_NAME;

/// The port of a demo that nobody asked otherwise of.
const PORT: u16 = 8080;
/// The systems stand on the two ports behind it.
const HIGHEST_PORT: u16 = u16::MAX - 2;

/// Try Khuê out on this machine: an instance and two systems that people sign in to, ready at once
///
/// Makes a folder with a key, a database and a khue.toml, so that every other command acts on it. Started again, it
/// goes on where it was; delete the folder to begin anew.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where everything of the demo is kept
    #[arg(long, default_value = DEMO_FOLDER)]
    folder: PathBuf,
    /// The port of Khuê; the two systems stand on the next two. Chosen once: addresses and passkeys rest on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=i64::from(HIGHEST_PORT)))]
    port: Option<u16>,
}

impl Demo {
    pub async fn run(&self, here: &Here) -> Outcome {
        if here.named.is_some() {
            return Err(Refusal::wrong(
                "a demo has its own configuration file",
                "use --folder in place of --config",
            ));
        }
        let folder = Folder::at(&self.folder);
        let port = self.settled_port(&folder)?;
        // Before anything is made: a port that is taken must not leave half a demo behind.
        let ports = Ports::take(port, folder.is_set_up())?;
        folder.set_up(port)?;
        let config = folder.config()?;
        start_log(&config)?;
        let stop = Stop::listen();
        let surroundings = surroundings();
        let instance = Instance::open(config, &surroundings).await?;
        let systems = Systems::register(&instance, &folder, &surroundings, port).await?;
        let systems = systems.serve(ports.portal, ports.office, &stop)?;
        print(banner(port, &self.folder))?;
        if Path::new(FILE_NAME).exists() {
            note(format!(
                "There is a {FILE_NAME} here, which other commands act on; for the demo, add --config {}",
                folder.config_file().display()
            ));
        }
        let listeners = Listeners { first: ports.khue, for_certificates: None };
        run(&instance, &surroundings, listeners, stop).await?;
        systems.ended().await;
        note("Đã dừng · Stopped");
        Ok(())
    }

    /// The port that was chosen when the folder was set up, else the one asked for now.
    fn settled_port(&self, folder: &Folder) -> Outcome<u16> {
        if !folder.is_set_up() {
            return Ok(self.port.unwrap_or(PORT));
        }
        let settled = folder.config()?.server.listen.port();
        match self.port {
            Some(asked) if asked != settled => Err(Refusal::wrong(
                format!(
                    "the demo in {} was set up on port {settled}: its addresses rest on it",
                    self.folder.display()
                ),
                format!(
                    "leave --port out, or begin another: khue demo --folder khue-data-{asked} --port {asked}"
                ),
            )),
            _ => Ok(settled),
        }
    }
}
