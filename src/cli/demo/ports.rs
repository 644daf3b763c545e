//! The three ports of a demo, next to each other.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::TcpListener;

use crate::cli::listening;
use crate::cli::refusal::{Outcome, Refusal};

/// Listeners, taken together.
pub struct Ports {
    pub khue: TcpListener,
    pub portal: TcpListener,
    pub office: TcpListener,
}

impl Ports {
    /// Takes `port` and the two behind it, on this machine alone.
    pub fn take(port: u16, settled: bool) -> Outcome<Self> {
        let take = |port| listening::take((Ipv4Addr::LOCALHOST, port).into());
        let taken = |port| take(port).map_err(|error| refused(port, settled, &error));
        Ok(Self { khue: taken(port)?, portal: taken(port + 1)?, office: taken(port + 2)? })
    }
}

fn refused(port: u16, settled: bool, error: &io::Error) -> Refusal {
    let other =
        if settled { "khue demo --folder khue-data-9080 --port 9080" } else { "khue demo --port 9080" };
    let what = match error.kind() {
        io::ErrorKind::AddrInUse => format!("port {port} is in use, perhaps by another demo"),
        _ => format!("port {port} cannot be listened on: {error}"),
    };
    Refusal::failed(what, format!("stop what uses it, or take other ports: {other}"))
}
