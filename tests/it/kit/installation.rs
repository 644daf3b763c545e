//! The real program, on a folder of its own: started, killed, started again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use khue::app::{Instance, Surroundings};
use khue::base::{SystemClock, SystemEntropy};
use khue::config::{Config, Purpose, Sources};
use khue::crypto::{MasterKeyKind, MasterKeys};
use khue::domain::client::Registration;
use khue::storage::Engine;
use tokio::sync::oneshot;

use super::app::ISSUER;
use super::{Browser, RelyingParty, Wire};
use crate::storage::engines::{self, FreshDb};

/// How long the program may take to start or to stop before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with all that `khue serve` needs, fit for production.
pub struct Installation {
    folder: tempfile::TempDir,
    database: Option<FreshDb>,
}

/// The program at work.
pub struct Node {
    pub address: SocketAddr,
    /// Where metrics are served, if they are.
    pub metrics: Option<SocketAddr>,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Installation {
    /// A fresh one, with `more` in its configuration.
    pub async fn new(engine: Engine, more: &str) -> Self {
        Self::of(engine, MasterKeyKind::Production, "", more).await
    }

    /// A fresh one in which systems on this machine may be called.
    pub async fn sandbox(engine: Engine) -> Self {
        Self::of(engine, MasterKeyKind::Development, "mode = \"demo\"\nsandbox = true\n", "").await
    }

    async fn of(engine: Engine, key: MasterKeyKind, server: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (url, database) = match engine {
            Engine::Sqlite => ("sqlite:khue.db".to_owned(), None),
            Engine::Postgres => {
                let fresh = engines::postgres().await;
                (fresh.url.clone(), Some(fresh))
            }
        };
        MasterKeys::generate(key, &SystemEntropy::new())
            .create_file(&folder.path().join("master.key"))
            .unwrap();
        let configuration = format!(
            "[server]\nissuer = \"{ISSUER}\"\nlisten = \"127.0.0.1:0\"\n{server}[database]\nurl = \"{url}\"\n\
             [keys]\nmaster_key_file = \"master.key\"\n{more}"
        );
        fs::write(folder.path().join("khue.toml"), configuration).unwrap();
        Self { folder, database }
    }

    /// Where everything lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database's address, from anywhere.
    pub fn database_url(&self) -> String {
        let file = self.folder.path().join("khue.db");
        self.database
            .as_ref()
            .map_or_else(|| format!("sqlite:{}", file.display()), |database| database.url.clone())
    }

    /// The instance within this process: to prepare what a run needs, or to look at what it left.
    pub async fn open(&self) -> Instance {
        let config = Config::load(&Sources::of_folder(self.folder.path(), Purpose::Command)).unwrap();
        let surroundings =
            Surroundings { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::new()) };
        Instance::open(config, &surroundings).await.unwrap()
    }

    /// Registers a system, as a command beside the server would. `node` speaks for it when it runs.
    pub async fn register(&self, registration: Registration) -> (Registration, Option<String>) {
        let instance = self.open().await;
        let secret = RelyingParty::apply(&instance, &registration).await;
        (registration, secret)
    }

    /// Runs a command on it.
    pub fn khue(&self, arguments: &[&str]) -> Output {
        Command::new(program()).current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    /// Starts it, and waits until it serves.
    pub async fn start(&self) -> Node {
        self.start_with(&[]).await
    }

    /// Starts it with these environment variables, and waits until it serves.
    pub async fn start_with(&self, variables: &[(&str, &str)]) -> Node {
        let mut child = Command::new(program())
            .current_dir(self.folder.path())
            .arg("serve")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (serving, served) = oneshot::channel();
        let lines = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn({
            let log = Arc::clone(&log);
            move || keep_log(lines, &log, serving)
        });
        match tokio::time::timeout(PATIENCE, served).await {
            Ok(Ok((address, metrics))) => Node { address, metrics, child, log },
            ended => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("khue serve did not start ({ended:?}): {}", log.lock().unwrap());
            }
        }
    }
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_khue"))
}

/// Keeps what the program logs, and tells once where it serves. Ends when the program does.
fn keep_log(
    lines: impl BufRead,
    log: &Mutex<String>,
    serving: oneshot::Sender<(SocketAddr, Option<SocketAddr>)>,
) {
    let (mut serving, mut metrics) = (Some(serving), None);
    for line in lines.lines().map_while(Result::ok) {
        if line.contains("serving metrics") {
            metrics = listened_on(&line);
        } else if line.contains("serving")
            && let Some(address) = listened_on(&line)
            && let Some(serving) = serving.take()
        {
            let _ = serving.send((address, metrics));
        }
        let mut log = log.lock().unwrap();
        log.push_str(&line);
        log.push('\n');
    }
}

/// The `listen` field of a line, human or JSON.
fn listened_on(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("listen=").or_else(|| line.split_once("\"listen\":\""))?;
    rest.split([' ', '"']).next()?.parse().ok()
}

impl Node {
    /// The way to it.
    pub fn wire(&self) -> Wire {
        Wire::to(self.address)
    }

    /// A browser that nobody used before.
    pub fn browser(&self) -> Browser {
        Browser::new(self.wire())
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a word: SIGKILL.
    pub async fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.ended().await;
        self.log()
    }

    /// Asks it to stop: SIGTERM. The listener closes at once, what is under way is finished.
    pub fn ask_to_stop(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("it ends")
    }

    /// Asks it to stop and waits: its exit code and all that it logged.
    pub async fn stop(mut self) -> (ExitStatus, String) {
        self.ask_to_stop();
        (self.ended().await, self.log())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
