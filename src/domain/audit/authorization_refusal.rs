//! Why a request was refused to which its person could not give the answer.

use crate::protocol::AuthorizationErrorCode;
use crate::protocol::wire_enum::wire_enum;

wire_enum! {
    /// Why a system, or a device of it, got nothing although its person did not say no.
    AuthorizationRefusal {
        /// It demands a level that her sign-in cannot reach.
        LevelNotMet = "level_not_met",
        /// It means another person.
        OtherPerson = "other_person",
    }
}

impl AuthorizationRefusal {
    /// What lies behind `code`; nothing where a page could still be shown.
    pub const fn behind(code: AuthorizationErrorCode) -> Option<Self> {
        match code {
            AuthorizationErrorCode::UnmetAuthenticationRequirements => Some(Self::LevelNotMet),
            AuthorizationErrorCode::LoginRequired => Some(Self::OtherPerson),
            _ => None,
        }
    }
}
