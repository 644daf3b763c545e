//! What holds for every page.

use std::collections::BTreeSet;

use super::markup::{Document, read};
use super::samples::{Sample, samples};
use crate::protocol::Locale;
use crate::view::assets::Assets;

fn each(check: impl Fn(&Sample, &Document)) {
    for locale in Locale::ALL {
        for sample in samples(*locale) {
            let page = format!("{} ({})", sample.name, sample.locale.as_str());
            check(&sample, &read(&page, &sample.html));
        }
    }
}

#[test]
fn every_page_has_one_heading_one_main_part_and_its_language() {
    each(|sample, document| {
        let count = |name: &str| document.tags.iter().filter(|tag| tag.name == name).count();
        assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{}", sample.name);
        let html = &document.tags[0];
        assert_eq!((html.name.as_str(), html.get("lang")), ("html", Some(sample.locale.as_str())));
        assert!(sample.html.contains("name=\"viewport\""));
    });
}

#[test]
fn no_page_holds_code_or_style_of_its_own() {
    each(|sample, document| {
        for tag in &document.tags {
            assert_ne!(tag.name, "style", "{}", sample.name);
            assert!(
                tag.name != "script" || tag.get("src").is_some_and(|src| src.starts_with("/assets/")),
                "{}",
                sample.name
            );
            for (key, value) in &tag.attributes {
                assert!(!key.starts_with("on") && key != "style", "{}: {key}", sample.name);
                assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{}", sample.name);
            }
        }
    });
}

#[test]
fn every_field_has_a_label_and_every_reference_leads_somewhere() {
    each(|sample, document| {
        let all_ids: Vec<&str> = document.tags.iter().filter_map(|tag| tag.get("id")).collect();
        let ids: BTreeSet<&str> = all_ids.iter().copied().collect();
        assert_eq!(ids.len(), all_ids.len(), "{}: an id stands twice", sample.name);
        let labels: BTreeSet<&str> = document.tags.iter().filter_map(|tag| tag.get("for")).collect();
        for tag in &document.tags {
            let field = tag.name == "input" && tag.get("type") != Some("hidden");
            assert!(
                !field || tag.get("id").is_some_and(|id| labels.contains(id)),
                "{}: {tag:?}",
                sample.name
            );
            assert!(tag.name != "img" || tag.has("alt"), "{}: {tag:?}", sample.name);
            for key in ["for", "aria-describedby", "aria-labelledby"] {
                for id in tag.get(key).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{}: {key}={id}", sample.name);
                }
            }
            if let Some(anchor) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(anchor), "{}: #{anchor}", sample.name);
            }
        }
    });
}

#[test]
fn nesting_is_what_html_allows() {
    const NO_BLOCKS: [&str; 10] =
        ["p", "h1", "h2", "h3", "span", "button", "label", "a", "summary", "legend"];
    const BLOCKS: [&str; 17] = [
        "p", "div", "ul", "ol", "li", "dl", "section", "form", "h1", "h2", "h3", "fieldset", "main", "nav",
        "header", "footer", "details",
    ];
    each(|sample, document| {
        for tag in &document.tags {
            let name = tag.name.as_str();
            let inside = |outer: &str| tag.inside.iter().any(|around| around == outer);
            let parent = tag.inside.last().map(String::as_str);
            if BLOCKS.contains(&name) {
                assert!(!NO_BLOCKS.iter().any(|outer| inside(outer)), "{}: {tag:?}", sample.name);
            }
            if name == "li" {
                assert!(matches!(parent, Some("ul" | "ol")), "{}: {tag:?}", sample.name);
            }
            assert!(!matches!(parent, Some("ul" | "ol")) || name == "li", "{}: {tag:?}", sample.name);
            assert!(name != "form" || !inside("form"), "{}: {tag:?}", sample.name);
            assert!(
                !matches!(name, "a" | "button" | "input") || !inside("a") && !inside("button"),
                "{}: {tag:?}",
                sample.name
            );
        }
    });
}

#[test]
fn every_form_of_ours_posts_its_form_token() {
    each(|sample, document| {
        let forms = document.tags.iter().filter(|tag| tag.name == "form" && tag.get("id") != Some("reply"));
        let ours = forms.filter(|form| form.get("method") == Some("post")).count();
        let tokens = document.tags.iter().filter(|tag| tag.get("name") == Some("form_token")).count();
        assert_eq!(ours, tokens, "{}", sample.name);
    });
}

#[test]
fn nothing_optional_is_ticked_beforehand() {
    each(|sample, document| {
        let ticked =
            document.tags.iter().any(|tag| tag.get("type") == Some("checkbox") && tag.has("checked"));
        assert!(!ticked, "{}", sample.name);
    });
}

#[test]
fn a_notice_by_law_never_asks_for_agreement() {
    each(|sample, document| {
        if sample.name.starts_with("notice-") {
            let asks = document
                .tags
                .iter()
                .any(|tag| tag.get("value") == Some("allow") || tag.get("name") == Some("claim"));
            assert!(!asks, "{}", sample.name);
            assert!(document.tags.iter().any(|tag| tag.get("value") == Some("continue")), "{}", sample.name);
        }
    });
}

#[test]
fn every_page_offers_help_and_names_its_request() {
    each(|sample, document| {
        let help =
            document.tags.iter().any(|tag| tag.get("href").is_some_and(|href| href.starts_with("/help")));
        assert!(help, "{}", sample.name);
        assert!(document.text.contains("01JD4Q7W2M9K"), "{}", sample.name);
    });
}

#[test]
fn what_people_write_is_shown_as_text() {
    each(|sample, _| assert!(!sample.html.contains("\"><script>"), "{}", sample.name));
}

#[test]
fn a_page_with_everything_weighs_less_than_100_kb() {
    let assets: usize = Assets::get().all().iter().map(|asset| asset.bytes.len()).sum();
    each(|sample, _| assert!(sample.html.len() + assets < 100_000, "{}: {}", sample.name, sample.html.len()));
}

/// Leaves every page with its assets in `target/tmp/pages`, to be looked at in a browser.
#[test]
fn pages_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp/pages");
    let assets = Assets::get();
    let asset_folder = folder.join("assets").join(assets.hash());
    std::fs::create_dir_all(&asset_folder).unwrap();
    for asset in assets.all() {
        std::fs::write(asset_folder.join(asset.name), asset.bytes).unwrap();
    }
    each(|sample, _| {
        let name = format!("{}.{}.html", sample.name, sample.locale.as_str());
        std::fs::write(folder.join(name), &sample.html).unwrap();
    });
}
