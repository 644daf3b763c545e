//! The real router on a fresh database, with a clock that stands still until it is moved.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use khue::app::{Instance, Surroundings};
use khue::base::{MovableClock, SeededEntropy, Timestamp};
use khue::config::{Config, Purpose, Sources};
use khue::crypto::{MasterKeyKind, MasterKeys};
use khue::domain::client::Registration;
use khue::storage::Engine;
use tower::ServiceExt;

use super::{Browser, Line, RelyingParty};
use crate::parts;
use crate::storage::engines;

/// The issuer of every test instance.
pub const ISSUER: &str = "https://id.example.vn";
/// When every test begins.
const BEGINNING: Timestamp = Timestamp::from_seconds(1_795_420_800); // 2026-11-23T08:00:00Z

/// A running instance without listeners.
pub struct TestApp {
    pub instance: Arc<Instance>,
    pub clock: MovableClock,
    /// What lies between it and PostgreSQL, and Redis, where that was asked for.
    pub lines: Option<Lines>,
    router: Router,
    database: Arc<engines::FreshDb>,
    folder: Arc<tempfile::TempDir>,
}

/// What a test can cut.
pub struct Lines {
    pub postgres: Line,
    pub redis: Line,
}

/// What a test may want otherwise.
#[derive(Clone)]
pub struct TestAppBuilder {
    engine: Engine,
    redis: bool,
    lines: bool,
    seed: u64,
    shared: Option<(Arc<engines::FreshDb>, Arc<tempfile::TempDir>, MovableClock)>,
    settings: Vec<(&'static str, String)>,
}

impl TestApp {
    /// SQLite, everything in process.
    pub async fn start() -> Self {
        Self::builder().build().await
    }

    /// With something else.
    pub fn builder() -> TestAppBuilder {
        TestAppBuilder {
            engine: Engine::Sqlite,
            redis: false,
            lines: false,
            seed: 7,
            shared: None,
            settings: Vec::new(),
        }
    }

    /// The same test on both engines, the second one with Redis beside it.
    pub async fn on_both() -> [Self; 2] {
        [Self::start().await, Self::builder().engine(Engine::Postgres).redis().build().await]
    }

    /// PostgreSQL and Redis at the end of lines that can be cut.
    pub async fn on_lines() -> Self {
        Self::builder().on_lines().build().await
    }

    /// Two nodes on one PostgreSQL and one Redis.
    pub async fn two_nodes() -> [Self; 2] {
        Self::builder().two_nodes().await
    }

    /// Which engine it stores on.
    pub fn engine(&self) -> Engine {
        self.database.db.engine()
    }

    /// The address of the database.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// The first column of what `sql` finds, as texts. On SQLite.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        let pool = sqlx::SqlitePool::connect(&self.database.url).await.unwrap();
        let found = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap();
        pool.close().await;
        found
    }

    /// The router, for several senders at once.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A browser that nobody used before.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Registers a system and speaks for it.
    pub async fn relying_party(&self, registration: Registration) -> RelyingParty {
        RelyingParty::register(self, registration).await
    }

    /// Moves the time, and lets the caches catch up as the jobs would.
    pub async fn advance(&self, span: Duration) {
        self.clock.advance(span);
        self.instance.provider.refresh_caches().await.unwrap();
    }
}

/// Sends a request to `router` from a place on the documentation network.
pub async fn send(router: &Router, mut request: Request<Body>) -> Response<bytes::Bytes> {
    let peer: SocketAddr = "192.0.2.7:40123".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

impl TestAppBuilder {
    /// On another engine.
    pub fn engine(self, engine: Engine) -> Self {
        Self { engine, ..self }
    }

    /// On PostgreSQL and Redis, at the end of lines that can be cut.
    pub fn on_lines(self) -> Self {
        Self { engine: Engine::Postgres, redis: true, lines: true, ..self }
    }

    /// With Redis as the short-lived store.
    pub fn redis(self) -> Self {
        Self { redis: true, ..self }
    }

    /// With another setting.
    pub fn with(mut self, path: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((path, value.into()));
        self
    }

    /// Starts two nodes on one PostgreSQL and one Redis.
    pub async fn two_nodes(self) -> [TestApp; 2] {
        let builder = self.engine(Engine::Postgres).redis();
        let first = builder.clone().build().await;
        let shared = Some((Arc::clone(&first.database), Arc::clone(&first.folder), first.clock.clone()));
        let second = TestAppBuilder { seed: 8, shared, ..builder }.build().await;
        [first, second]
    }

    /// Starts it.
    pub async fn build(self) -> TestApp {
        let (database, folder, clock) = match self.shared {
            Some(shared) => shared,
            None => {
                let database = match self.engine {
                    Engine::Sqlite => engines::sqlite().await,
                    Engine::Postgres => engines::postgres().await,
                };
                let folder = tempfile::tempdir().unwrap();
                (Arc::new(database), Arc::new(folder), MovableClock::at(BEGINNING))
            }
        };
        let lines = match self.lines {
            true => Some(Lines {
                postgres: line_to(&database.url).await,
                redis: line_to(&parts::redis_url()).await,
            }),
            false => None,
        };
        let through = |url: &str, line: fn(&Lines) -> &Line| {
            lines.as_ref().map_or_else(|| url.to_owned(), |lines| redirected(url, line(lines)))
        };
        let url = through(&database.url, |lines| &lines.postgres);
        let mut sources = Sources::of_folder(folder.path(), Purpose::Command).with("database.url", url);
        if self.settings.iter().all(|(path, _)| *path != "server.issuer") {
            sources = sources.with("server.issuer", ISSUER);
        }
        if self.redis {
            let prefix = format!("{}:", folder.path().display());
            let url = through(&parts::redis_url(), |lines| &lines.redis);
            sources = sources.with("shortlived.url", url).with("shortlived.key_prefix", prefix);
        }
        for (path, value) in self.settings {
            sources = sources.with(path, value);
        }
        let config = Config::load(&sources).unwrap();
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), entropy: Arc::new(SeededEntropy::new(self.seed)) };
        let master = MasterKeys::generate(MasterKeyKind::Production, &SeededEntropy::new(1));
        let instance = Instance::open_with(config, master, &surroundings).await.unwrap();
        let router = instance.router(&surroundings);
        TestApp { instance: Arc::new(instance), clock, lines, router, database, folder }
    }
}

async fn line_to(url: &str) -> Line {
    let url = url::Url::parse(url).unwrap();
    let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    Line::to(address.parse().unwrap()).await
}

fn redirected(url: &str, line: &Line) -> String {
    let mut url = url::Url::parse(url).unwrap();
    url.set_port(Some(line.address.port())).unwrap();
    url.into()
}
