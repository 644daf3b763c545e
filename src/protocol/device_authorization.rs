//! The answer of the device authorization endpoint.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::token_response::whole_seconds;

/// What a device shows, and what it asks with (RFC 8628 §3.2). Sent with `Cache-Control: no-store`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DeviceAuthorization {
    /// What the device asks the token endpoint with.
    pub device_code: String,
    /// What it shows to its person.
    pub user_code: String,
    /// Where she types that.
    pub verification_uri: String,
    /// The same address with the code in it: for a QR code.
    pub verification_uri_complete: String,
    /// How long both codes are good.
    #[serde(serialize_with = "whole_seconds")]
    pub expires_in: Duration,
    /// How long the device waits between two questions.
    #[serde(serialize_with = "whole_seconds")]
    pub interval: Duration,
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceAuthorization(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_that_of_the_standard__rfc8628_3_2() {
        let response = DeviceAuthorization {
            device_code: "khue_dc_x".to_owned(),
            user_code: "BCDF-GHJK".to_owned(),
            verification_uri: "https://id.example/device/verify".to_owned(),
            verification_uri_complete: "https://id.example/device/verify?user_code=BCDF-GHJK".to_owned(),
            expires_in: Duration::from_secs(600),
            interval: Duration::from_secs(5),
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            concat!(
                r#"{"device_code":"khue_dc_x","user_code":"BCDF-GHJK","verification_uri":"https://id.example/device/verify","#,
                r#""verification_uri_complete":"https://id.example/device/verify?user_code=BCDF-GHJK","expires_in":600,"interval":5}"#
            )
        );
        assert_eq!(format!("{response:?}"), "DeviceAuthorization(…)");
    }
}
