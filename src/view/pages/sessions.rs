//! `/account/sessions`: where the person is signed in.

use crate::base::Timestamp;
use crate::view::page::page;

/// Active sessions. Ending one posts `form_token` and `id` to `/account/sessions/end`; ending all others posts
/// `form_token` to `/account/sessions/end-others`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionsPage {
    /// The sessions, this one first.
    pub sessions: Vec<SessionView>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// A public handle of it, never the secret.
    pub id: String,
    /// Browser and system (`view::agent::device_name`), if known.
    pub device: Option<String>,
    /// The address it came from.
    pub place: Option<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it was last used.
    pub last_seen: Timestamp,
    /// Whether it is the one looking.
    pub which: WhichSession,
}

/// Whether a session is the one looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichSession {
    /// This browser.
    This,
    /// Some other.
    Other,
}

impl SessionView {
    fn is_this(&self) -> bool {
        self.which == WhichSession::This
    }
}

impl SessionsPage {
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_this())
    }
}

page!(SessionsPage, "sessions.html", |_| SessionsPage {
    sessions: vec![
        SessionView {
            id: "s1".to_owned(),
            device: Some("Chrome · Android".to_owned()),
            place: Some("203.0.113.7".to_owned()),
            started: Timestamp::from_seconds(1_795_390_000),
            last_seen: Timestamp::from_seconds(1_795_400_000),
            which: WhichSession::This,
        },
        SessionView {
            id: "s2".to_owned(),
            device: None,
            place: Some("198.51.100.24".to_owned()),
            started: Timestamp::from_seconds(1_795_300_000),
            last_seen: Timestamp::from_seconds(1_795_310_000),
            which: WhichSession::Other,
        },
    ],
});
