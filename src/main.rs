//! The `khue` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request is many small pieces on many threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    khue::cli::run()
}
