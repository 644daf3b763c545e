//! What a logout token says.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::id_token::numeric_date;
use crate::base::Timestamp;

/// The event that a logout token tells of (Back-Channel Logout §2.4).
const BACKCHANNEL_LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token (Back-Channel Logout §2.4), in the order in which they are written. There is no `nonce`:
/// that keeps it from being taken for an ID token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogoutTokenClaims<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// The person, as this client knows her.
    pub sub: &'a str,
    /// The client.
    pub aud: &'a str,
    /// When this token was made.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// When it ends.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// What is told; the same however often it is told.
    pub jti: &'a str,
    /// The session that ended, as this client knows it.
    pub sid: &'a str,
    /// That it ended.
    pub events: LogoutEvent,
}

/// The member `events`: one event, about which there is nothing more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogoutEvent;

impl Serialize for LogoutEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(Some(1))?;
        events.serialize_entry(BACKCHANNEL_LOGOUT, &serde_json::Map::new())?;
        events.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_says_who_where_and_what__backchannel_logout_2_4() {
        let token = LogoutTokenClaims {
            iss: "https://id.example",
            sub: "s",
            aud: "rp",
            iat: Timestamp::from_seconds(1_000),
            exp: Timestamp::from_seconds(1_120),
            jti: "j",
            sid: "d",
            events: LogoutEvent,
        };
        assert_eq!(
            serde_json::to_string(&token).unwrap(),
            concat!(
                r#"{"iss":"https://id.example","sub":"s","aud":"rp","iat":1000,"exp":1120,"jti":"j","sid":"d","#,
                r#""events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#
            )
        );
    }
}
