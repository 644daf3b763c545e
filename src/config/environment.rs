//! Reads the environment: `KHUE_SERVER__LISTEN`, and `KHUE_DATABASE__URL_FILE` for secrets.

use super::given::{Given, Raw, find};
use super::problem::{Place, Problem};
use super::setting::{Section, Setting, variable};
use super::suggestion;

/// The settings that `variables` give. Two underscores part section and name; what has none is not ours, unless
/// it is one of ours with an underscore forgotten.
pub(super) fn read(
    variables: &[(String, String)],
    sections: &[&'static Section],
    problems: &mut Vec<Problem>,
) -> Vec<(&'static Setting, Given)> {
    let mut found = Vec::new();
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix("KHUE_") else { continue };
        let place = Place::Variable(name.clone());
        match known(rest, sections) {
            Some((setting, by_file)) => {
                found.push((setting, Given { raw: Raw::One(value.clone()), place, by_file }));
            }
            None if rest.contains("__") || forgot_an_underscore(rest, sections) => problems.push(Problem {
                place,
                subject: name.clone(),
                what: "unknown setting".into(),
                remedy: suggestion::remedy(name, &all(sections)),
            }),
            None => {}
        }
    }
    found
}

/// The settings that the command's own options give.
pub(super) fn read_options(
    options: &[(&'static str, String)],
    sections: &[&'static Section],
    problems: &mut Vec<Problem>,
) -> Vec<(&'static Setting, Given)> {
    let mut found = Vec::new();
    for (path, value) in options {
        let setting = path.split_once('.').and_then(|(section, name)| {
            sections.iter().find(|known| known.name == section).and_then(|section| find(section, name))
        });
        match setting {
            Some((setting, by_file)) => {
                found.push((setting, Given { raw: Raw::One(value.clone()), place: Place::Command, by_file }));
            }
            None => problems.push(Problem {
                place: Place::Command,
                subject: (*path).into(),
                what: "unknown setting".into(),
                remedy: "see docs/configuration.md".into(),
            }),
        }
    }
    found
}

fn known(rest: &str, sections: &[&'static Section]) -> Option<(&'static Setting, bool)> {
    let (section, name) = rest.split_once("__")?;
    let section = sections.iter().find(|known| known.name.eq_ignore_ascii_case(section))?;
    find(section, &name.to_lowercase())
}

fn forgot_an_underscore(rest: &str, sections: &[&'static Section]) -> bool {
    let flat = |name: &str| name.replace("__", "_");
    all(sections).iter().any(|known| flat(known) == flat(&format!("KHUE_{rest}")))
}

fn all(sections: &[&'static Section]) -> Vec<String> {
    let settings = sections.iter().flat_map(|section| section.settings.iter());
    settings
        .flat_map(|setting| {
            [Some(setting.variable()), setting.file_name().map(|name| variable(setting.section, &name))]
        })
        .flatten()
        .collect()
}
