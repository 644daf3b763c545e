//! What came out, as a person reads it.

use std::time::Duration;

use crate::arguments::Mode;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::limits::Limits;
use crate::load::Load;
use crate::server::Server;

/// Prints as it goes.
#[derive(Default)]
pub struct Report {
    hello_cpu: Option<Duration>,
    failed: u64,
}

impl Report {
    /// The bare limits.
    pub fn limits(&mut self, limits: &Option<Limits>) {
        let Some(limits) = limits else { return };
        self.hello_cpu = Some(limits.hello_cpu);
        println!("bare limits");
        println!("  ring ES256 signature       {:>9.1} µs", micros(limits.sign));
        println!("  ring ES256 verification    {:>9.1} µs", micros(limits.verify));
        println!("  fdatasync of a page        {:>9.0} /s", limits.flushes);
        println!("  SQLite durable commit      {:>9.0} /s", limits.commits);
        println!(
            "  axum hello, 64 connections {:>9.0} /s, {:.1} µs of server CPU each",
            limits.hellos,
            micros(limits.hello_cpu)
        );
    }

    /// What is measured.
    pub fn instance(&self, instance: &Instance) {
        println!(
            "\n{}, {} accounts, {} live sessions",
            instance.engine, instance.accounts, instance.sessions
        );
    }

    /// The server before anything was asked of it.
    pub fn started(&self, server: &Server) -> Result<(), Fault> {
        println!(
            "  first answer after {:.0} ms; program {:.1} MiB",
            millis(server.first_answer),
            server.program_size
        );
        println!("  idle: {:.1} MiB resident ({:.1} anonymous)", server.idle.resident, server.idle.anonymous);
        println!(
            "  {:<17} {:>4} {:>9} {:>11} {:>8} {:>8} {:>8} {:>8} {:>9} {:>8}",
            "mode", "at", "per s", "server CPU", "hellos", "driver", "p50", "p99", "resident", "failed"
        );
        Ok(())
    }

    /// One measurement.
    pub fn load(&mut self, mode: Mode, concurrency: usize, load: &Load) {
        self.failed += load.failed;
        let done = u32::try_from(load.done).unwrap_or(u32::MAX).max(1);
        let each = load.server_cpu / done;
        let hellos = self.hello_cpu.map_or(f64::NAN, |hello| each.as_secs_f64() / hello.as_secs_f64());
        println!(
            "  {:<17} {:>4} {:>9.0} {:>8.3} ms {:>8.1} {:>5.2} ms {:>5.1} ms {:>5.1} ms {:>5.1} MiB {:>8}",
            format!("{mode:?}").to_lowercase(),
            concurrency,
            load.done as f64 / load.span.as_secs_f64(),
            millis(each),
            hellos,
            millis(load.driver_cpu / done),
            millis(load.percentile(0.5)),
            millis(load.percentile(0.99)),
            load.memory.resident,
            load.failed,
        );
        if let Some(fault) = &load.first_fault {
            println!("    first fault: {fault}");
        }
    }

    /// The server after it all.
    pub fn memory(&self, server: &Server) -> Result<(), Fault> {
        println!("  at most {:.1} MiB resident", server.memory()?.peak);
        Ok(())
    }

    /// How many flows failed.
    pub const fn failed(&self) -> u64 {
        self.failed
    }
}

fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}
