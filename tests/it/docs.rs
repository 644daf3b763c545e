//! The documents keep up with the program: every error has its place in errors.md, and every link leads somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use khue::protocol::{AuthorizationErrorCode, BearerErrorCode, RegistrationErrorCode, TokenErrorCode};
use khue::view::{PasskeyTrouble, Trouble};

const ERRORS: &str = "docs/relying-parties/errors.md";

#[test]
fn every_error_of_an_endpoint_has_its_anchor() {
    let codes = |endpoints: &[&str], codes: Vec<&'static str>| {
        let anchors = anchors(&read(ERRORS));
        let place = |code: &&str| endpoints.iter().any(|at| anchors.contains(&format!("{at}-{code}")));
        let missing = codes.iter().filter(|code| !place(code));
        missing.map(|code| format!("{ERRORS}: no <a id=\"{}-{code}\">", endpoints[0])).collect::<Vec<_>>()
    };
    let texts = [
        codes(&["authorization"], AuthorizationErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
        codes(&["token", "revocation"], TokenErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
        codes(&["userinfo"], BearerErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
        codes(&["registration"], RegistrationErrorCode::ALL.iter().map(|code| code.as_str()).collect()),
    ];
    none(&texts.concat());
}

#[test]
fn every_code_of_a_page_has_its_anchor() {
    let anchors = anchors(&read(ERRORS));
    let pages =
        Trouble::ALL.map(Trouble::code).into_iter().chain(PasskeyTrouble::ALL.map(PasskeyTrouble::code));
    let missing = pages.filter(|code| !anchors.contains(&code.to_lowercase()));
    none(&missing.map(|code| format!("{ERRORS}: no anchor for {code}")).collect::<Vec<_>>());
}

#[test]
fn every_fault_of_a_proof_has_its_anchor() {
    let source = read("src/protocol/dpop/fault.rs");
    let (_, list) = source.split_once("pub enum ProofFault {").unwrap();
    let (list, _) = list.split_once("\n}").unwrap();
    let names = list.lines().filter_map(|line| line.trim().strip_suffix(','));
    let names: Vec<&str> = names.filter(|name| name.chars().all(char::is_alphanumeric)).collect();
    assert!(names.len() > 10, "the reader of ProofFault reads too little: {names:?}");
    let anchors = anchors(&read(ERRORS));
    let missing = names.iter().filter(|name| !anchors.contains(&format!("dpop-{}", kebab(name))));
    none(&missing.map(|name| format!("{ERRORS}: no <a id=\"dpop-{}\">", kebab(name))).collect::<Vec<_>>());
}

#[test]
fn every_error_has_a_cause_and_a_remedy() {
    let text = read(ERRORS);
    let rows = text.lines().filter(|line| line.starts_with('|') && line.contains("<a id="));
    let empty = rows.filter(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        cells.len() < 3 || cells.iter().any(|cell| cell.is_empty())
    });
    none(&empty.map(|row| format!("{ERRORS}: a cell is empty: {row}")).collect::<Vec<_>>());
}

#[test]
fn what_systems_are_told_is_plain_ascii__rfc6749_5_2() {
    // Whatever may become an `error_description` is written on these floors; people read what is in locales/.
    let floors = ["src/protocol", "src/domain/client", "src/services", "src/http/oauth", "src/http/error"];
    let mut wrong = Vec::new();
    for path in floors.into_iter().flat_map(|floor| files(floor, "rs")) {
        let text = read(&path);
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (index, line) in code.lines().enumerate() {
            let told = line.contains('"') && !line.trim_start().starts_with("//");
            let says = line.split(" // ").next().unwrap();
            // How a secret shows itself to `Debug`, and what people read in their language, go to no system.
            let elsewhere = says.contains("…)") || says.trim_start().starts_with("vi: ");
            if told && !path.ends_with("tests.rs") && !elsewhere && !says.is_ascii() {
                wrong.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut wrong = Vec::new();
    for path in documents() {
        for link in links(&read(&path)) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => path.clone(),
                file => tidy(&Path::new(&path).parent().unwrap().join(file)),
            };
            if !root().join(&target).exists() {
                wrong.push(format!("{path}: {link} leads nowhere"));
            } else if !anchor.is_empty() && !anchors(&read(&target)).contains(anchor) {
                wrong.push(format!("{path}: {link}: no such place in {target}"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_page_for_relying_parties_is_in_their_index() {
    let index = "docs/relying-parties/README.md";
    let linked: BTreeSet<String> = links(&read(index)).into_iter().collect();
    let pages = files("docs/relying-parties", "md").into_iter().filter(|page| page != index);
    let names = pages.map(|page| page.trim_start_matches("docs/relying-parties/").to_owned());
    none(
        &names
            .filter(|name| !linked.contains(name))
            .map(|name| format!("{index}: no {name}"))
            .collect::<Vec<_>>(),
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every document of the project, as a path from its root.
fn documents() -> Vec<String> {
    let on_top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let on_top = on_top.filter(|name| name.ends_with(".md"));
    on_top.chain(["docs", "deploy", "fuzz", "keys"].iter().flat_map(|folder| files(folder, "md"))).collect()
}

/// The files under `folder` that end so, as paths from the project's root.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(tidy(path.strip_prefix(root()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// `a/b/../c` is `a/c`.
fn tidy(path: &Path) -> String {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part.as_os_str().to_str().unwrap() {
            ".." => assert!(parts.pop(), "{} leaves the project", path.display()),
            "." => {}
            name => parts.push(name),
        }
    }
    parts.to_str().unwrap().to_owned()
}

/// Where the links of a document lead; what stands in code is none.
fn links(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.lines().filter(|line| !line.starts_with("    ")).collect();
    let prose = prose.join("\n");
    let ends = prose.match_indices("](").map(|(at, open)| &prose[at + open.len()..]);
    ends.filter_map(|rest| rest.split_once(')')).map(|(link, _)| link.to_owned()).collect()
}

/// The places of a document that a link can name: its headings, and what was given an id.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| {
        let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
        let kept = title.to_lowercase().replace(' ', "-");
        Some(kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect())
    });
    let given = text.match_indices("<a id=\"").map(|(at, open)| &text[at + open.len()..]);
    headings.chain(given.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))).collect()
}

/// `TooOld` is `too-old`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for (index, c) in name.char_indices() {
        if c.is_uppercase() && index > 0 {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_reader_of_documents_sees_links_and_places() {
    let text = "# One two\n\nSee [it](a.md#b) and [`x`](../c.rs).\n\n    [not](this)\n\n## 1. K–ê `d_e`\n| <a id=\"f\"></a>`f` |";
    assert_eq!(links(text), ["a.md#b", "../c.rs"]);
    assert_eq!(anchors(text), ["one-two", "1-kê-d_e", "f"].map(String::from).into());
    assert_eq!((kebab("TooOld"), tidy(Path::new("a/b/../c.md"))), ("too-old".into(), "a/c.md".into()));
}
