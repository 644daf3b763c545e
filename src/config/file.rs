//! Reads the TOML file: every value with its line, every fault in one go.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::given::{Given, Raw, find, unknown_key};
use super::problem::{Place, Problem};
use super::setting::{Section, Setting};
use super::suggestion;

/// The settings that `file` gives.
pub(super) fn read(
    file: &Path,
    sections: &[&'static Section],
    problems: &mut Vec<Problem>,
) -> Vec<(&'static Setting, Given)> {
    match std::fs::read_to_string(file) {
        Ok(text) => Reading { file, text: &text, problems }.sections(sections),
        Err(error) => {
            problems.push(Problem {
                place: Place::File(file.to_path_buf()),
                subject: "configuration file".into(),
                what: format!("cannot be read: {error}"),
                remedy: "name a readable file with --config, or leave the option out".into(),
            });
            Vec::new()
        }
    }
}

struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn sections(&mut self, sections: &[&'static Section]) -> Vec<(&'static Setting, Given)> {
        let (table, faults) = DeTable::parse_recoverable(self.text);
        for fault in &faults {
            self.report(
                fault.span(),
                "syntax",
                fault.message(),
                "see https://toml.io for how values are written",
            );
        }
        let mut found = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref().as_ref();
            match (sections.iter().find(|section| section.name == name), value.get_ref()) {
                (Some(section), DeValue::Table(entries)) => self.entries(section, entries, &mut found),
                (Some(section), _) => self.report(
                    Some(key.span()),
                    name,
                    "is a section, not a value",
                    &format!("write [{}] on a line of its own, and its settings below", section.name),
                ),
                (None, _) => {
                    let known: Vec<String> = sections.iter().map(|section| section.name.to_owned()).collect();
                    self.report(Some(key.span()), name, "unknown section", &suggestion::remedy(name, &known));
                }
            }
        }
        found
    }

    fn entries(
        &mut self,
        section: &Section,
        entries: &DeTable<'_>,
        found: &mut Vec<(&'static Setting, Given)>,
    ) {
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            let place = Place::Line(self.file.to_path_buf(), self.line(key.span().start));
            match (find(section, name), raw(value)) {
                (None, _) => self.problems.push(unknown_key(section, name, place)),
                (Some((setting, by_file)), Some(raw)) => found.push((setting, Given { raw, place, by_file })),
                (Some((setting, _)), None) => {
                    let what =
                        format!("is of type {}, where {} belongs", value.get_ref().type_str(), setting.form);
                    self.report(
                        Some(value.span()),
                        &setting.path(),
                        &what,
                        &format!("write {}", setting.form),
                    );
                }
            }
        }
    }

    fn report(&mut self, span: Option<Range<usize>>, subject: &str, what: &str, remedy: &str) {
        let file = self.file.to_path_buf();
        self.problems.push(Problem {
            place: span.map_or_else(
                || Place::File(file.clone()),
                |span| Place::Line(file.clone(), self.line(span.start)),
            ),
            subject: subject.into(),
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
    }
}

/// The text of a value; `None` for what no setting takes (tables, dates, lists of lists).
fn raw(value: &Spanned<DeValue<'_>>) -> Option<Raw> {
    match value.get_ref() {
        DeValue::Array(items) => {
            items.iter().map(|item| scalar(item.get_ref())).collect::<Option<_>>().map(Raw::Many)
        }
        single => scalar(single).map(Raw::One),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
