//! Standard output and standard error, which may have been closed by whoever reads them.

use std::io::{self, Write};
use std::path::Path;

use super::refusal::{Outcome, Refusal};

/// A result, with a newline behind it. A reader that has seen enough (`| head`) is no failure.
pub fn print(text: impl AsRef<str>) -> Outcome {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Refusal::file(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// A word beside the result: what to know, what to do next.
pub fn note(text: impl AsRef<str>) {
    // Nobody is left to be told that nobody listens.
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}

/// Columns as wide as what stands in them.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let head = head.map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let mut widths = [0; N];
    for row in all() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all().map(line).collect::<Vec<_>>().join("\n")
}
