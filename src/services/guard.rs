//! Flooding: wrong tries from one place are counted, and past a limit told to wait.
//!
//! A right secret and a right passkey always go through: nobody locks another person or system out by failing in its
//! name. Beginning an account is counted as such, with room for classrooms that share one address.

use std::net::IpAddr;
use std::time::Duration;

use super::{Failure, Provider};
use crate::base::encoding::base64url;
use crate::crypto::keyring::DigestPurpose;
use crate::domain::audit::Place;

/// What can be tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// A system failed to authenticate.
    ClientAuthentication,
    /// A sign-in was refused.
    SignIn,
    /// An account was begun.
    NewAccount,
    /// A request was pushed in the name of a client that has no secret.
    PublicPush,
    /// A code of a device was brought, right or wrong.
    UserCode,
    /// A system registered itself.
    Registration,
    /// A request object was to be fetched.
    RequestUri,
}

impl Guarded {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ClientAuthentication => "client-authentication",
            Self::SignIn => "sign-in",
            Self::NewAccount => "new-account",
            Self::PublicPush => "public-push",
            Self::UserCode => "user-code",
            Self::Registration => "registration",
            Self::RequestUri => "request-uri",
        }
    }

    /// How many are let pass from one network within [`SPAN`].
    pub const fn limit(self) -> u64 {
        match self {
            Self::ClientAuthentication => 30,
            Self::SignIn => 100,
            // Two classrooms at once.
            Self::NewAccount => 120,
            // A whole school behind one address, each phone several times.
            Self::PublicPush => 3_000,
            // A row of kiosks; a guesser of 20^8 codes gets nowhere with it.
            Self::UserCode => 300,
            // A whole conformance suite, with one system a test.
            Self::Registration => 1_000,
            // A school behind one address, at a system that is slow to answer.
            Self::RequestUri => 300,
        }
    }
}

/// The span in which tries are counted.
pub const SPAN: Duration = Duration::from_secs(5 * 60);

/// Whether another try is welcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// Go on.
    Few,
    /// Come back after this span.
    TooMany(Duration),
}

impl Provider {
    /// Counts one more try from `place`.
    pub async fn count_try(&self, what: Guarded, place: &Place) -> Result<Tries, Failure> {
        let text = format!("tries {} {:?}", what.as_str(), network(place.address));
        let key = format!(
            "tries:{}",
            base64url(self.keyring.digest(DigestPurpose::Once, text.as_bytes()).as_bytes())
        );
        match self.shortlived.count(&key, SPAN).await? > what.limit() {
            true => Ok(Tries::TooMany(SPAN)),
            false => Ok(Tries::Few),
        }
    }
}

/// Whoever has one IPv6 address has the 2^64 beside it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
    }
}
