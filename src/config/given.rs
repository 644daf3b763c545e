//! What was given, from whichever source, before it is understood.

use std::collections::BTreeMap;

use super::problem::{Place, Problem};
use super::setting::{Section, Setting};
use super::suggestion;

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// One value.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub raw: Raw,
    pub place: Place,
    /// Whether the value is the name of a file that holds the secret.
    pub by_file: bool,
}

/// Everything that was given, keyed by `section.name`. Later layers replace earlier ones.
#[derive(Debug, Default)]
pub(super) struct Layers {
    given: BTreeMap<String, Given>,
}

impl Layers {
    /// Lays one layer over those below. A secret given both ways within one layer is a contradiction.
    pub fn lay(&mut self, layer: Vec<(&'static Setting, Given)>, problems: &mut Vec<Problem>) {
        let mut fresh: BTreeMap<String, Given> = BTreeMap::new();
        for (setting, given) in layer {
            let path = setting.path();
            if let Some(other) = fresh.get(&path) {
                problems.push(Problem {
                    what: format!("is given twice: here and at {}", other.place),
                    remedy: "keep one of the two".into(),
                    place: given.place.clone(),
                    subject: path.clone(),
                });
            }
            fresh.insert(path, given);
        }
        self.given.extend(fresh);
    }

    /// What was given for `setting`.
    pub fn get(&self, setting: &Setting) -> Option<&Given> {
        self.given.get(&setting.path())
    }
}

/// The setting that `name` stands for in `section`, and whether it is the form that names a file.
pub(super) fn find(section: &Section, name: &str) -> Option<(&'static Setting, bool)> {
    section.settings.iter().find_map(|setting| {
        let by_file = setting.file_name().is_some_and(|file_name| file_name == name);
        (setting.name == name || by_file).then_some((*setting, by_file))
    })
}

/// The problem of a key that nobody knows.
pub(super) fn unknown_key(section: &Section, name: &str, place: Place) -> Problem {
    let known: Vec<String> = section
        .settings
        .iter()
        .flat_map(|setting| [Some(setting.name.to_owned()), setting.file_name()])
        .flatten()
        .collect();
    Problem {
        place,
        subject: format!("{}.{name}", section.name),
        what: "unknown setting".into(),
        remedy: suggestion::remedy(name, &known),
    }
}
