//! The page of everything that went wrong: what happened, what to do, the code, the reference number, the way on.

use std::time::Duration;

use crate::view::chrome::ReturnLink;
use crate::view::page::page;
use crate::view::trouble::Trouble;

/// One trouble on a page of its own. Answer with [`Trouble::status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TroublePage {
    /// What went wrong.
    pub trouble: Trouble,
    /// The system to return to.
    pub return_to: Option<ReturnLink>,
    /// When trying again makes sense.
    pub retry_after: Option<Duration>,
    /// For whoever built the system, in ASCII English: which parameter, which rule. Never a secret, never echoed input.
    pub technical: Option<String>,
}

impl TroublePage {
    /// The trouble alone.
    pub fn new(trouble: Trouble) -> Self {
        Self { trouble, return_to: None, retry_after: None, technical: None }
    }

    /// With a way back to the system.
    pub fn returning_to(mut self, link: Option<ReturnLink>) -> Self {
        self.return_to = link;
        self
    }

    /// Minutes to wait, rounded up; at least one.
    fn minutes(&self) -> Option<usize> {
        self.retry_after.map(|wait| usize::try_from(wait.as_secs().div_ceil(60)).unwrap_or(usize::MAX).max(1))
    }
}

page!(TroublePage, "trouble.html", |locale| TroublePage {
    trouble: Trouble::Expired,
    return_to: ReturnLink::sample(locale),
    retry_after: None,
    technical: None,
});
