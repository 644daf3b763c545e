//! What callers prove themselves with: Authorization headers, one a line, then an empty line and a body.
#![no_main]

use khue::protocol::params::BODY_LIMIT;
use khue::protocol::{AuthorizationHeader, Locale, PresentedAccessToken, PresentedCredentials, RawParams};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let _ = Locale::from_accept_language(head);
    let _ = Locale::from_ui_locales(head);
    let Ok(header) = AuthorizationHeader::parse(head.lines().map(str::as_bytes)) else { return };
    let Ok(params) = RawParams::parse(body.as_bytes(), BODY_LIMIT) else { return };
    if let Ok(PresentedCredentials::Basic { secret, .. } | PresentedCredentials::Post { secret, .. }) =
        PresentedCredentials::parse(header, &params)
    {
        assert!(!secret.expose().is_empty());
    }
    if let Ok(Some(token)) = PresentedAccessToken::parse(header, Some(&params)) {
        assert!(token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
    }
});
