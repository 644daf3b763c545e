//! The personal part of an event: sealed before it is stored, unreadable once its person is erased.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::SaltedDetail;

/// The most characters of a device's self-description that are kept.
const DEVICE_LIMIT: usize = 300;

/// Where somebody acted from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The network address.
    pub address: IpAddr,
    /// The source port: many people share one address.
    pub port: u16,
    /// What the device says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

impl Place {
    /// A place, with the `User-Agent` as far as it can be shown.
    pub fn new(address: IpAddr, port: u16, user_agent: Option<&str>) -> Self {
        let device = user_agent.map(|text| {
            text.chars().filter(|c| !c.is_control()).take(DEVICE_LIMIT).collect::<String>().trim().to_owned()
        });
        Self { address: address.to_canonical(), port, device: device.filter(|text| !text.is_empty()) }
    }

    /// The form that is sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Place::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place(…)")
    }
}

/// Everything personal about an event.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    /// Where it was done from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What the person called the thing at hand, such as a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What exactly she agreed to (RFC 9396).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<SaltedDetail>,
}

impl Personal {
    /// The form that is sealed; nothing where there is nothing personal.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        if *self == Self::default() { None } else { serde_json::to_vec(self).ok() }
    }

    /// Reads what [`Personal::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_and_is_never_shown_by_accident() {
        let mapped = "::ffff:192.0.2.7".parse().unwrap();
        let place = Place::new(mapped, 40_123, Some(" Mozilla/5.0\u{0} (Android) "));
        assert_eq!(place.address.to_string(), "192.0.2.7");
        assert_eq!(place.device.as_deref(), Some("Mozilla/5.0 (Android)"));
        assert_eq!(Place::from_bytes(&place.to_bytes()), Some(place.clone()));
        assert_eq!(Place::new(mapped, 1, Some(&"x".repeat(1_000))).device.unwrap().len(), DEVICE_LIMIT);
        let personal = Personal { place: Some(place), ..Personal::default() };
        assert_eq!(format!("{personal:?}"), "Personal(…)");
        assert_eq!(Personal::from_bytes(&personal.to_bytes().unwrap()), Some(personal));
        assert_eq!(Personal::default().to_bytes(), None);
    }
}
