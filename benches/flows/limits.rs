//! The bare limits of this machine in this hour: what nothing built on it can beat.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use khue::telemetry::Stopwatch;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};

use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::fault::Fault;
use crate::instance::free_address;
use crate::{process, server};

/// How long each is measured.
const SPAN: Duration = Duration::from_secs(2);
/// How many connections ask for "hello".
const CONCURRENCY: usize = 64;

/// What was measured.
#[derive(Default)]
pub struct Limits {
    /// One ES256 signature.
    pub sign: Duration,
    /// One ES256 verification.
    pub verify: Duration,
    /// `fdatasync` of one written page, per second.
    pub flushes: f64,
    /// Durable commits of one SQLite row, per second.
    pub commits: f64,
    /// "hello" over kept-alive connections, per second.
    pub hellos: f64,
    /// What one costs its server in processor time.
    pub hello_cpu: Duration,
}

/// Measures them.
pub async fn measure(arguments: &Arguments) -> Result<Option<Limits>, Fault> {
    if arguments.no_limits {
        return Ok(None);
    }
    let folder = match &arguments.keep {
        Some(keep) => {
            std::fs::create_dir_all(keep)?;
            tempfile::tempdir_in(keep)?
        }
        None => tempfile::tempdir()?,
    };
    let (sign, verify) = signatures()?;
    let flushes = flushes(folder.path())?;
    let commits = sqlite(folder.path())?;
    let (hellos, hello_cpu) = hellos().await?;
    Ok(Some(Limits { sign, verify, flushes, commits, hellos, hello_cpu }))
}

fn signatures() -> Result<(Duration, Duration), Fault> {
    #[expect(clippy::disallowed_methods, reason = "ring alone is measured")]
    let random = SystemRandom::new();
    let pkcs8 =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| "ring")?;
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random)
        .map_err(|_| "ring")?;
    let message = [7; 500];
    let signature = key.sign(&random, &message).map_err(|_| "ring")?;
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key());
    let sign = each(|| key.sign(&random, &message).map(drop).map_err(|_| "ring".into()))?;
    let verify = each(|| public.verify(&message, signature.as_ref()).map_err(|_| "ring".into()))?;
    Ok((sign, verify))
}

fn each(mut once: impl FnMut() -> Result<(), Fault>) -> Result<Duration, Fault> {
    let watch = Stopwatch::start();
    let mut count = 0;
    while watch.elapsed() < SPAN / 4 {
        once()?;
        count += 1;
    }
    Ok(watch.elapsed() / count)
}

fn flushes(folder: &std::path::Path) -> Result<f64, Fault> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(folder.join("page"))?;
    file.write_all(&[0; 4096])?;
    let each = each(|| {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&[1; 4096])?;
        Ok(file.sync_data()?)
    })?;
    Ok(1.0 / each.as_secs_f64())
}

fn sqlite(folder: &std::path::Path) -> Result<f64, Fault> {
    let database = rusqlite::Connection::open(folder.join("bare.db"))?;
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    database.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")?;
    let mut insert = database.prepare("INSERT INTO row (text) VALUES ('hello')")?;
    let each = each(|| Ok(insert.execute(()).map(drop)?))?;
    Ok(1.0 / each.as_secs_f64())
}

async fn hellos() -> Result<(f64, Duration), Fault> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--hello", &address.port().to_string()]);
    let (mut child, _) = server::answering(command, address, "/", None).await?;
    let outcome = ask_hello(address, child.id()).await;
    child.kill()?;
    child.wait()?;
    outcome
}

async fn ask_hello(address: SocketAddr, pid: u32) -> Result<(f64, Duration), Fault> {
    let before = process::cpu(pid)?;
    let watch = Stopwatch::start();
    let askers: Vec<_> = (0..CONCURRENCY).map(|_| tokio::spawn(ask(address, watch))).collect();
    let mut count = 0;
    for asker in askers {
        count += asker.await??;
    }
    let span = watch.elapsed();
    Ok((f64::from(count) / span.as_secs_f64(), process::cpu(pid)?.saturating_sub(before) / count))
}

async fn ask(address: SocketAddr, watch: Stopwatch) -> Result<u32, Fault> {
    let mut connection = Connection::open(address).await?;
    let mut count = 0;
    while watch.elapsed() < SPAN {
        connection.exchange(b"GET / HTTP/1.1\r\nhost: hello\r\n\r\n").await?.expect(200)?;
        count += 1;
    }
    Ok(count)
}

/// Serves "hello", through the listener of the product and nothing else of it.
pub async fn serve_hello(port: u16) -> Result<(), Fault> {
    let router = Router::new().route("/", get(|| async { "hello" }));
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            khue::http::serve(
                listener,
                khue::http::Listening::Plain,
                router,
                std::future::pending(),
                Duration::ZERO,
            )
            .await;
            Ok::<_, Fault>(())
        })
    });
    serving.join().map_err(|_| "the server of hello broke down")?
}
