//! What the client wants the person to be asked.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A value of `prompt` (OIDC Core §3.1.2.1, Initiating User Registration 1.0).
    Prompt {
        /// Ask nothing: answer from what is known, or with an error.
        None = "none",
        /// Sign in again.
        Login = "login",
        /// Ask for consent again.
        Consent = "consent",
        /// Let the person choose the account.
        SelectAccount = "select_account",
        /// Offer to create an account.
        Create = "create",
    }
}

/// What a request wants asked: nothing in particular, nothing at all, or some of the others. Never `none` together
/// with another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptSet(Vec<Prompt>);

/// Why a `prompt` was refused; each is `invalid_request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// OIDC Core §3.1.2.1.
    #[error("prompt=none must stand alone.")]
    NoneWithOthers,
    /// Initiating User Registration §4.1: a value that is not published is refused.
    #[error("prompt takes none, login, consent, select_account and create.")]
    Unknown,
}

impl PromptSet {
    /// Reads a space-separated list.
    pub fn parse(text: &str) -> Result<Self, PromptError> {
        let mut prompts = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let prompt = Prompt::parse(word).ok_or(PromptError::Unknown)?;
            if !prompts.contains(&prompt) {
                prompts.push(prompt);
            }
        }
        if prompts.contains(&Prompt::None) && prompts.len() > 1 {
            return Err(PromptError::NoneWithOthers);
        }
        Ok(Self(prompts))
    }

    /// Whether `prompt` was asked for.
    pub fn contains(&self, prompt: Prompt) -> bool {
        self.0.contains(&prompt)
    }

    /// Whether nothing may be asked (`prompt=none`).
    pub fn is_silent(&self) -> bool {
        self.contains(Prompt::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone__oidc_core_3_1_2_1() {
        assert!(PromptSet::parse("none").unwrap().is_silent());
        assert!(PromptSet::parse("none none").unwrap().is_silent());
        for other in ["login", "consent", "select_account", "create"] {
            for text in [format!("none {other}"), format!("{other} none")] {
                assert_eq!(PromptSet::parse(&text), Err(PromptError::NoneWithOthers), "{text:?}");
            }
        }
    }

    #[test]
    fn the_others_combine_and_unknown_ones_are_refused() {
        let prompts = PromptSet::parse("login  consent").unwrap();
        assert!(prompts.contains(Prompt::Login) && prompts.contains(Prompt::Consent));
        assert!(!prompts.contains(Prompt::Create) && !prompts.is_silent());
        for text in ["Login", "login,consent", "signup"] {
            assert_eq!(PromptSet::parse(text), Err(PromptError::Unknown), "{text:?}");
        }
        assert_eq!(PromptSet::parse(" "), Ok(PromptSet::default()));
    }
}
