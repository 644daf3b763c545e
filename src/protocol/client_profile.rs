//! How strictly a system is held.

use super::SigningAlgorithm;
use super::wire_enum::wire_enum;

wire_enum! {
    /// What a system is registered under. Nobody is registered for what its profile refuses, so nobody is given it.
    ClientProfile {
        /// FAPI 2.0 Security Profile: pushed requests, keys instead of secrets, tokens that are good for one sender alone.
        Fapi2 = "fapi2",
        /// RFC 9700: codes with PKCE, and nothing that passes tokens through a browser.
        Modern = "modern",
        /// As `modern`, with exceptions for systems that know nothing better.
        Legacy = "legacy",
    }
}

/// Where people may be sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoodFor {
    /// By every instance.
    Everybody,
    /// Where everybody is invented.
    Sandboxes,
    /// By none.
    Nobody,
}

impl GoodFor {
    /// Whether that is so where `in_sandbox` says what the instance is.
    pub const fn holds(self, in_sandbox: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::Sandboxes => in_sandbox,
            Self::Nobody => false,
        }
    }
}

impl ClientProfile {
    /// Where people of a system of this profile may be sent to `address`.
    ///
    /// FAPI 2.0 Security Profile §5.3.2.2: https. Plain http is of this machine alone, to try out; a private scheme can be
    /// claimed by others.
    pub fn redirects_to(self, address: &str) -> GoodFor {
        match (self, address.split(':').next()) {
            (Self::Modern | Self::Legacy, _) | (Self::Fapi2, Some("https")) => GoodFor::Everybody,
            (Self::Fapi2, Some("http")) => GoodFor::Sandboxes,
            (Self::Fapi2, _) => GoodFor::Nobody,
        }
    }

    /// Whether a system of this profile may sign, or have signed, with `algorithm`.
    pub const fn takes(self, algorithm: SigningAlgorithm) -> bool {
        match self {
            // FAPI 2.0 Security Profile §5.4.1.
            Self::Fapi2 => matches!(
                algorithm,
                SigningAlgorithm::PS256 | SigningAlgorithm::ES256 | SigningAlgorithm::EdDSA
            ),
            Self::Modern | Self::Legacy => true,
        }
    }

    /// Whether each use of a refresh token gives another one in its place.
    ///
    /// FAPI 2.0 Security Profile §5.3.2.1: where only its client can use a token, changing it all the time gains nothing,
    /// and each lost answer costs a sign-in.
    pub const fn rotates_refresh_tokens(self) -> bool {
        match self {
            Self::Fapi2 => false,
            Self::Modern | Self::Legacy => true,
        }
    }
}
