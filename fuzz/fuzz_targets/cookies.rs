//! Cookie headers, one a line.
#![no_main]

use khue::protocol::find_cookie;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let headers = || bytes.split(|byte| *byte == b'\n');
    for name in ["__Host-khue_session", "__Host-khue_browser"] {
        if let Ok(Some(value)) = find_cookie(headers(), name) {
            assert!(!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()));
            let pair = format!("{name}={value}");
            assert!(bytes.windows(pair.len()).any(|window| window == pair.as_bytes()));
        }
    }
});
