//! What may be registered.

use khue::domain::client::Registration;
use serde_json::{Value, json};

use crate::kit::confidential;

fn with(changes: &Value) -> Result<Registration, String> {
    let mut document = serde_json::to_value(confidential("dichvucong")).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    serde_json::from_value(document).map_err(|error| error.to_string())
}

#[test]
fn an_address_is_https_or_this_machine_without_fragment__backchannel_logout_2_2() {
    let uri = "https://dichvucong.example.vn/backchannel?a=b";
    let good =
        with(&json!({ "backchannel_logout_uri": uri, "backchannel_logout_session_required": true })).unwrap();
    assert_eq!(good.backchannel_logout_uri.as_ref().unwrap().as_str(), uri);
    assert!(good.backchannel_logout_session_required);
    for (wrong, told) in [
        (
            "http://dichvucong.example.vn/x",
            "backchannel_logout_uri: http://dichvucong.example.vn/x must begin with",
        ),
        ("https://dichvucong.example.vn/x#y", "must not have a fragment"),
        ("https://a:b@dichvucong.example.vn/x", "must not have user information"),
        ("ftp://dichvucong.example.vn/x", "must begin with https://"),
        ("", "must have 1 to 2048 characters"),
    ] {
        let refused = with(&json!({ "backchannel_logout_uri": wrong })).unwrap_err();
        assert!(refused.contains(told), "{wrong}: {refused}");
    }
    let refused = with(&json!({ "backchannel_logout_session_required": true })).unwrap_err();
    assert!(refused.contains("needs a backchannel_logout_uri beside it"), "{refused}");
}
