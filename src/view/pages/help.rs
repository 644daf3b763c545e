//! `/help`: questions and answers, and every code with what to do; works without script.

use crate::view::page::page;
use crate::view::trouble::{PasskeyTrouble, Trouble, UserCodeTrouble};

/// Help for everyone. Each code of [`Trouble`], [`PasskeyTrouble`] and [`UserCodeTrouble`] is an anchor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpPage;

impl HelpPage {
    /// Code and text of every trouble, by code.
    fn codes(&self) -> Vec<(&'static str, &'static str)> {
        let mut codes: Vec<_> =
            Trouble::ALL.into_iter().map(|trouble| (trouble.code(), trouble.key())).collect();
        codes.extend(PasskeyTrouble::ALL.into_iter().map(|trouble| (trouble.code(), trouble.key())));
        codes.extend(UserCodeTrouble::ALL.into_iter().map(|trouble| (trouble.code(), trouble.key())));
        codes.sort_unstable();
        codes
    }
}

page!(HelpPage, "help.html", |_| HelpPage);
