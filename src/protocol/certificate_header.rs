//! A certificate that a proxy saw, in the header in which it tells of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::certificate::{NoCertificate, ShownCertificate};

/// How a proxy writes a certificate into a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateHeaderForm {
    /// RFC 9440: DER in base64 between colons; those above it in a header of their own.
    Rfc9440,
    /// PEM, percent-encoded, as nginx has it in `$ssl_client_escaped_cert`.
    EscapedPem,
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

impl CertificateHeaderForm {
    /// Reads what a proxy of ours wrote. It says nothing, or exactly one certificate; anything else is an attack.
    pub fn read(self, values: &[&str], chain: &[&str]) -> Result<Option<ShownCertificate>, NoCertificate> {
        let value = match values {
            [] => return Ok(None),
            [one] => one.trim(),
            _ => return Err(NoCertificate),
        };
        // nginx: nobody showed any.
        if value.is_empty() {
            return Ok(None);
        }
        let certificates = match self {
            Self::Rfc9440 => {
                let above = chain.iter().flat_map(|value| value.split(',')).map(between_colons);
                std::iter::once(between_colons(value)).chain(above).collect::<Option<Vec<_>>>()
            }
            Self::EscapedPem => pem(value),
        };
        let certificates = certificates.ok_or(NoCertificate)?;
        ShownCertificate::of_chain(certificates.iter().map(Vec::as_slice))
    }
}

/// RFC 8941 §3.3.5: a byte sequence.
fn between_colons(text: &str) -> Option<Vec<u8>> {
    let encoded = text.trim().strip_prefix(':')?.strip_suffix(':')?;
    STANDARD.decode(encoded).ok()
}

fn pem(value: &str) -> Option<Vec<Vec<u8>>> {
    let text = percent_decode_str(value).decode_utf8().ok()?;
    let mut rest = text.trim();
    let mut certificates = Vec::new();
    while !rest.is_empty() {
        let (body, behind) = rest.strip_prefix(BEGIN)?.split_once(END)?;
        let encoded: String = body.split_ascii_whitespace().collect();
        certificates.push(STANDARD.decode(encoded).ok()?);
        rest = behind.trim_start();
    }
    (!certificates.is_empty()).then_some(certificates)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn certificate() -> rcgen::Certificate {
        CertificateParams::new(vec![]).unwrap().self_signed(&KeyPair::generate().unwrap()).unwrap()
    }

    fn colons(der: &[u8]) -> String {
        format!(":{}:", STANDARD.encode(der))
    }

    fn escaped(pem: &str) -> String {
        percent_encoding::utf8_percent_encode(pem, percent_encoding::NON_ALPHANUMERIC).to_string()
    }

    #[test]
    fn each_form_is_read__rfc9440_2() {
        let (own, above) = (certificate(), certificate());
        let shown = CertificateHeaderForm::Rfc9440
            .read(&[&colons(own.der())], &[&format!("{}, {}", colons(above.der()), colons(above.der()))])
            .unwrap()
            .unwrap();
        assert_eq!((shown.leaf.der(), shown.intermediates.len()), (&own.der()[..], 2));
        let form = CertificateHeaderForm::EscapedPem;
        let shown = form.read(&[&escaped(&own.pem())], &[]).unwrap().unwrap();
        assert_eq!((shown.leaf.der(), shown.intermediates.len()), (&own.der()[..], 0));
        let both = escaped(&(own.pem() + &above.pem()));
        assert_eq!(form.read(&[&both], &[]).unwrap().unwrap().intermediates, [above.der().to_vec()]);
        for form in [CertificateHeaderForm::Rfc9440, CertificateHeaderForm::EscapedPem] {
            assert_eq!(form.read(&[], &[]), Ok(None));
            assert_eq!(form.read(&[" "], &[]), Ok(None), "nobody showed one");
        }
    }

    #[test]
    fn what_does_not_parse_is_refused() {
        let own = certificate();
        let good = colons(own.der());
        for wrong in
            ["x", ":", "::", ":AA==:", "(null)", "-----BEGIN CERTIFICATE-----", "%", "%ff", &good[1..]]
        {
            assert!(CertificateHeaderForm::Rfc9440.read(&[wrong], &[]).is_err(), "{wrong}");
            assert!(CertificateHeaderForm::EscapedPem.read(&[wrong], &[]).is_err(), "{wrong}");
        }
        assert!(CertificateHeaderForm::Rfc9440.read(&[&good, &good], &[]).is_err(), "one alone");
        assert!(CertificateHeaderForm::Rfc9440.read(&[&good], &["x"]).is_err());
        assert!(
            CertificateHeaderForm::EscapedPem.read(&[&good], &[]).is_err(),
            "the form that is configured"
        );
        let cut = escaped(&own.pem().replace("END", "AND"));
        assert!(CertificateHeaderForm::EscapedPem.read(&[&cut], &[]).is_err());
    }
}
