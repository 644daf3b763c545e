//! What to measure.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Drives whole flows against a server of its own and tells what they cost.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// How many accounts there are; several numbers make a run for each.
    #[arg(long, value_delimiter = ',', default_value = "1000")]
    pub accounts: Vec<u64>,
    /// How many live sessions each account has.
    #[arg(long, default_value_t = 1)]
    pub sessions: u64,
    /// How many flows are under way at once; several numbers make a measurement for each.
    #[arg(long, value_delimiter = ',', default_value = "16,64")]
    pub concurrency: Vec<usize>,
    /// How long one measurement takes, in seconds.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// What is driven.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "flows,pushed,bound,refresh,client-credentials,introspect,userinfo,jwks,discovery"
    )]
    pub modes: Vec<Mode>,
    /// A PostgreSQL server, by a URL of a database whose user may create others. Left out: SQLite.
    #[arg(long)]
    pub postgres: Option<String>,
    /// Where instances are kept, to be used again by the next run. Left out: a folder that goes away.
    #[arg(long)]
    pub keep: Option<PathBuf>,
    /// Leaves the bare limits out.
    #[arg(long)]
    pub no_limits: bool,
    /// Serves "hello" on this port and nothing else: the process whose bare cost is measured.
    #[arg(long, hide = true)]
    pub hello: Option<u16>,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// What is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Authorize with a live session, redeem the code, ask userinfo.
    Flows,
    /// The same, with a request that was pushed first.
    Pushed,
    /// The same, by a system with keys: `private_key_jwt`, tokens bound by DPoP.
    Bound,
    /// Refresh, over and over.
    Refresh,
    /// A token that a system is given for itself.
    ClientCredentials,
    /// A resource asks about a token.
    Introspect,
    /// Userinfo alone.
    Userinfo,
    /// The keys alone.
    Jwks,
    /// The discovery document alone.
    Discovery,
}
