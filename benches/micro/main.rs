//! What the hot paths cost, each beside the bare limit that it is measured against.

mod sealing;
mod signing;

fn main() {
    divan::main();
}
