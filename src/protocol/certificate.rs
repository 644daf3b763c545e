//! A certificate that a client shows (RFC 5280), as far as its names, its key and its time matter here.
//!
//! Nothing in it is proved by itself: who signed it, and whether its holder has the key, is judged elsewhere.

use std::net::IpAddr;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use super::distinguished_name::{ShownAttribute, ShownName};
use crate::base::Timestamp;

/// The largest certificate that is looked at, in bytes.
pub const LARGEST_CERTIFICATE: usize = 16 * 1024;

/// The most certificates that are taken with one: those between it and the root.
pub const MOST_INTERMEDIATES: usize = 8;

/// One certificate, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: ShownName,
    alternative_names: Vec<AlternativeName>,
    public_key: Vec<u8>,
    not_before: i64,
    not_after: i64,
}

/// A name besides the subject (RFC 5280 §4.2.1.6), of the kinds that a client is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlternativeName {
    /// A host.
    Dns(String),
    /// A URI.
    Uri(String),
    /// An address.
    Ip(IpAddr),
    /// A mail address.
    Email(String),
}

/// What a client shows of itself on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCertificate {
    /// Its own certificate.
    pub leaf: Certificate,
    /// Those that lead from it towards a root, as they came.
    pub intermediates: Vec<Vec<u8>>,
}

/// Why something is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an X.509 certificate in DER of at most 16 KiB")]
pub struct NoCertificate;

impl Certificate {
    /// Reads a certificate and nothing behind it.
    pub fn parse(der: &[u8]) -> Result<Self, NoCertificate> {
        if der.len() > LARGEST_CERTIFICATE {
            return Err(NoCertificate);
        }
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| NoCertificate)?;
        if !rest.is_empty() {
            return Err(NoCertificate);
        }
        let named = parsed.subject_alternative_name().map_err(|_| NoCertificate)?;
        let named = named.into_iter().flat_map(|extension| &extension.value.general_names);
        Ok(Self {
            subject: parsed.subject().iter().map(|part| part.iter().map(attribute).collect()).collect(),
            alternative_names: named.filter_map(alternative_name).collect(),
            public_key: parsed.public_key().raw.to_vec(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            der: der.to_vec(),
        })
    }

    /// The certificate itself.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whose it is.
    pub const fn subject(&self) -> &ShownName {
        &self.subject
    }

    /// What its holder is called besides.
    pub fn alternative_names(&self) -> &[AlternativeName] {
        &self.alternative_names
    }

    /// The key, as a SubjectPublicKeyInfo.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// RFC 5280 §4.1.2.5: both ends are part of it.
    pub const fn is_in_time(&self, now: Timestamp) -> bool {
        self.not_before <= now.seconds() && now.seconds() <= self.not_after
    }
}

impl ShownCertificate {
    /// What came on a connection, the client's own first; nothing where nothing came.
    pub fn of_chain<'a>(chain: impl IntoIterator<Item = &'a [u8]>) -> Result<Option<Self>, NoCertificate> {
        let mut chain = chain.into_iter();
        let Some(leaf) = chain.next() else { return Ok(None) };
        let intermediates: Vec<Vec<u8>> = chain.map(<[u8]>::to_vec).collect();
        if intermediates.len() > MOST_INTERMEDIATES {
            return Err(NoCertificate);
        }
        Ok(Some(Self { leaf: Certificate::parse(leaf)?, intermediates }))
    }
}

fn attribute(attribute: &x509_parser::x509::AttributeTypeAndValue<'_>) -> ShownAttribute {
    ShownAttribute {
        kind: attribute.attr_type().to_id_string(),
        text: attribute.as_str().ok().map(str::to_owned),
    }
}

fn alternative_name(name: &GeneralName<'_>) -> Option<AlternativeName> {
    match name {
        GeneralName::DNSName(name) => Some(AlternativeName::Dns((*name).to_owned())),
        GeneralName::URI(name) => Some(AlternativeName::Uri((*name).to_owned())),
        GeneralName::RFC822Name(name) => Some(AlternativeName::Email((*name).to_owned())),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok().map(AlternativeName::Ip)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, SanType};

    use super::*;

    fn made() -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["a.example.vn".to_owned()]).unwrap();
        params.subject_alt_names.push(SanType::IpAddress([192, 0, 2, 1].into()));
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn names_key_and_time_are_read() {
        let certificate = Certificate::parse(&made()).unwrap();
        assert_eq!(
            certificate.alternative_names(),
            [AlternativeName::Dns("a.example.vn".into()), AlternativeName::Ip([192, 0, 2, 1].into())]
        );
        assert!(!certificate.public_key().is_empty());
        assert!(certificate.is_in_time(Timestamp::from_seconds(1_795_420_800)));
        assert!(!certificate.is_in_time(Timestamp::from_seconds(-1_000_000_000)));
    }

    #[test]
    fn a_certificate_stands_alone_and_whole() {
        let der = made();
        for wrong in
            [&[][..], &der[..der.len() - 1], &[&der[..], &[0]].concat(), b"-----BEGIN CERTIFICATE-----"]
        {
            assert_eq!(Certificate::parse(wrong), Err(NoCertificate));
        }
        assert_eq!(ShownCertificate::of_chain([]), Ok(None));
        let many = vec![&der[..]; MOST_INTERMEDIATES + 2];
        assert_eq!(ShownCertificate::of_chain(many), Err(NoCertificate));
    }
}
