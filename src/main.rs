//! The `khue` command.

fn main() {}
