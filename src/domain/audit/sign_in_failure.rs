//! Why a sign-in was refused.

use crate::protocol::wire_enum::wire_enum;

wire_enum! {
    /// Why a sign-in was refused. Recorded, never told to whoever tried.
    SignInFailure {
        /// No account has this passkey.
        UnknownCredential = "unknown_credential",
        /// The passkey's answer does not hold: challenge, origin, relying party or signature.
        NotProved = "not_proved",
        /// The passkey's owner was not verified.
        UserNotVerified = "user_not_verified",
        /// The passkey's counter went back: it may have been copied.
        CounterWentBack = "counter_went_back",
        /// The passkey names another owner than the account's.
        OtherOwner = "other_owner",
        /// The page had expired, or belongs to another browser.
        CeremonyExpired = "ceremony_expired",
        /// The account is disabled.
        AccountDisabled = "account_disabled",
        /// Another person is signed in than the one the system means.
        OtherPerson = "other_person",
        /// Too many tries.
        TooManyTries = "too_many_tries",
    }
}
