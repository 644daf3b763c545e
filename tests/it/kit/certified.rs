//! Certificates of clients, and those who make them.

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use khue::base::encoding::base64url;
use khue::crypto::signing::{SigningKey, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

/// Whoever certifies others.
pub struct Authority {
    pub certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub struct Certified {
    pub certificate: Certificate,
    pub key: KeyPair,
    jwk: Value,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// What a client's certificate says, to be changed.
pub fn client_params() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["ngan-hang.example.vn".to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "VN");
    params.distinguished_name.push(DnType::OrganizationName, "Ngân hàng");
    params.distinguished_name.push(DnType::CommonName, "client");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

impl Authority {
    /// One that certifies itself.
    pub fn root(name: &str) -> Self {
        let (params, key) = (authority(name), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// One that this one certifies.
    pub fn below(&self, name: &str) -> Self {
        let (params, key) = (authority(name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Certifies a new key.
    pub fn certify(&self, params: &CertificateParams) -> Certified {
        Certified::of(|key| params.signed_by(key, &self.issuer).unwrap())
    }

    /// A client's certificate.
    pub fn client(&self) -> Certified {
        self.certify(&client_params())
    }

    /// Its own certificate in a file.
    pub fn file(&self) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), self.certificate.pem()).unwrap();
        file
    }
}

impl Certified {
    fn of(certify: impl FnOnce(&KeyPair) -> Certificate) -> Self {
        let pkcs8 = generate_pkcs8(SigningAlgorithm::ES256).unwrap();
        let jwk = SigningKey::from_pkcs8(SigningAlgorithm::ES256, pkcs8.expose()).unwrap();
        let key = KeyPair::try_from(pkcs8.expose().as_slice()).unwrap();
        Self { certificate: certify(&key), jwk: serde_json::to_value(jwk.public_jwk()).unwrap(), key }
    }

    /// One that nobody else signed.
    pub fn by_itself(params: &CertificateParams) -> Self {
        Self::of(|key| params.self_signed(key).unwrap())
    }

    /// Another certificate of the same key.
    pub fn renewed(&self) -> Certificate {
        client_params().self_signed(&self.key).unwrap()
    }

    /// Its key as a set.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// Its key and the certificate itself as a set.
    pub fn certified_jwks(&self) -> Value {
        let mut jwk = self.jwk.clone();
        jwk["x5c"] = json!([STANDARD.encode(self.certificate.der())]);
        json!({ "keys": [jwk] })
    }

    /// As `cnf` names it.
    pub fn thumbprint(&self) -> String {
        base64url(digest(&SHA256, self.certificate.der()))
    }

    /// Certificate and key in PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem() + &self.key.serialize_pem()
    }
}

/// As RFC 9440 has it.
pub fn between_colons(certificate: &Certificate) -> String {
    format!(":{}:", STANDARD.encode(certificate.der()))
}

/// As nginx has it.
pub fn escaped_pem(certificate: &Certificate) -> String {
    utf8_percent_encode(&certificate.pem(), NON_ALPHANUMERIC).to_string()
}

/// `request` as the proxy sends it on that saw `certificate`.
pub fn seen_with(mut request: Request<Body>, certificate: &Certificate) -> Request<Body> {
    let value = HeaderValue::from_str(&between_colons(certificate)).unwrap();
    request.headers_mut().append("client-cert", value);
    request
}
