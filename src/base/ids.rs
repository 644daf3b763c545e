//! Identifiers of rows: UUIDv7 (RFC 9562 §5.7), each kind its own type so that one is never passed for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Timestamp;
use super::entropy::{Entropy, random_bytes};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one, ordered by `now`.
            pub fn generate(now: Timestamp, entropy: &(impl Entropy + ?Sized)) -> Self {
                Self(uuid_v7(now, entropy))
            }

            /// As stored.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// For storage.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the hyphenated or plain text form.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// A person's account.
    AccountId
    /// A passkey of an account.
    CredentialId
    /// A browser session of a signed-in person.
    SessionId
    /// What a person agreed to share with one client.
    ConsentId
    /// The tokens that came from one authorization.
    FamilyId
    /// An access token that a system was given for itself.
    ServiceTokenId
    /// A signing key's row.
    SigningKeyId
    /// One entry of the audit log.
    AuditEventId
    /// One logout token on its way to one system.
    LogoutDeliveryId
    /// One ceremony (sign-in, registration) under way.
    CeremonyId
}

/// RFC 9562 §6.2, method 3: the twelve bits behind the millisecond are its fraction, so that what one request brings about
/// keeps its order.
fn uuid_v7(now: Timestamp, entropy: &(impl Entropy + ?Sized)) -> Uuid {
    let millis = u64::try_from(now.micros().div_euclid(1_000)).unwrap_or(0);
    let fraction = u16::try_from(now.micros().rem_euclid(1_000) * 4_096 / 1_000).unwrap_or(0);
    let [high, low] = fraction.to_be_bytes();
    let [a, b, c, d, e, f, g, h] = random_bytes::<8>(entropy);
    uuid::Builder::from_unix_timestamp_millis(millis, &[high, low, a, b, c, d, e, f, g, h]).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SeededEntropy;

    #[test]
    fn ids_of_one_millisecond_keep_the_order_of_their_microseconds__rfc9562_6_2() {
        let entropy = SeededEntropy::new(1);
        let ids: Vec<_> =
            (0..3_000).map(|micros| CeremonyId::generate(Timestamp::from_micros(micros), &entropy)).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
    }
}
