//! Everything that can go wrong in front of a person: what happened, what to do, and a code to tell the help desk.

/// A trouble that takes a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No such system is connected (unknown `client_id`).
    UnknownSystem,
    /// The address to return to is not registered.
    ReturnAddress,
    /// The request of the system does not make sense.
    SystemRequest,
    /// The page lay open too long.
    Expired,
    /// The step was begun in another browser.
    OtherBrowser,
    /// The form is not from this session.
    StaleForm,
    /// What was sent could not be read.
    BadInput,
    /// What was sent is too large.
    TooLarge,
    /// The last passkey cannot be removed.
    LastPasskey,
    /// The thing is gone, or is not this person's.
    Gone,
    /// No such page.
    NotFound,
    /// The page is there, but not for this way of asking.
    MethodNotAllowed,
    /// Too many tries.
    TooManyRequests,
    /// Our own fault.
    Internal,
    /// A part of the service is down.
    Unavailable,
}

/// A trouble with a passkey: said on the page where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyTrouble {
    /// The passkey's answer did not prove right; unknown, removed, wrong and locked look alike.
    Refused,
    /// The step took too long; a fresh one is on the page.
    TooLate,
    /// No passkey came with the form: script off, or not supported.
    NotSent,
    /// The passkey is on the account already.
    AlreadyAdded,
    /// The device did not check that it is the person (no user verification).
    NotVerified,
}

/// A trouble with the code of a device: said on the page where it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCodeTrouble {
    /// No code has this form.
    Malformed,
    /// No device shows it.
    Unknown,
    /// It is too old.
    Expired,
    /// It was answered before.
    Used,
}

impl Trouble {
    /// Every trouble, in the order of the help page.
    pub const ALL: [Trouble; 15] = [
        Trouble::UnknownSystem,
        Trouble::ReturnAddress,
        Trouble::SystemRequest,
        Trouble::Expired,
        Trouble::OtherBrowser,
        Trouble::StaleForm,
        Trouble::BadInput,
        Trouble::TooLarge,
        Trouble::LastPasskey,
        Trouble::Gone,
        Trouble::NotFound,
        Trouble::MethodNotAllowed,
        Trouble::TooManyRequests,
        Trouble::Internal,
        Trouble::Unavailable,
    ];

    /// The code that people read out to the help desk; also its anchor on the help page.
    pub const fn code(self) -> &'static str {
        match self {
            Trouble::UnknownSystem => "KH-101",
            Trouble::ReturnAddress => "KH-102",
            Trouble::SystemRequest => "KH-103",
            Trouble::Expired => "KH-201",
            Trouble::OtherBrowser => "KH-202",
            Trouble::StaleForm => "KH-203",
            Trouble::BadInput => "KH-204",
            Trouble::TooLarge => "KH-205",
            Trouble::LastPasskey => "KH-302",
            Trouble::Gone => "KH-303",
            Trouble::NotFound => "KH-404",
            Trouble::MethodNotAllowed => "KH-405",
            Trouble::TooManyRequests => "KH-429",
            Trouble::Internal => "KH-500",
            Trouble::Unavailable => "KH-503",
        }
    }

    /// The text: its value is the title, `.what` what happened, `.todo` what to do.
    pub const fn key(self) -> &'static str {
        match self {
            Trouble::UnknownSystem => "trouble-unknown-system",
            Trouble::ReturnAddress => "trouble-return-address",
            Trouble::SystemRequest => "trouble-system-request",
            Trouble::Expired => "trouble-expired",
            Trouble::OtherBrowser => "trouble-other-browser",
            Trouble::StaleForm => "trouble-stale-form",
            Trouble::BadInput => "trouble-bad-input",
            Trouble::TooLarge => "trouble-too-large",
            Trouble::LastPasskey => "trouble-last-passkey",
            Trouble::Gone => "trouble-gone",
            Trouble::NotFound => "trouble-not-found",
            Trouble::MethodNotAllowed => "trouble-method-not-allowed",
            Trouble::TooManyRequests => "trouble-too-many-requests",
            Trouble::Internal => "trouble-internal",
            Trouble::Unavailable => "trouble-unavailable",
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Trouble::UnknownSystem
            | Trouble::ReturnAddress
            | Trouble::SystemRequest
            | Trouble::Expired
            | Trouble::BadInput
            | Trouble::LastPasskey => 400,
            Trouble::OtherBrowser | Trouble::StaleForm => 403,
            Trouble::Gone | Trouble::NotFound => 404,
            Trouble::MethodNotAllowed => 405,
            Trouble::TooLarge => 413,
            Trouble::TooManyRequests => 429,
            Trouble::Internal => 500,
            Trouble::Unavailable => 503,
        }
    }
}

impl PasskeyTrouble {
    /// Every trouble with a passkey.
    pub const ALL: [PasskeyTrouble; 5] = [
        PasskeyTrouble::Refused,
        PasskeyTrouble::TooLate,
        PasskeyTrouble::NotSent,
        PasskeyTrouble::AlreadyAdded,
        PasskeyTrouble::NotVerified,
    ];

    /// The code that people read out to the help desk; also its anchor on the help page.
    pub const fn code(self) -> &'static str {
        match self {
            PasskeyTrouble::Refused => "KH-312",
            PasskeyTrouble::TooLate => "KH-313",
            PasskeyTrouble::NotSent => "KH-314",
            PasskeyTrouble::AlreadyAdded => "KH-315",
            PasskeyTrouble::NotVerified => "KH-316",
        }
    }

    /// The text: its value is the title, `.what` what happened, `.todo` what to do.
    pub const fn key(self) -> &'static str {
        match self {
            PasskeyTrouble::Refused => "passkey-refused",
            PasskeyTrouble::TooLate => "passkey-too-late",
            PasskeyTrouble::NotSent => "passkey-not-sent",
            PasskeyTrouble::AlreadyAdded => "passkey-already-added",
            PasskeyTrouble::NotVerified => "passkey-not-verified",
        }
    }
}

impl UserCodeTrouble {
    /// Every trouble with the code of a device.
    pub const ALL: [UserCodeTrouble; 4] = [
        UserCodeTrouble::Malformed,
        UserCodeTrouble::Unknown,
        UserCodeTrouble::Expired,
        UserCodeTrouble::Used,
    ];

    /// The code that people read out to the help desk; also its anchor on the help page.
    pub const fn code(self) -> &'static str {
        match self {
            UserCodeTrouble::Malformed => "KH-321",
            UserCodeTrouble::Unknown => "KH-322",
            UserCodeTrouble::Expired => "KH-323",
            UserCodeTrouble::Used => "KH-324",
        }
    }

    /// The text: its value is the title, `.what` what happened, `.todo` what to do.
    pub const fn key(self) -> &'static str {
        match self {
            UserCodeTrouble::Malformed => "user-code-malformed",
            UserCodeTrouble::Unknown => "user-code-unknown",
            UserCodeTrouble::Expired => "user-code-expired",
            UserCodeTrouble::Used => "user-code-used",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_one_thing() {
        let mut codes: Vec<&str> = Trouble::ALL.map(Trouble::code).to_vec();
        codes.extend(PasskeyTrouble::ALL.map(PasskeyTrouble::code));
        codes.extend(UserCodeTrouble::ALL.map(UserCodeTrouble::code));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
