//! From sources to a configuration, or to everything that is wrong with it.

use std::path::PathBuf;

use super::audit::Audit;
use super::database::Database;
use super::given::Layers;
use super::keys::Keys;
use super::mutual_tls::MutualTls;
use super::policy::Policy;
use super::problem::ConfigErrors;
use super::reader::Reader;
use super::server::{Mode, Server};
use super::sessions::Sessions;
use super::setting::Section;
use super::shortlived::ShortLived;
use super::sources::{Purpose, Sources};
use super::support::Support;
use super::telemetry::Telemetry;
use super::tls::Tls;
use super::{
    audit, database, environment, file, keys, mutual_tls, policy, production, sandbox, server, sessions,
    shortlived, support, telemetry, tls,
};

/// Every section, in the order of the reference.
pub(super) const SECTIONS: &[&Section] = &[
    &server::SECTION,
    &tls::SECTION,
    &mutual_tls::SECTION,
    &database::SECTION,
    &shortlived::SECTION,
    &keys::SECTION,
    &sessions::SECTION,
    &support::SECTION,
    &telemetry::SECTION,
    &policy::SECTION,
    &audit::SECTION,
];

/// A whole configuration. One that exists is right.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the instance: where relative paths start.
    pub folder: PathBuf,
    /// `[server]`
    pub server: Server,
    /// `[tls]`
    pub tls: Option<Tls>,
    /// `[mutual_tls]`
    pub mutual_tls: MutualTls,
    /// `[database]`
    pub database: Database,
    /// `[shortlived]`
    pub shortlived: ShortLived,
    /// `[keys]`
    pub keys: Keys,
    /// `[sessions]`
    pub sessions: Sessions,
    /// `[support]`
    pub support: Support,
    /// `[telemetry]`
    pub telemetry: Telemetry,
    /// `[policy]`
    pub policy: Policy,
    /// `[audit]`
    pub audit: Audit,
}

impl Config {
    /// Reads `sources`. Errors come all at once, each with its place and remedy.
    pub fn load(sources: &Sources) -> Result<Self, ConfigErrors> {
        let mut problems = Vec::new();
        let mut layers = Layers::default();
        if let Some(file) = sources.file() {
            let given = file::read(&file, SECTIONS, &mut problems);
            layers.lay(given, &mut problems);
        }
        let given = environment::read(&sources.variables, SECTIONS, &mut problems);
        layers.lay(given, &mut problems);
        let given = environment::read_options(&sources.options, SECTIONS, &mut problems);
        layers.lay(given, &mut problems);

        let folder = sources.base();
        let mut reader = Reader { layers: &layers, base: &folder, problems: &mut problems };
        let config = read(&mut reader, sources.purpose);
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => {
                problems.sort_by(|one, other| one.place.cmp(&other.place));
                Err(ConfigErrors(problems))
            }
        }
    }
}

fn read(reader: &mut Reader<'_>, purpose: Purpose) -> Option<Config> {
    let server = server::read(reader);
    let tls = tls::read(reader);
    let mutual_tls = mutual_tls::read(reader, server.as_ref(), tls.as_ref());
    let database = database::read(reader);
    let shortlived = shortlived::read(reader);
    let keys = keys::read(reader);
    let sessions = sessions::read(reader);
    let support = support::read(reader);
    let telemetry = telemetry::read(reader);
    let policy = policy::read(reader);
    let audit = audit::read(reader, server.as_ref().map(|server| &server.issuer));
    // A mode that could not be read is production: the strict reading of a slip.
    let demo = server.as_ref().is_some_and(|server| server.mode == Mode::Demo);
    let is_sandbox = server.as_ref().is_some_and(|server| server.sandbox);
    match purpose {
        Purpose::Serve if is_sandbox => sandbox::refuse(reader, keys.as_ref()),
        Purpose::Serve if !demo => {
            production::refuse(reader, server.as_ref(), keys.as_ref());
            production::refuse_open_key(reader, tls.as_ref().and_then(Option::as_ref));
        }
        Purpose::Serve | Purpose::Command => {}
    }
    Some(Config {
        folder: reader.base.to_path_buf(),
        server: server?,
        tls: tls?,
        mutual_tls: mutual_tls?,
        database: database?,
        shortlived: shortlived?,
        keys: keys?,
        sessions: sessions?,
        support: support?,
        telemetry: telemetry?,
        policy: policy?,
        audit: audit?,
    })
}
