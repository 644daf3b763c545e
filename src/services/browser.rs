//! The browser in front of us: told from others by a random cookie, whoever sits before it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Policy, Provider};
use crate::base::Timestamp;
use crate::base::ids::AccountId;
use crate::crypto::binding::PagePurpose;
use crate::crypto::token::{PlainToken, TokenKind};

/// How long a form may be filled in.
const FORM_LIFETIME: Duration = Policy::INTERACTION_LIFETIME;

/// A browser, as far as we know it.
#[derive(Debug)]
pub struct Browser {
    /// What sealed pages are bound to: the keyed digest of its cookie.
    pub holder: Vec<u8>,
    /// The cookie it must be given, where it brought none of ours.
    pub new_cookie: Option<PlainToken>,
}

/// What a form token holds.
#[derive(Serialize, Deserialize)]
struct FormToken {
    expires_at: Timestamp,
    /// Who was signed in when the form was shown.
    shown_to: Option<AccountId>,
}

impl Provider {
    /// The browser that brings `cookie`.
    pub fn browser(&self, cookie: Option<&str>) -> Browser {
        let known = cookie.and_then(|text| PlainToken::parse(TokenKind::Browser, text));
        let is_new = known.is_none();
        let token = known.unwrap_or_else(|| PlainToken::generate(TokenKind::Browser, self.entropy()));
        let holder = token.hash(&self.keyring).as_bytes().to_vec();
        Browser { holder, new_cookie: is_new.then_some(token) }
    }

    /// The proof that a form is our own page's: good for this browser, for an hour, and not for another person.
    pub fn form_token(&self, holder: &[u8], shown_to: Option<AccountId>) -> String {
        let token = FormToken { expires_at: self.now() + FORM_LIFETIME, shown_to };
        let content = postcard::to_stdvec(&token).unwrap_or_default();
        self.keyring.seal_page(PagePurpose::FormToken, holder, &content, self.entropy())
    }

    /// Whether `text` is a form token of this browser that whoever is signed in now may use.
    pub fn accepts_form_token(&self, holder: &[u8], signed_in: Option<AccountId>, text: &str) -> bool {
        let Ok(opened) = self.keyring.open_page(PagePurpose::FormToken, holder, text) else { return false };
        let Ok(token) = postcard::from_bytes::<FormToken>(opened.expose()) else { return false };
        let of_somebody_else =
            matches!((token.shown_to, signed_in), (Some(shown), Some(now)) if shown != now);
        self.now() < token.expires_at && !of_somebody_else
    }
}
