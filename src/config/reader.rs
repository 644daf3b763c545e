//! Takes settings out of the layers, one typed value at a time, and collects what is wrong on the way.

use std::path::{Path, PathBuf};

use super::form::{Form, Wrong};
use super::given::{Given, Layers, Raw};
use super::problem::{Place, Problem};
use super::setting::Setting;
use crate::base::Secret;

/// Reads values. Every method answers `None` after it has reported why.
pub(super) struct Reader<'a> {
    pub layers: &'a Layers,
    pub base: &'a Path,
    pub problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// The value of a setting that has a default.
    pub fn value<T: Form>(&mut self, setting: &'static Setting) -> Option<T> {
        let text = self.text(setting)?;
        self.understand(setting, &text)
    }

    /// The value of a setting that may be left out.
    pub fn optional<T: Form>(&mut self, setting: &'static Setting) -> Option<Option<T>> {
        if self.layers.get(setting).is_none() && setting.default.is_none() {
            return Some(None);
        }
        self.value(setting).map(Some)
    }

    /// The values of a list: an array in the file, commas in the environment.
    pub fn list<T: Form>(&mut self, setting: &'static Setting) -> Option<Vec<T>> {
        let texts = match self.layers.get(setting).map(|given| given.raw.clone()) {
            Some(Raw::Many(texts)) => texts,
            Some(Raw::One(text)) => {
                text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Into::into).collect()
            }
            None => Vec::new(),
        };
        let values: Vec<T> = texts.iter().filter_map(|text| self.understand(setting, text)).collect();
        (values.len() == texts.len()).then_some(values)
    }

    /// A path; relative ones start at the folder of the file.
    pub fn path(&mut self, setting: &'static Setting) -> Option<PathBuf> {
        self.value::<String>(setting).map(|path| self.base.join(path))
    }

    /// A value that may hold a password: as it stands, or out of the file that `<name>_file` names.
    pub fn secret(&mut self, setting: &'static Setting) -> Option<Option<Secret<String>>> {
        if self.layers.get(setting).is_none() && setting.default.is_none() {
            return Some(None);
        }
        let text = self.text(setting)?;
        if !self.layers.get(setting).is_some_and(|given| given.by_file) {
            return self.understand::<String>(setting, &text).map(|text| Some(Secret::new(text)));
        }
        match std::fs::read_to_string(self.base.join(&text)) {
            Ok(held) => self.understand::<String>(setting, &held).map(|held| Some(Secret::new(held))),
            Err(error) => {
                let wrong = Wrong::new(
                    format!("its file {text} cannot be read: {error}"),
                    "create the file, or let the user that runs khue read it",
                );
                self.report(setting, wrong);
                None
            }
        }
    }

    /// Reports that `setting` is wrong, at the place where it was given.
    pub fn report(&mut self, setting: &Setting, wrong: Wrong) {
        self.problems.push(Problem {
            place: self.layers.get(setting).map_or(Place::Default, |given| given.place.clone()),
            subject: setting.path(),
            what: wrong.what,
            remedy: wrong.remedy,
        });
    }

    fn text(&mut self, setting: &'static Setting) -> Option<String> {
        let many = || Wrong::new("is a list, where one value belongs", format!("write {}", setting.form));
        match self.layers.get(setting) {
            Some(Given { raw: Raw::One(text), .. }) => Some(text.clone()),
            Some(Given { raw: Raw::Many(_), .. }) => {
                self.report(setting, many());
                None
            }
            None => setting.default.map(str::to_owned).or_else(|| {
                self.report(setting, Wrong::new("is missing", format!("write {}", setting.form)));
                None
            }),
        }
    }

    fn understand<T: Form>(&mut self, setting: &'static Setting, text: &str) -> Option<T> {
        T::read(text).map_err(|wrong| self.report(setting, wrong)).ok()
    }
}
