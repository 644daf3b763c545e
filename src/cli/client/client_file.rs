//! A client file, read: the systems in it, or everything that is wrong with it.

use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::beside;
use super::field::{BESIDE, Check, Field, REGISTERED};
use crate::base::Secret;
use crate::cli::refusal::{Outcome, Refusal};
use crate::config::{Place, Problem, did_you_mean};
use crate::domain::client::{ClientJwks, ClientStatus, Logo, Registration, RegistrationDocument};
use crate::services::client_changes::DesiredClient;

/// The most characters of a secret.
const LONGEST_SECRET: usize = 255;
/// The fewest: 128 bits where they are hexadecimal digits, the fewest that a keyed digest leaves beyond guessing.
const SHORTEST_SECRET: usize = 32;
/// The most bytes of a file that holds one.
const LARGEST_SECRET_FILE: u64 = 4 * 1024;
/// The most bytes of a file that holds keys.
const LARGEST_JWKS_FILE: u64 = 64 * 1024;

/// Reads `file`: all systems in it, or all that is wrong with it, each with line and remedy.
pub fn read(file: &Path) -> Outcome<Vec<DesiredClient>> {
    let text = fs::read_to_string(file).map_err(|error| Refusal::file(file, &error))?;
    let mut reading = Reading { file, text: &text, problems: Vec::new() };
    let clients = reading.clients();
    let mut problems = reading.problems;
    if problems.is_empty() {
        return Ok(clients);
    }
    problems.sort_by(|one, other| one.place.cmp(&other.place));
    let count = match problems.len() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    };
    let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(Refusal::wrong(
        format!("{count} in {}\n{}", file.display(), list.join("\n")),
        "nothing was changed; docs/relying-parties/client-file.md explains every member",
    ))
}

struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    problems: Vec<Problem>,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reading<'_> {
    fn clients(&mut self) -> Vec<DesiredClient> {
        let (root, faults) = DeTable::parse_recoverable(self.text);
        for fault in faults {
            let at = fault.span().unwrap_or_default();
            self.report(at, "syntax", fault.message(), "see https://toml.io for how values are written");
        }
        let mut clients = Vec::new();
        let mut seen = HashSet::new();
        for (key, value) in root.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("client", DeValue::Array(items)) => {
                    for item in items.iter() {
                        let before = self.problems.len();
                        let client = self.client(item);
                        clients.extend(client.filter(|_| self.problems.len() == before).inspect(|client| {
                            let id = &client.registration.client_id;
                            if !seen.insert(id.clone()) {
                                let what = format!("{id} stands in the file twice");
                                self.report(item.span(), "client_id", &what, "leave one of them");
                            }
                        }));
                    }
                }
                ("client", _) => {
                    self.report(
                        value.span(),
                        "client",
                        "is not a list of tables",
                        "begin each system with [[client]]",
                    );
                }
                (unknown, _) => {
                    let remedy = did_you_mean(unknown, &["client".to_owned()]);
                    self.report(key.span(), unknown, "unknown key", &remedy);
                }
            }
        }
        clients
    }

    fn client(&mut self, item: &Value<'_>) -> Option<DesiredClient> {
        let Some(table) = item.get_ref().as_table() else {
            self.report(item.span(), "client", "is not a table", "begin each system with [[client]]");
            return None;
        };
        let before = self.problems.len();
        let fields: Vec<&Field> = REGISTERED.iter().chain(BESIDE).collect();
        self.members(item, table, &fields);
        if self.problems.len() > before {
            return None;
        }
        let document = self.document(item, table)?;
        for problem in document.problems() {
            let text = problem.to_string();
            let (member, what) = text.split_once(": ").unwrap_or(("client", &text));
            let at = table.get(member.split('.').next().unwrap_or(member)).map_or(item.span(), Spanned::span);
            let form = REGISTERED
                .iter()
                .find(|field| field.name == member)
                .map(|field| format!("write {}", field.form));
            self.report(at, member, what, form.as_deref().unwrap_or("mend it"));
        }
        let secret = self.secret(table, &document);
        let status = text_of(table, "status").and_then(|(text, _)| ClientStatus::parse(text));
        Some(DesiredClient { registration: Registration::try_from(document).ok()?, secret, status })
    }

    /// Every member by itself: known, of its form, there where it is needed.
    fn members(&mut self, item: &Value<'_>, table: &DeTable<'_>, fields: &[&Field]) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match fields.iter().find(|field| field.name == name) {
                Some(field) => self.member(field, value),
                None if name == "logo" => {
                    self.report(key.span(), name, "unknown key", "write logo_file, and the image's file");
                }
                None => {
                    let known: Vec<String> = fields.iter().map(|field| field.name.to_owned()).collect();
                    self.report(key.span(), name, "unknown key", &did_you_mean(name, &known));
                }
            }
        }
        for field in fields.iter().filter(|field| field.needed && !table.contains_key(field.name)) {
            self.report(item.span(), field.name, "is missing", &format!("write {}", field.form));
        }
    }

    fn member(&mut self, field: &Field, value: &Value<'_>) {
        let remedy = format!("write {}", field.form);
        match (field.check, value.get_ref()) {
            (Check::Value(check), _) => {
                for error in check(value) {
                    let at = error.span().unwrap_or_else(|| value.span());
                    self.report(at, field.name, in_plain_words(error.message()), &remedy);
                }
            }
            (Check::Tables(fields), DeValue::Array(items)) => {
                let fields: Vec<&Field> = fields.iter().collect();
                for item in items.iter() {
                    match item.get_ref().as_table() {
                        Some(table) => self.members(item, table, &fields),
                        None => self.report(item.span(), field.name, "is not a table", &remedy),
                    }
                }
            }
            (Check::Tables(_), _) => {
                self.report(value.span(), field.name, "is not a list of tables", &remedy)
            }
        }
    }

    fn document(&mut self, item: &Value<'_>, table: &DeTable<'_>) -> Option<RegistrationDocument> {
        let mut registered = table.clone();
        for field in BESIDE {
            registered.remove(field.name);
        }
        let value = Spanned::new(item.span(), DeValue::Table(registered));
        match RegistrationDocument::deserialize(ValueDeserializer::from(value)) {
            Ok(document) => Some(RegistrationDocument {
                logo: self.logo(table),
                jwks: self.jwks(table).or(document.jwks),
                ..document
            }),
            Err(error) => {
                self.report(error.span().unwrap_or(item.span()), "client", error.message(), "mend it");
                None
            }
        }
    }

    fn logo(&mut self, table: &DeTable<'_>) -> Option<Logo> {
        let (name, at) = text_of(table, "logo_file")?;
        let logo = match beside::read(self.file, name, Logo::SIZE_LIMIT) {
            Ok(bytes) => Logo::parse(&bytes).map_err(|error| error.to_string()),
            Err(error) => Err(format!("{name} {error}")),
        };
        logo.map_err(|what| self.report(at, "logo_file", &what, "name a PNG or WebP file of at most 24 KiB"))
            .ok()
    }

    fn jwks(&mut self, table: &DeTable<'_>) -> Option<ClientJwks> {
        let (name, at) = text_of(table, "jwks_file")?;
        if table.contains_key("jwks") {
            self.report(at, "jwks_file", "is given beside jwks", "leave one of them");
            return None;
        }
        let jwks = match beside::read(self.file, name, LARGEST_JWKS_FILE) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| format!("{name} is not JSON")),
            Err(error) => Err(format!("{name} {error}")),
        };
        jwks.map_err(|what| self.report(at, "jwks_file", &what, "name a JSON file that holds a JWK set")).ok()
    }

    fn secret(&mut self, table: &DeTable<'_>, document: &RegistrationDocument) -> Option<Secret<String>> {
        let (secret, at) = match (text_of(table, "client_secret"), text_of(table, "client_secret_file")) {
            (None, None) => return None,
            (Some(_), Some((_, at))) => {
                self.report(at, "client_secret_file", "is given beside client_secret", "leave one of them");
                return None;
            }
            (Some((secret, at)), None) => (Secret::new(secret.to_owned()), at),
            (None, Some((name, at))) => match beside::read(self.file, name, LARGEST_SECRET_FILE) {
                // What is no text is no secret either, and is refused as such below.
                Ok(held) => {
                    let text = String::from_utf8_lossy(&held);
                    (Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()), at)
                }
                Err(error) => {
                    let what = format!("{name} {error}");
                    self.report(at, "client_secret_file", &what, "name a file that holds the secret");
                    return None;
                }
            },
        };
        // RFC 6749 appendix A.2: visible ASCII and space.
        let fits = |secret: &str| secret.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !document.has_secret() {
            let remedy = "leave the secret out, or choose another token_endpoint_auth_method";
            let what = format!(
                "is given, and token_endpoint_auth_method is \"{}\"",
                document.token_endpoint_auth_method
            );
            self.report(at, "client_secret", &what, remedy);
        } else if secret.expose().len() > LONGEST_SECRET || !fits(secret.expose()) {
            let remedy = "write 32 to 255 printable ASCII characters, or leave it out: one is made";
            self.report(at, "client_secret", "cannot be a secret", remedy);
        } else if secret.expose().len() < SHORTEST_SECRET {
            let what = format!("has fewer than {SHORTEST_SECRET} characters: it could be guessed");
            self.report(
                at,
                "client_secret",
                &what,
                "leave it out: one is made, and the system takes that one",
            );
        }
        Some(secret)
    }

    fn report(&mut self, at: Range<usize>, subject: &str, what: &str, remedy: &str) {
        let line = 1 + self.text.bytes().take(at.start).filter(|byte| *byte == b'\n').count();
        self.problems.push(Problem {
            place: Place::Line(self.file.to_path_buf(), line),
            subject: subject.to_owned(),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        });
    }
}

/// What names our own types says nothing to whoever wrote the file.
fn in_plain_words(message: &str) -> &str {
    if message.starts_with("not a ") || message.starts_with("unknown variant") {
        return "is none of the choices";
    }
    message
}

fn text_of<'t>(table: &'t DeTable<'_>, name: &str) -> Option<(&'t str, Range<usize>)> {
    table.get(name).and_then(|value| Some((value.get_ref().as_str()?, value.span())))
}
