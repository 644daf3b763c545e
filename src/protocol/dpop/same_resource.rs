//! Whether an address in a proof is ours.

use std::borrow::Cow;

use url::Url;

/// Whether `htu` names the endpoint at `own`: without query and fragment, after the normalisation of RFC 3986 §6.2.2 and
/// §6.2.3 (RFC 9449 §4.3). `own` comes from the configured issuer: what the Host header says is anybody's word.
pub fn is_same_resource(htu: &str, own: &str) -> bool {
    // Most clients send exactly what discovery gives.
    if htu == own {
        return true;
    }
    // The parser of `url` forgives spaces around and line ends within, which no address has.
    if htu.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return false;
    }
    match (Url::parse(htu), Url::parse(own)) {
        (Ok(htu), Ok(own)) => {
            htu.origin() == own.origin()
                && htu.username().is_empty()
                && htu.password().is_none()
                && unescaped(htu.path()) == unescaped(own.path())
        }
        _ => false,
    }
}

/// RFC 3986 §6.2.2.2: an unreserved character may stand for itself or be escaped; it means the same.
fn unescaped(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let escaped = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let is_unreserved = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
        match escaped.filter(is_unreserved) {
            Some(byte) => plain.push(char::from(byte)),
            None => plain.extend(["%", &after.get(..2).unwrap_or_default().to_ascii_uppercase()]),
        }
        rest = after.get(2..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_after_normalisation__rfc9449_4_3() {
        let own = "https://id.example.vn/khue/token";
        for same in [
            "https://id.example.vn/khue/token",
            "HTTPS://ID.Example.VN/khue/token",
            "https://id.example.vn:443/khue/token",
            "https://id.example.vn/khue/token?a=b#c",
            "https://id.example.vn/khue/./x/../token",
            "https://id.example.vn/%6bhue/%74oken",
        ] {
            assert!(is_same_resource(same, own), "{same}");
        }
        for other in [
            "http://id.example.vn/khue/token",
            "https://id.example.vn:8443/khue/token",
            "https://id.example.vn/khue/token/",
            "https://id.example.vn/khue/TOKEN",
            "https://id.example.vn/token",
            "https://id.example.vn/khue%2Ftoken",
            "https://id.example.vn.evil.example/khue/token",
            "https://id@id.example.vn/khue/token",
            "https://:x@id.example.vn/khue/token",
            " https://id.example.vn/khue/token",
            "https://id.example.vn/khue/to\tken",
            "https://id.example.vn/khue/token%",
            "https://id.example.vn/khue/token%é",
            "/khue/token",
            "",
        ] {
            assert!(!is_same_resource(other, own), "{other}");
        }
    }
}
