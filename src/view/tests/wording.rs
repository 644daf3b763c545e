//! The words: both languages whole, nothing unused, nothing missing, and the rules of DOMAIN's glossary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::markup::read;
use super::samples::samples;
use crate::protocol::Locale;
use crate::view::texts::{EN, VI};
use crate::view::{PasskeyTrouble, Trouble};

/// Key (or `key.attribute`) to text, as the files have it.
fn messages(files: &[&str]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut key = String::new();
    for line in files.iter().flat_map(|file| file.lines()) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some((name, text)) = line.strip_prefix("    .").and_then(|rest| rest.split_once(" = ")) {
            found.insert(format!("{key}.{name}"), text.to_owned());
        } else if line.starts_with(' ') || line.starts_with('}') {
            found.entry(key.clone()).or_default().push_str(line);
        } else if let Some((name, text)) = line.split_once(" = ") {
            key = name.to_owned();
            assert!(found.insert(key.clone(), text.to_owned()).is_none(), "{key} stands twice");
        } else {
            panic!("not understood: {line}");
        }
    }
    found
}

fn sources(folder: &Path, into: &mut String) {
    let entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in entries {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests" && name != "assets") {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn both_languages_parse_and_have_the_same_keys() {
    for file in VI.iter().chain(&EN) {
        let parsed = fluent_bundle::FluentResource::try_new((*file).to_owned());
        assert!(parsed.is_ok(), "{:?}", parsed.err().map(|(_, errors)| errors));
    }
    let keys = |files: &[&str]| messages(files).into_keys().collect::<BTreeSet<_>>();
    assert_eq!(keys(&VI), keys(&EN));
    let placeables = |files: &[&str]| {
        messages(files)
            .into_iter()
            .map(|(key, text)| {
                let names: BTreeSet<String> = text
                    .split('$')
                    .skip(1)
                    .map(|rest| rest.chars().take_while(char::is_ascii_lowercase).collect())
                    .collect();
                (key, names)
            })
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(placeables(&VI), placeables(&EN), "the same values are filled in");
}

#[test]
fn every_text_is_used() {
    let mut code = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view"), &mut code);
    let unused: Vec<String> = messages(&VI)
        .into_keys()
        .filter(|key| !key.contains('.') && !code.contains(&format!("\"{key}\"")))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn no_page_misses_a_text() {
    for locale in Locale::ALL {
        for sample in samples(*locale) {
            assert!(
                !sample.html.contains('⟦'),
                "{} ({}): {}",
                sample.name,
                locale.as_str(),
                around(&sample.html, '⟦')
            );
            assert!(!sample.html.contains("{$"), "{}: a value is not filled in", sample.name);
        }
    }
}

fn around(text: &str, mark: char) -> String {
    text.split(mark).nth(1).unwrap_or_default().chars().take(60).collect()
}

#[test]
fn no_sentence_has_more_than_twenty_words() {
    for (key, text) in messages(&VI).into_iter().chain(messages(&EN)) {
        for sentence in text.split(['.', '?', '!', ';']) {
            let words =
                sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
            assert!(words <= 20, "{key}: {words} words: {sentence}");
        }
    }
}

#[test]
fn no_english_is_left_in_vietnamese_pages() {
    const ENGLISH: [&str; 32] = [
        "the", "and", "your", "you", "sign", "account", "please", "page", "system", "with", "this", "that",
        "error", "help", "back", "continue", "agree", "decline", "of", "is", "to", "for", "from", "log",
        "browser", "device", "session", "name", "consent", "on", "at", "or",
    ];
    for sample in samples(Locale::Vi) {
        let text = read(&sample.name, &sample.html).text.to_lowercase();
        for line in text.lines().filter(|line| !line.contains("@") && !line.contains("://")) {
            for word in line.split(|c: char| !c.is_alphanumeric()) {
                assert!(!ENGLISH.contains(&word), "{}: {word:?} in {line:?}", sample.name);
            }
        }
    }
}

#[test]
fn no_vietnamese_is_left_in_english_texts() {
    let marked = |c: char| "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ".contains(c);
    for (key, text) in messages(&EN) {
        let plain = text.replace("Cốc Cốc", "");
        assert!(!plain.to_lowercase().contains(marked), "{key}: {text}");
    }
}

#[test]
fn passkeys_are_introduced_with_both_names() {
    for sample in samples(Locale::Vi) {
        let document = read(&sample.name, &sample.html);
        let text = document.text.to_lowercase();
        // The words of a button that follows its introduction are short; so is the link in the side navigation.
        if let Some(first) = text.find("khóa truy cập") {
            assert!(text[first..].starts_with("khóa truy cập (passkey)"), "{}", sample.name);
        }
    }
}

#[test]
fn people_are_not_talked_to_in_the_protocol_s_words() {
    for locale in Locale::ALL {
        for sample in samples(*locale) {
            let text = read(&sample.name, &sample.html).text.to_lowercase();
            for word in ["oauth", "token", "client", "webauthn", "fido"] {
                assert!(!text.contains(word), "{}: {word}", sample.name);
            }
        }
    }
}

#[test]
fn sign_in_pages_say_that_nobody_ever_calls() {
    for sample in samples(Locale::Vi)
        .iter()
        .filter(|sample| sample.name.starts_with("sign-in") || sample.name == "create-passkey")
    {
        let vow = "Bộ Giáo dục và Đào tạo không bao giờ gọi điện hỏi mã OTP";
        assert!(sample.html.contains(vow), "{}", sample.name);
    }
}

#[test]
fn vietnamese_tones_stand_where_the_glossary_puts_them() {
    for (key, text) in messages(&VI) {
        let text = text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            assert!(
                !["hoà", "thuỷ", "huỷ", "uỷ", "khoá", "xoá", "toà", "hoá"].contains(&word),
                "{key}: {word}"
            );
        }
    }
}

#[test]
fn every_code_on_the_help_page_is_shown_somewhere() {
    let mut code = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http"), &mut code);
    let shown = |kind: &str, variant: String| {
        let name = format!("{kind}::{variant}");
        let after = code.split(&name).skip(1);
        after.map(|rest| rest.chars().next()).any(|next| !next.is_some_and(char::is_alphanumeric))
    };
    for trouble in Trouble::ALL {
        assert!(shown("Trouble", format!("{trouble:?}")), "{} is never shown", trouble.code());
    }
    for trouble in PasskeyTrouble::ALL {
        assert!(shown("PasskeyTrouble", format!("{trouble:?}")), "{} is never shown", trouble.code());
    }
}

#[test]
fn a_sealed_log_is_said_to_show_changes_not_to_forbid_them() {
    for (key, text) in messages(&VI).into_iter().chain(messages(&EN)) {
        for promise in ["không ai sửa", "không thể sửa", "nobody can alter", "cannot be altered"] {
            assert!(!text.contains(promise), "{key}: {text}");
        }
    }
}
