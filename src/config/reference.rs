//! The reference page, made from the same descriptions that reading uses.

use super::load::SECTIONS;
use super::setting::{Secrecy, Section, Setting};

/// `docs/configuration.md`, as it must stand in the repository.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    for section in SECTIONS {
        page.push_str(&section_text(section));
    }
    page
}

const HEAD: &str = "\
<!-- Made from src/config by `KHUE_TEST_UPDATE=1 cargo test --lib configuration_reference`. Do not edit. -->

# Configuration

Everything has a default that works on one machine. What differs goes into `khue.toml` in the folder where `khue` is
started (or into the file that `--config` names), or into the environment; the environment wins. Relative paths start
at the folder of the file.

    [server]
    issuer = \"https://id.example.vn\"

    KHUE_SERVER__ISSUER=https://id.example.vn khue serve

What may hold a password can come from a file: `url_file = \"/run/secrets/database\"`, or
`KHUE_DATABASE__URL_FILE=/run/secrets/database`. Lists are arrays in the file and parted by commas in the environment.
Unknown keys stop the start. `khue config check` names everything that is wrong, with line and remedy.
";

fn section_text(section: &Section) -> String {
    let settings: String = section.settings.iter().map(|setting| setting_text(setting)).collect();
    format!("\n## `[{}]`\n\n{}\n{settings}", section.name, section.about)
}

fn setting_text(setting: &Setting) -> String {
    let default = setting.default.map_or_else(|| "none".into(), |text| format!("`{text}`"));
    let file = match setting.secrecy {
        Secrecy::Open => String::new(),
        Secrecy::Secret => {
            format!("- or from a file: `{0}_file`, `{1}_FILE`\n", setting.name, setting.variable())
        }
    };
    format!(
        "\n### `{}`\n\n{}\n\n- form: {}\n- default: {default}\n- environment: `{}`\n{file}",
        setting.name,
        setting.about,
        setting.form,
        setting.variable(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a switch for whoever changes the reference")]
    fn configuration_reference_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        if std::env::var("KHUE_TEST_UPDATE").is_ok() {
            std::fs::write(file, reference()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(file).unwrap(), reference(), "run the command in its first line");
    }
}
