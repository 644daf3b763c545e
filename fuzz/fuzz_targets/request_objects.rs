//! What request objects say, and the addresses at which they may lie.
#![no_main]

use khue::base::Timestamp;
use khue::base::encoding::base64url;
use khue::crypto::jwt::{read_unsigned_jwt, says_unsigned};
use khue::protocol::request_object::{Expected, RequestObject};
use khue::protocol::{AuthorizationRequest, ClientProfile, Prefixes, RawParams, RequestUri};
use libfuzzer_sys::fuzz_target;

const NOW: Timestamp = Timestamp::from_seconds(1_795_420_800);

/// About the object, and never part of the request.
const ABOUT: [&str; 9] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "request", "request_uri"];

fuzz_target!(|text: &str| {
    claims(text);
    unsigned(text);
    address(text);
});

fn claims(text: &str) {
    let Ok(object) = serde_json::from_str::<RequestObject>(text) else { return };
    let good = ClientProfile::ALL.iter().filter(|profile| {
        let expected =
            Expected { client_id: "rp", issuer: "https://id.example", profile: **profile, is_signed: true };
        match object.check(&expected, NOW) {
            Ok(()) => true,
            Err(wrong) => {
                assert!(wrong.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)));
                false
            }
        }
    });
    if good.count() == 0 {
        return;
    }
    let query = object.to_query();
    let Ok(params) = RawParams::parse(query.as_bytes(), 8 * 1024) else { return };
    assert!(params.iter().all(|(name, _)| !ABOUT.contains(&name)), "{query}");
    assert_eq!(params.get("client_id"), Ok(Some("rp")));
    let _ = AuthorizationRequest::parse(&params, &Prefixes::default());
}

fn unsigned(text: &str) {
    let whole = read_unsigned_jwt::<RequestObject>(text);
    assert!(whole.is_err() || says_unsigned(text));
    let token = format!("{}.e30.", base64url(text));
    if let Ok((typ, _)) = read_unsigned_jwt::<RequestObject>(&token) {
        assert!(says_unsigned(&token));
        assert!(typ.is_none_or(|typ| !typ.bytes().any(|byte| byte.is_ascii_uppercase())));
    }
}

fn address(text: &str) {
    let (registered, presented) = text.split_once('\n').unwrap_or((text, text));
    let Ok(uri) = RequestUri::parse(registered) else { return };
    assert!(uri.accepts(registered) && uri.as_str().len() <= 512);
    if uri.accepts(presented) {
        let before = |text: &str| text.split('#').next().map(str::to_owned);
        assert_eq!(before(presented), before(registered), "only the hash may be added");
    }
}
