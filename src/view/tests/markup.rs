//! Just enough reading of HTML to judge our own pages: tags, attributes, nesting, visible text.

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];

/// A start tag.
#[derive(Debug, Clone)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The names of the elements around it, outermost first.
    pub inside: Vec<String>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Document {
    pub tags: Vec<Tag>,
    /// The text that people see or hear, one piece a line; parts in another language (`lang`) left out.
    pub text: String,
}

/// Reads a page; panics where it is not well formed.
pub fn read(page: &str, html: &str) -> Document {
    let mut document = Document::default();
    let mut open: Vec<Tag> = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").unwrap_or_else(|| panic!("{page}: no doctype"));
    while let Some(at) = rest.find('<') {
        take_text(&mut document, &open, &rest[..at]);
        let end = tag_end(&rest[at..]).unwrap_or_else(|| panic!("{page}: tag without end")) + at;
        let inner = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = inner.strip_prefix('/') {
            let last = open.pop().unwrap_or_else(|| panic!("{page}: </{name}> closes nothing"));
            assert_eq!(last.name, name, "{page}: closed in the wrong order");
            continue;
        }
        let closed = inner.ends_with('/');
        let tag = parse_tag(page, inner.trim_end_matches('/'), &open);
        for heard in ["aria-label", "alt", "data-says-waiting", "data-says-cancelled", "data-says-failed"] {
            if let Some(text) = tag.get(heard) {
                take_text(&mut document, &open, text);
            }
        }
        document.tags.push(tag.clone());
        if !VOID.contains(&tag.name.as_str()) && !closed {
            open.push(tag);
        }
    }
    assert!(open.is_empty(), "{page}: left open: {:?}", open.iter().map(|tag| &tag.name).collect::<Vec<_>>());
    document
}

fn take_text(document: &mut Document, open: &[Tag], text: &str) {
    let foreign = open.iter().any(|tag| tag.name != "html" && tag.has("lang"));
    let silent = open.iter().any(|tag| tag.name == "title") || text.trim().is_empty();
    if !foreign && !silent {
        document.text.push_str(text.trim());
        document.text.push('\n');
    }
}

/// The place of the `>` that ends the tag, not one inside a quoted value.
fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn parse_tag(page: &str, inner: &str, open: &[Tag]) -> Tag {
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix('=') {
            let quoted = quoted
                .strip_prefix('"')
                .unwrap_or_else(|| panic!("{page}: {key} is not quoted in <{inner}>"));
            let (inside, after) =
                quoted.split_once('"').unwrap_or_else(|| panic!("{page}: {key} has no end"));
            value = inside.to_owned();
            rest = after;
        }
        assert!(attributes.iter().all(|(known, _)| *known != key), "{page}: {key} stands twice in <{inner}>");
        attributes.push((key, value));
    }
    let inside = open.iter().map(|tag| tag.name.clone()).collect();
    Tag { name: name.to_owned(), attributes, inside }
}
