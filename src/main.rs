//! The `khue` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    khue::cli::run()
}
