//! Requests as they go over the wire.

/// A request with its headers and body.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: id.bench.example\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() {
        text.push_str("content-type: application/x-www-form-urlencoded\r\n");
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    text.extend(["\r\n", body]);
    text
}

/// A value as it stands in a query or a form.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
