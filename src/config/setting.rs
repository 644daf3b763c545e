//! What can be set: the one description that reading, suggestions and the reference page share.

/// One setting: what it is called, what may stand there, and what holds where nothing does.
#[derive(Debug)]
pub struct Setting {
    /// The section of the file.
    pub section: &'static str,
    /// The key within the section.
    pub name: &'static str,
    /// What may stand there, for the reference and for remedies ("a number", "a list of networks").
    pub form: &'static str,
    /// What holds where nothing is given, in the text that an environment variable would carry.
    pub default: Option<&'static str>,
    /// Whether the value may also be given as a file that holds it.
    pub secrecy: Secrecy,
    /// What it does and when to change it.
    pub about: &'static str,
}

/// Whether a setting may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing to hide.
    Open,
    /// Never shown; `<name>_file` names a file that holds the value.
    Secret,
}

/// One section of the file.
#[derive(Debug)]
pub struct Section {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its settings, in the order of the reference.
    pub settings: &'static [&'static Setting],
}

impl Setting {
    /// A setting that may be left out and hides nothing.
    pub(super) const fn new(
        section: &'static str,
        name: &'static str,
        form: &'static str,
        about: &'static str,
    ) -> Self {
        Self { section, name, form, default: None, secrecy: Secrecy::Open, about }
    }

    /// With what holds where nothing is given.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// With a value that may hold a password.
    pub(super) const fn secret(self) -> Self {
        Self { secrecy: Secrecy::Secret, ..self }
    }

    /// The name of the file form, where there is one.
    pub fn file_name(&self) -> Option<String> {
        (self.secrecy == Secrecy::Secret).then(|| format!("{}_file", self.name))
    }

    /// `section.name`, as errors name it.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The environment variable.
    pub fn variable(&self) -> String {
        variable(self.section, self.name)
    }
}

/// The environment variable of `name` in `section`: `KHUE_SERVER__LISTEN`.
pub(super) fn variable(section: &str, name: &str) -> String {
    format!("KHUE_{}__{}", section.to_uppercase(), name.to_uppercase())
}
