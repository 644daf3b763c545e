//! The `claims` parameter.
#![no_main]

use khue::protocol::{ClaimsRequest, Prefixes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let prefixes = Prefixes::default();
    if let Ok(request) = ClaimsRequest::parse(text, &prefixes) {
        for (name, _) in request.userinfo.iter().chain(request.id_token.iter()) {
            // Escapes in JSON may hide the spelling, so only texts without them are looked into.
            assert!(text.contains('\\') || text.contains(&*name.wire_name(&prefixes)));
        }
    }
});
