//! The server under load: the real program, in a process of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use khue::telemetry::Stopwatch;

use crate::connection::Connection;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::process::{self, Memory};

const PROGRAM: &str = env!("CARGO_BIN_EXE_khue");
/// How long a server may take to start before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server. Dropped, it is gone.
pub struct Server {
    child: Child,
    /// From the start of the process to its first answer.
    pub first_answer: Duration,
    /// Memory before anything was asked of it.
    pub idle: Memory,
    /// The size of the program, in MiB.
    pub program_size: f64,
}

/// Starts the server of `instance` and waits until it answers.
pub async fn start(instance: &Instance) -> Result<Server, Fault> {
    let mut serve = Command::new(PROGRAM);
    serve.arg("serve").current_dir(&instance.folder);
    let (child, first_answer) =
        answering(serve, instance.address, "/jwks", Some(&instance.folder.join("log"))).await?;
    // The jobs have had their first turn by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = process::memory(child.id())?;
    let program_size = std::fs::metadata(PROGRAM)?.len() as f64 / 1024.0 / 1024.0;
    Ok(Server { child, first_answer, idle, program_size })
}

/// Starts `command`, which listens at `address`, and waits for its first answer at `path`.
pub async fn answering(
    mut command: Command,
    address: SocketAddr,
    path: &str,
    log: Option<&Path>,
) -> Result<(Child, Duration), Fault> {
    // Log lines are written as in earnest, to a file.
    match log {
        Some(log) => command.stderr(std::fs::File::create(log)?),
        None => command.stderr(Stdio::null()),
    };
    let watch = Stopwatch::start();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    loop {
        if is_answering(address, path).await {
            return Ok((child, watch.elapsed()));
        }
        if let Some(status) = child.try_wait()? {
            return Err(format!("the server ended before it answered: {status}; see {log:?}").into());
        }
        if watch.elapsed() > PATIENCE {
            child.kill()?;
            return Err("the server does not answer".into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn is_answering(address: SocketAddr, path: &str) -> bool {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    match Connection::open(address).await {
        Ok(mut connection) => {
            connection.exchange(request.as_bytes()).await.is_ok_and(|answer| answer.status == 200)
        }
        Err(_) => false,
    }
}

impl Server {
    /// Processor time so far.
    pub fn cpu(&self) -> Result<Duration, Fault> {
        process::cpu(self.child.id())
    }

    /// Memory now.
    pub fn memory(&self) -> Result<Memory, Fault> {
        process::memory(self.child.id())
    }

    /// Ends it as a supervisor would.
    pub async fn stop(mut self) -> Result<(), Fault> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let watch = Stopwatch::start();
        while self.child.try_wait()?.is_none() {
            if watch.elapsed() > PATIENCE {
                return Err("the server did not stop".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
