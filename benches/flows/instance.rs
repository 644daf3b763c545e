//! An instance to measure: a folder as an operator would set it up, and many people.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use khue::app::{self, Surroundings};
use khue::base::{Clock, Secret, SystemClock, SystemEntropy};
use khue::config::{Config, Purpose, Sources};
use khue::crypto::master_key::{MasterKeyKind, MasterKeys};
use khue::domain::audit::Place;
use khue::domain::consent::ConsentTerms;
use khue::domain::interaction::{ForDevice, Named, Offer, Situation};
use khue::protocol::{ClientId, Locale, RawParams};
use khue::services::Provider;
use khue::services::authorization::Received;
use khue::services::client_changes::DesiredClient;
use khue::storage::StorageError;
use khue::telemetry::Stopwatch;

use crate::arguments::Arguments;
use crate::copies;
use crate::fault::Fault;
use crate::people::Maker;
use crate::signer::Signer;
use crate::systems::{self, System};

const ISSUER: &str = "https://id.bench.example";
/// The file with the keys of the system that has some.
const SIGNER: &str = "bank.key";
/// How many people are made at most; the rest are copies.
const MADE: u64 = 100_000;
/// How many people one write brings.
const BATCH: u64 = 2_000;
/// How many writes are under way at once: PostgreSQL has hands free.
const WRITES: usize = 4;

/// An instance that is ready to be served.
pub struct Instance {
    /// Where it lies.
    pub folder: PathBuf,
    /// Where it will listen.
    pub address: SocketAddr,
    /// Its name.
    pub issuer: String,
    /// How many accounts it has.
    pub accounts: u64,
    /// How many live sessions are driven.
    pub sessions: u64,
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    /// The keys of the system that has some.
    pub signer: Signer,
    /// Tells this run from others, so that no two draw the same randomness.
    pub run: u64,
    _gone_with_it: Option<tempfile::TempDir>,
}

/// Sets an instance with `accounts` accounts up, or finds it from the run before.
pub async fn prepare(arguments: &Arguments, accounts: u64) -> Result<Arc<Instance>, Fault> {
    let engine = if arguments.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let name = format!("khue_bench_{}_{accounts}_{}", engine.to_lowercase(), arguments.sessions);
    let (folder, gone_with_it) = match &arguments.keep {
        Some(keep) => (keep.join(&name), None),
        None => tempfile::tempdir().map(|folder| (folder.path().join(&name), Some(folder)))?,
    };
    std::fs::create_dir_all(&folder)?;
    let address = free_address()?;
    let database = match &arguments.postgres {
        Some(server) => database_beside(server, &name).await?,
        None => "sqlite:khue.db".to_owned(),
    };
    write_configuration(&folder, address, &database)?;
    let complete = folder.join("complete");
    if !complete.exists() {
        let watch = Stopwatch::start();
        fill(&folder, accounts.min(MADE), arguments.sessions).await?;
        copies::multiply(&absolute(&folder, &database), (accounts / MADE).saturating_sub(1)).await?;
        eprintln!("{accounts} accounts stored in {:.0?}", watch.elapsed());
        std::fs::write(&complete, "")?;
    }
    let sessions = accounts.min(MADE) * arguments.sessions;
    let run = u64::try_from(SystemClock.now().micros())?;
    let issuer = ISSUER.to_owned();
    let signer = Signer::kept(&folder.join(SIGNER))?;
    Ok(Arc::new(Instance {
        folder,
        address,
        issuer,
        accounts,
        sessions,
        engine,
        signer,
        run,
        _gone_with_it: gone_with_it,
    }))
}

/// An address that nobody listens at.
pub fn free_address() -> Result<SocketAddr, Fault> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn write_configuration(folder: &Path, address: SocketAddr, database: &str) -> Result<(), Fault> {
    let text = format!(
        "[server]\nissuer = \"{ISSUER}\"\nlisten = \"{address}\"\n\n[database]\nurl = \"{database}\"\n\n\
         [keys]\nmaster_key_file = \"master.key\"\n"
    );
    std::fs::write(folder.join("khue.toml"), text)?;
    let key = folder.join("master.key");
    if !key.exists() {
        MasterKeys::generate(MasterKeyKind::Production, &SystemEntropy::new()).create_file(&key)?;
    }
    Ok(())
}

async fn database_beside(server: &str, name: &str) -> Result<String, Fault> {
    use sqlx::{AssertSqlSafe, Connection, PgConnection};
    let mut url = url::Url::parse(server)?;
    let mut connection = PgConnection::connect(server).await?;
    let exists: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_optional(&mut connection)
        .await?;
    if exists.is_none() {
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
    }
    connection.close().await?;
    url.set_path(name);
    Ok(url.into())
}

async fn fill(folder: &Path, accounts: u64, sessions: u64) -> Result<(), Fault> {
    let config = Config::load(&Sources::of_folder(folder, Purpose::Command))?;
    let master = MasterKeys::read_file(&config.keys.master_key_file)?;
    let surroundings = Surroundings { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::new()) };
    let instance = app::Instance::open(config, &surroundings).await?;
    let provider = &instance.provider;
    let jwks = Signer::kept(&folder.join(SIGNER))?.jwks();
    let desired = System::ALL.map(|system| {
        let secret = system.has_secret().then(|| Secret::new(systems::SECRET.to_owned()));
        Ok(DesiredClient { registration: system.registration(&jwks)?, secret, status: None })
    });
    provider.apply_clients(&desired.into_iter().collect::<Result<Vec<_>, Fault>>()?).await?;
    provider.refresh_caches().await?;
    let mut agreed = Vec::new();
    for system in System::VISITED {
        agreed.push((ClientId::parse(system.id())?, terms(provider, system).await?));
    }
    let maker = Maker {
        keyring: provider.keyring(),
        master: &master,
        entropy: provider.entropy(),
        now: provider.now(),
        agreed: &agreed,
        sessions,
    };
    stream::iter((0..accounts).step_by(usize::try_from(BATCH)?))
        .map(|first| store(provider, &maker, first..accounts.min(first + BATCH)))
        .buffer_unordered(WRITES)
        .try_collect::<Vec<()>>()
        .await?;
    instance.audit.integrate().await?;
    Ok(())
}

/// The database as it is called from elsewhere.
fn absolute(folder: &Path, database: &str) -> String {
    match database.strip_prefix("sqlite:") {
        Some(file) => format!("sqlite:{}", folder.join(file).display()),
        None => database.to_owned(),
    }
}

async fn store(provider: &Provider, maker: &Maker<'_>, numbers: std::ops::Range<u64>) -> Result<(), Fault> {
    let people = numbers.map(|number| maker.person(number)).collect::<Result<Vec<_>, _>>()?;
    provider
        .db()
        .write(async |tx| {
            for person in &people {
                person.store(tx).await?;
            }
            Ok::<_, StorageError>(())
        })
        .await?;
    Ok(())
}

/// The answer that everybody gave on the consent page.
async fn terms(provider: &Provider, system: System) -> Result<ConsentTerms, Fault> {
    let scope = systems::OFFLINE_SCOPE.replace(' ', "+");
    let query = format!(
        "response_type=code&client_id={}&redirect_uri={}&scope={scope}&code_challenge_method=S256\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        system.id(),
        systems::REDIRECT_URI,
    );
    let params = RawParams::parse(query.as_bytes(), query.len())?;
    let Received::Begun(interaction) =
        provider.receive(&params, &Place::new(Ipv4Addr::LOCALHOST.into(), 0, None)).await?
    else {
        return Err("the driver's own request is refused".into());
    };
    let offer = Offer::of(&Situation {
        request: &interaction.request,
        received_at: interaction.received_at,
        client: interaction.client(),
        resources: &interaction.resources,
        details: &interaction.details,
        chosen: None,
        session: None,
        named: Named::Nobody,
        device: ForDevice::No,
        consent: None,
        now: provider.now(),
    });
    Ok(ConsentTerms {
        scopes: offer.scopes.clone(),
        offered: offer.claim_names(),
        given: offer.claim_names(),
        resources: offer.agreed_resources(),
        details: Default::default(),
        text_version: offer.text_version.clone(),
        locale: Locale::Vi,
    })
}
