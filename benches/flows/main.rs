//! Whole flows against a real server: what one costs in processor time, how many there are in a second, how long they take.
//!
//! `cargo bench --bench flows -- --help`. docs/performance.md says what to look at.

mod arguments;
mod caller;
mod connection;
mod copies;
mod fault;
mod flow;
mod id_token;
mod instance;
mod limits;
mod load;
mod people;
mod process;
mod report;
mod request;
mod server;
mod signer;
mod systems;
mod worker;

use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser;
use fault::Fault;
use report::Report;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One thread: the driver shall take as little from the server as it can.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map_err(Fault::from).and_then(|runtime| runtime.block_on(run(&arguments)));
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            eprintln!("{failed} flows failed");
            ExitCode::FAILURE
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// How many flows failed.
async fn run(arguments: &Arguments) -> Result<u64, Fault> {
    if let Some(port) = arguments.hello {
        return limits::serve_hello(port).await.map(|()| 0);
    }
    let mut report = Report::default();
    report.limits(&limits::measure(arguments).await?);
    for accounts in &arguments.accounts {
        let instance = instance::prepare(arguments, *accounts).await?;
        report.instance(&instance);
        let server = server::start(&instance).await?;
        report.started(&server)?;
        for mode in &arguments.modes {
            for concurrency in &arguments.concurrency {
                let load = load::run(&instance, &server, *mode, *concurrency, arguments).await?;
                report.load(*mode, *concurrency, &load);
            }
        }
        report.memory(&server)?;
        server.stop().await?;
    }
    Ok(report.failed())
}
