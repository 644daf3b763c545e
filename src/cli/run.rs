//! From arguments to exit code.

use std::process::ExitCode;

use clap::Parser;

use super::command::CommandLine;
use super::exit::Exit;
use super::output::note;

/// Runs the command that the process was started with.
///
/// Exit codes: 0 done, 1 not done (or something was found), 2 wrong usage or configuration.
pub fn run() -> ExitCode {
    // Ends the process with 2 and its own words where the arguments are wrong.
    let line = CommandLine::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            note(format!("error: no threads to work with: {error}"));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(line.execute()) {
        Ok(exit) => exit.into(),
        Err(refusal) => {
            note(format!("error: {refusal}"));
            refusal.exit.into()
        }
    }
}
