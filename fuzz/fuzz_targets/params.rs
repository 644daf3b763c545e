//! Queries and form bodies, and every request that is read from them.
#![no_main]

use khue::protocol::params::BODY_LIMIT;
use khue::protocol::{
    AuthorizationDetail, AuthorizationRequest, GrantRequest, Issuer, LogoutRequest, Prefixes, RawParams,
    ResourceDescriptor, UserCode,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(params) = RawParams::parse(bytes, BODY_LIMIT) else { return };
    // Nothing is lost or gained on the way through a sealed page or a link.
    assert_eq!(RawParams::parse(params.to_query().as_bytes(), usize::MAX), Ok(params.clone()));

    if let Err(error) = AuthorizationRequest::parse(&params, &Prefixes::default()) {
        assert_plain(&error.description);
    }
    if let Err(error) = GrantRequest::parse(&params) {
        assert_plain(&error.description);
    }
    let _ = LogoutRequest::parse(&params);
    let issuer = Issuer::parse("https://id.example").expect("an issuer");
    let _ = ResourceDescriptor::answer(&params, &issuer);
    typed(&params);
    agreed(&params);
});

/// What somebody types is a code or none, and a code is the same however it was typed.
fn typed(params: &RawParams) {
    let Ok(Some(text)) = params.get("user_code") else { return };
    if let Some(code) = UserCode::parse(text) {
        assert!(UserCode::parse(&code.to_string()).is_some_and(|again| again == code));
    }
}

/// What is kept of what a person agrees to is what she was asked.
fn agreed(params: &RawParams) {
    let Ok(Some(text)) = params.get("authorization_details") else { return };
    if let Ok(details) = AuthorizationDetail::parse_all(text) {
        let kept: Vec<String> = details.iter().map(AuthorizationDetail::canonical).collect();
        assert_eq!(AuthorizationDetail::parse_all(&format!("[{}]", kept.join(","))), Ok(details));
    }
}

/// RFC 6749 §5.2: printable ASCII without quote and backslash.
fn assert_plain(description: &str) {
    assert!(description.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"\"\\".contains(&byte)));
}
