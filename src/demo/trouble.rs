//! What can go wrong: before serving, and while signing somebody in.

/// Why a demo system does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// An address among the settings is none.
    #[error("not a web address: {0}")]
    Address(#[from] openidconnect::url::ParseError),
    /// The client for outgoing requests was not made.
    #[error("no client for outgoing requests: {0}")]
    Outgoing(#[from] openidconnect::reqwest::Error),
    /// The listener failed.
    #[error("the listener failed: {0}")]
    Listener(#[source] std::io::Error),
}

/// Why somebody is not signed in. The text is for the log; pages say it in the visitor's language.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The issuer does not answer, or not as the standard says.
    #[error("the issuer cannot be used: {0}")]
    Provider(String),
    /// An answer to a sign-in that this browser did not begin here, or began too long ago.
    #[error("no sign-in of this browser fits the answer")]
    NotBegunHere,
    /// The answer came from another issuer (RFC 9207).
    #[error("the answer came from another issuer")]
    OtherIssuer,
    /// The person declined to share.
    #[error("the person declined")]
    Declined,
    /// The issuer refused with this code.
    #[error("the issuer refused: {0}")]
    Refused(String),
    /// A token or its claims do not verify.
    #[error("what the issuer sent cannot be trusted: {0}")]
    Untrusted(String),
}

impl Trouble {
    /// The code shown on the page, for whoever is asked for help.
    pub fn code(&self) -> &str {
        match self {
            Self::Provider(_) => "provider_unreachable",
            Self::NotBegunHere => "not_begun_here",
            Self::OtherIssuer => "other_issuer",
            Self::Declined => "access_denied",
            Self::Refused(code) => code,
            Self::Untrusted(_) => "untrusted",
        }
    }
}
