//! The house rules that a compiler does not keep: which floor may lean on which, and how files look.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import, beside itself. `app`, `cli` and `jobs` sit on top.
const EDGES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("protocol", &["base"]),
    ("domain", &["protocol", "base"]),
    ("crypto", &["protocol", "base"]),
    ("config", &["protocol", "base"]),
    ("telemetry", &["config", "base"]),
    ("shortlived", &["base"]),
    ("outbound", &["base"]),
    ("storage", &["domain", "protocol", "base"]),
    ("view", &["domain", "protocol", "base"]),
    ("services", &["storage", "shortlived", "outbound", "crypto", "domain", "protocol", "base"]),
    ("http", &["services", "view", "telemetry", "domain", "protocol", "base"]),
    // The demo's relying systems are outsiders: they speak to the house over HTTP alone.
    ("demo", &["base"]),
];

const TOP: &[&str] = &["app", "cli", "jobs", "main", "lib"];

/// What has no place where only values and decisions live.
const NOT_PURE: &[&str] = &[
    "async ",
    ".await",
    "sqlx",
    "rusqlite",
    "axum",
    "tokio",
    "reqwest",
    "redis",
    "std::fs",
    "std::net::Tcp",
];

/// SQL that one of the two engines does not know, or reads differently.
const NOT_PORTABLE: &[&str] = &[
    "INSERT OR ",
    "REPLACE INTO",
    "AUTOINCREMENT",
    "SERIAL",
    "IFNULL(",
    "GLOB ",
    "ILIKE",
    "SIMILAR TO",
    "DISTINCT ON",
    "FOR UPDATE",
    "FOR SHARE",
    "SKIP LOCKED",
    "NOW()",
    "CURRENT_TIMESTAMP",
    "DATETIME(",
    "STRFTIME(",
    "RANDOM()",
    "LAST_INSERT_ROWID",
    "ROWID",
    "JSON_EXTRACT(",
    "->",
    "::",
    "ANY(",
    "ARRAY[",
    "UNNEST(",
    "GREATEST(",
    "LEAST(",
    "PRAGMA",
    "LISTEN ",
    "NOTIFY ",
    "PG_",
    "?",
];

const EMPTY_WORDS: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc", "stuff"];

/// Past this, something else has moved in.
const LONGEST_FILE: usize = 400;

#[test]
fn imports_run_downward_only() {
    let mut wrong = Vec::new();
    for file in sources("src") {
        let module = module_of(&file.path);
        if TOP.contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!(
                "{}: `{module}` has no floor yet: give it one in EDGES and in docs",
                file.name()
            ));
            continue;
        };
        for import in imports(&file.code) {
            if import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: {module} -> {import}", file.name()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn domain_and_protocol_only_decide() {
    let pure = sources("src/domain").into_iter().chain(sources("src/protocol"));
    none(&found(pure, |line| {
        NOT_PURE.iter().find(|word| line.contains(**word)).map(|word| (*word).trim().to_owned())
    }));
}

#[test]
fn sql_stands_in_storage_alone() {
    let others = sources("src").into_iter().filter(|file| module_of(&file.path) != "storage");
    // Log targets may name it, in quotes.
    let drivers = ["sqlx", "rusqlite"];
    let names = |line: &str, driver: &str| {
        line.contains(&format!("{driver}::")) && !line.contains(&format!("\"{driver}::"))
    };
    none(&found(others, |line| drivers.into_iter().find(|driver| names(line, driver)).map(str::to_owned)));
}

#[test]
fn sql_is_portable() {
    let mut wrong = Vec::new();
    for statement in khue::storage::every_statement() {
        let sql = statement.sql.on_postgres.to_uppercase();
        let words = NOT_PORTABLE.iter().filter(|word| sql.contains(**word));
        wrong.extend(words.map(|word| format!("{}: `{}`", statement.name, word.trim())));
    }
    none(&wrong);
}

#[test]
fn every_query_is_in_the_register_of_statements() {
    // What is written elsewhere is neither prepared on both engines nor read for what is not portable.
    let files = sources("src/storage").into_iter().filter(|file| !file.path.ends_with("statements.rs"));
    none(&found(files, |line| {
        let written = ["query(\"", "query_as(\"", "query_scalar(\"", "query!(", "query_as!("];
        written.iter().any(|form| line.contains(form)).then(|| "SQL outside `statements!`".into())
    }));
}

#[test]
fn a_lint_is_expected_with_a_reason_never_allowed() {
    let files = ["src", "tests", "benches"].into_iter().flat_map(sources);
    // Put together here, so that this line is not one of them.
    let forms = ["#[".to_owned() + "allow(", "#![".to_owned() + "allow("];
    none(&found(files, |line| forms.iter().find(|form| line.contains(form.as_str())).cloned()));
}

#[test]
fn files_are_named_for_the_one_thing_in_them() {
    let files = ["src", "tests", "benches"].into_iter().flat_map(sources);
    let empty = files.filter(|file| {
        let words: Vec<String> = file.name().split(['/', '_', '.']).map(str::to_lowercase).collect();
        EMPTY_WORDS.iter().any(|word| words.iter().any(|part| part == word))
    });
    none(&empty.map(|file| format!("{}: says nothing", file.name())).collect::<Vec<_>>());
}

#[test]
fn a_module_file_only_lists() {
    let lists = sources("src").into_iter().filter(|file| file.path.ends_with("mod.rs"));
    none(&found(lists, |line| {
        let line = line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ");
        let line = line.trim_start_matches("pub ");
        let defines =
            ["fn ", "async fn ", "const fn ", "struct ", "enum ", "trait ", "impl ", "impl<", "type "];
        defines.iter().any(|word| line.starts_with(word)).then(|| "defines something".into())
    }));
}

#[test]
fn files_stay_short_enough_to_read() {
    let long = sources("src").into_iter().filter(|file| file.code.lines().count() > LONGEST_FILE);
    none(
        &long.map(|file| format!("{}: {} lines", file.name(), file.code.lines().count())).collect::<Vec<_>>(),
    );
}

#[test]
fn lock_files_name_no_place_to_download_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let locks = ["tests/browser", "tests/parties"].map(|folder| root.join(folder).join("package-lock.json"));
    let wrong =
        locks.iter().filter(|lock| fs::read_to_string(lock).is_ok_and(|text| text.contains("\"resolved\"")));
    none(
        &wrong
            .map(|lock| format!("{}: names registries: keep the .npmrc beside it", lock.display()))
            .collect::<Vec<_>>(),
    );
}

/// A source file, without its comments' lines and without its tests.
struct Source {
    path: PathBuf,
    code: String,
}

impl Source {
    fn name(&self) -> String {
        self.path.display().to_string().replace('\\', "/")
    }
}

/// The Rust files under `folder`, which may not be there.
fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let code = code(&fs::read_to_string(&path).unwrap());
                files.push(Source { path: path.strip_prefix(root).unwrap().to_path_buf(), code });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Comment lines are blanked, so that line numbers stay; tests at the end of a file are cut off.
fn code(text: &str) -> String {
    let tests = text.find("\n#[cfg(test)]\nmod ").or_else(|| text.find("\n#[cfg(all(test"));
    let body = &text[..tests.unwrap_or(text.len())];
    let lines = body.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// `src/http/error/page.rs` belongs to `http`, `src/app.rs` to `app`.
fn module_of(path: &Path) -> String {
    let first = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that `code` names after `crate::`, in lists too.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` and `some_crate::` stand for other things, but the former names a module all the same.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.extend(word(rest)),
            Some(list) => found.extend(heads(list)),
        }
    }
    found
}

/// The first words of a brace list: `a::b, c::{d, e}}` gives `a` and `c`.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut at_head, mut heads) = (0, true, Vec::new());
    for (index, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_head = true,
            c if depth == 0 && at_head && !c.is_whitespace() => {
                heads.extend(word(&list[index..]));
                at_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    // A macro or a type at the root (`crate::Thing`) is not a module.
    Some(text[..end].to_owned()).filter(|word| word.starts_with(|c: char| c.is_lowercase()))
}

/// `file:line: what` for every line in which `wrong` finds something.
fn found(files: impl IntoIterator<Item = Source>, wrong: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut all = Vec::new();
    for file in files {
        for (index, line) in file.code.lines().enumerate() {
            all.extend(wrong(line).map(|what| format!("{}:{}: {what}", file.name(), index + 1)));
        }
    }
    all
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let code = "use crate::a::B;\nuse crate::{b::{C, d}, e, f::g};\nlet x = crate::h::i();\n$crate::j::k!();\nuse other_crate::l;";
    let seen: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(seen, ["a", "b", "e", "f", "h", "j"]);
}
