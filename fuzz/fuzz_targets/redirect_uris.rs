//! Registered and presented redirect URIs, one a line.
#![no_main]

use khue::protocol::{ApplicationType, PostLogoutRedirectUri, RegisteredRedirectUri};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let (registered, presented) = text.split_once('\n').unwrap_or((text, text));
    for application in [ApplicationType::Web, ApplicationType::Native] {
        if let Ok(uri) = PostLogoutRedirectUri::parse(registered, application) {
            assert_eq!(uri.matches(presented), registered == presented);
        }
        let Ok(uri) = RegisteredRedirectUri::parse(registered, application) else { continue };
        assert!(uri.matches(registered));
        let Some(accepted) = uri.accept(presented) else { continue };

        let target =
            Url::parse(&accepted.with_query([("code", "c")])).expect("an address that a browser can read");
        let meant = Url::parse(registered).expect("an address that a browser can read");
        assert_eq!((target.scheme(), target.host_str()), (meant.scheme(), meant.host_str()));
        assert!(target.username().is_empty() && target.password().is_none() && target.fragment().is_none());
        if registered != presented {
            // RFC 8252 §7.3: nothing but the port of a loopback address may differ.
            assert!(matches!(target.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")));
            assert_eq!((target.scheme(), target.path()), ("http", meant.path()));
        }
        let scripts = ["javascript", "data", "vbscript", "file", "blob", "about"];
        assert!(!scripts.contains(&target.scheme()));
    }
});
