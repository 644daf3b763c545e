//! Every page in both languages, looked at as a browser, a screen reader and a proof-reader would.

mod markup;
mod pages;
mod samples;
mod wording;
