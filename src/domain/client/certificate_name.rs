//! The one name of its certificates by which a system is known (RFC 8705 §2.1.2).

use std::net::IpAddr;

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::{AlternativeName, Certificate, ClientAuthMethod, DistinguishedName};

/// The longest name, in bytes.
const LONGEST: usize = 512;

/// A registered name. Who certified it is judged elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateName {
    /// The subject itself.
    Subject(DistinguishedName),
    /// A name beside it.
    Alternative(AlternativeName),
}

/// The members that a name is written in: one of them has it.
#[derive(Debug, Default)]
pub(super) struct NameMembers {
    pub subject_dn: Option<String>,
    pub san_dns: Option<String>,
    pub san_uri: Option<String>,
    pub san_ip: Option<String>,
    pub san_email: Option<String>,
}

impl CertificateName {
    /// As it is written.
    pub(super) fn into_members(self) -> NameMembers {
        let none = NameMembers::default();
        match self {
            Self::Subject(name) => NameMembers { subject_dn: Some(name.to_string()), ..none },
            Self::Alternative(AlternativeName::Dns(name)) => NameMembers { san_dns: Some(name), ..none },
            Self::Alternative(AlternativeName::Uri(name)) => NameMembers { san_uri: Some(name), ..none },
            Self::Alternative(AlternativeName::Email(name)) => NameMembers { san_email: Some(name), ..none },
            Self::Alternative(AlternativeName::Ip(name)) => {
                NameMembers { san_ip: Some(name.to_string()), ..none }
            }
        }
    }

    /// The name that `document` registers, if exactly one and for the method that has it.
    pub(super) fn of(document: &RegistrationDocument) -> Result<Option<Self>, RegistrationError> {
        let given: Vec<(&'static str, &String)> = [
            ("tls_client_auth_subject_dn", &document.tls_client_auth_subject_dn),
            ("tls_client_auth_san_dns", &document.tls_client_auth_san_dns),
            ("tls_client_auth_san_uri", &document.tls_client_auth_san_uri),
            ("tls_client_auth_san_ip", &document.tls_client_auth_san_ip),
            ("tls_client_auth_san_email", &document.tls_client_auth_san_email),
        ]
        .into_iter()
        .filter_map(|(member, value)| value.as_ref().map(|value| (member, value)))
        .collect();
        let needs_one = document.token_endpoint_auth_method == ClientAuthMethod::TlsClientAuth;
        match given.as_slice() {
            [] if needs_one => Err(RegistrationError::CertificateNameNeeded),
            [] => Ok(None),
            [_] if !needs_one => Err(RegistrationError::CertificateNameUnused),
            [(member, value)] => read(member, value).map(Some),
            _ => Err(RegistrationError::CertificateNameTwice),
        }
    }

    /// Whether a certificate has this name.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Subject(name) => name.is(certificate.subject()),
            Self::Alternative(name) => certificate.alternative_names().iter().any(|one| is_same(name, one)),
        }
    }
}

/// RFC 5280 §7.2, §7.5: hosts have no case, the rest of a name has.
fn is_same(registered: &AlternativeName, shown: &AlternativeName) -> bool {
    match (registered, shown) {
        (AlternativeName::Dns(one), AlternativeName::Dns(other)) => one.eq_ignore_ascii_case(other),
        (AlternativeName::Email(one), AlternativeName::Email(other)) => {
            match (one.rsplit_once('@'), other.rsplit_once('@')) {
                (Some((person, host)), Some((other, there))) => {
                    person == other && host.eq_ignore_ascii_case(there)
                }
                _ => false,
            }
        }
        (one, other) => one == other,
    }
}

fn read(member: &'static str, value: &str) -> Result<CertificateName, RegistrationError> {
    let wrong = |cause| Err(RegistrationError::CertificateName { member, cause });
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if value.len() > LONGEST {
        return wrong("is longer than 512 bytes");
    }
    let name = match member {
        "tls_client_auth_subject_dn" => {
            return DistinguishedName::parse(value)
                .map(CertificateName::Subject)
                .map_err(RegistrationError::CertificateSubject);
        }
        "tls_client_auth_san_ip" => match value.parse::<IpAddr>() {
            Ok(address) => AlternativeName::Ip(address),
            Err(_) => return wrong("must be an IP address"),
        },
        _ if !is_plain(value) => return wrong("must be of printable ASCII characters without space"),
        "tls_client_auth_san_dns" if value.contains(['*', '/', ':']) => {
            return wrong("must be one host name, as the certificate has it");
        }
        "tls_client_auth_san_dns" => AlternativeName::Dns(value.to_owned()),
        "tls_client_auth_san_uri" => AlternativeName::Uri(value.to_owned()),
        _ if !value.contains('@') => return wrong("must be a mail address"),
        _ => AlternativeName::Email(value.to_owned()),
    };
    Ok(CertificateName::Alternative(name))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType};
    use serde_json::{Value, json};

    use super::*;

    fn document(members: Value) -> RegistrationDocument {
        let text = json!({ "vi": "Ngân hàng", "en": "Bank" });
        let mut document = json!({
            "client_id": "bank", "client_name": text, "client_purpose": text, "contacts": [],
            "client_uri": "https://a.vn/", "token_endpoint_auth_method": "tls_client_auth",
        });
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value(document).unwrap()
    }

    fn certificate() -> Certificate {
        let mut params = CertificateParams::new(vec!["Bank.example.vn".to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "VN");
        params.distinguished_name.push(DnType::CommonName, "bank");
        params.subject_alt_names.extend([
            SanType::URI("https://bank.example.vn/client".try_into().unwrap()),
            SanType::Rfc822Name("Ops@bank.example.vn".try_into().unwrap()),
            SanType::IpAddress("2001:db8::1".parse().unwrap()),
        ]);
        Certificate::parse(params.self_signed(&KeyPair::generate().unwrap()).unwrap().der()).unwrap()
    }

    #[test]
    fn each_kind_of_name_is_found__rfc8705_2_1_2() {
        let certificate = certificate();
        for (member, value, is_there) in [
            ("tls_client_auth_subject_dn", "CN=bank,C=VN", true),
            ("tls_client_auth_subject_dn", "CN=bank", false),
            ("tls_client_auth_san_dns", "bank.example.vn", true),
            ("tls_client_auth_san_dns", "example.vn", false),
            ("tls_client_auth_san_uri", "https://bank.example.vn/client", true),
            ("tls_client_auth_san_uri", "https://bank.example.vn/Client", false),
            ("tls_client_auth_san_email", "Ops@BANK.example.vn", true),
            ("tls_client_auth_san_email", "ops@bank.example.vn", false),
            ("tls_client_auth_san_ip", "2001:0DB8:0::1", true),
            ("tls_client_auth_san_ip", "192.0.2.1", false),
        ] {
            let name = CertificateName::of(&document(json!({ member: value }))).unwrap().unwrap();
            assert_eq!(name.is_of(&certificate), is_there, "{member} {value}");
        }
    }

    #[test]
    fn exactly_one_name_is_registered__rfc8705_2_1_2() {
        for (members, error) in [
            (json!({}), "needs one of"),
            (
                json!({ "tls_client_auth_san_dns": "a.vn", "tls_client_auth_san_ip": "192.0.2.1" }),
                "exactly one",
            ),
            (json!({ "tls_client_auth_san_dns": "*.a.vn" }), "one host name"),
            (json!({ "tls_client_auth_san_dns": "a b" }), "printable"),
            (json!({ "tls_client_auth_san_uri": "" }), "printable"),
            (json!({ "tls_client_auth_san_ip": "a.vn" }), "IP address"),
            (json!({ "tls_client_auth_san_email": "a.vn" }), "mail address"),
            (json!({ "tls_client_auth_san_uri": "x".repeat(513) }), "512"),
            (json!({ "tls_client_auth_subject_dn": "bank" }), "RFC 4514"),
            (
                json!({ "tls_client_auth_san_dns": "a.vn", "token_endpoint_auth_method": "private_key_jwt" }),
                "go with tls_client_auth",
            ),
        ] {
            let told = CertificateName::of(&document(members.clone())).unwrap_err().to_string();
            assert!(told.contains(error), "{members}: {told}");
        }
    }
}
