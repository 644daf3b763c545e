//! What a sealed value belongs to. It goes into the associated data: the value opens only where the same is said again.

use uuid::Uuid;

use super::keyring::SecretPurpose;

/// One field of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    column: &'static str,
    row: Uuid,
}

impl Place {
    /// The field `column` of the row `row` of `table`.
    pub const fn new(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row }
    }
}

/// Why something is sealed that travels with the person, or is found again by what she or a system brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagePurpose {
    /// An authorization request that is not finished yet.
    Interaction,
    /// The state of a WebAuthn ceremony.
    Ceremony,
    /// An authorization code.
    Code,
    /// What a device asks for, until a person brings its code.
    DeviceRequest,
    /// What a person answered about a device, until the device comes for it.
    DeviceAnswer,
    /// The proof that a form came from our own page.
    FormToken,
    /// A request to sign out, while the person is asked.
    Logout,
    /// Where a list goes on.
    Cursor,
    /// What an opaque access token stands for: it rests here, and is found by whoever presents the token.
    AccessToken,
}

impl PagePurpose {
    const fn label(self) -> &'static str {
        match self {
            PagePurpose::Interaction => "interaction",
            PagePurpose::Ceremony => "ceremony",
            PagePurpose::Code => "code",
            PagePurpose::DeviceRequest => "device-request",
            PagePurpose::DeviceAnswer => "device-answer",
            PagePurpose::FormToken => "form-token",
            PagePurpose::Logout => "logout",
            PagePurpose::Cursor => "cursor",
            PagePurpose::AccessToken => "access-token",
        }
    }
}

/// What a sealed value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding<'a> {
    /// A field of a row.
    Place(Place),
    /// Something that travels with a person.
    Page {
        /// Why it travels.
        purpose: PagePurpose,
        /// Whose it is (the digest of the browser's cookie, a client id); empty where anyone may bring it.
        holder: &'a [u8],
    },
    /// The secret of a client that signs assertions with it.
    ClientSecret {
        /// Whose it is.
        client: &'a [u8],
        /// Its keyed digest, by which its row is found.
        digest: &'a [u8],
    },
    /// A secret of the instance under the master key.
    InstanceSecret {
        /// What it is for.
        purpose: SecretPurpose,
        /// Which one of that purpose.
        version: u32,
    },
}

impl Binding<'_> {
    /// Parts with their lengths, so that no two bindings share an encoding.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        match self {
            Binding::Place(place) => {
                parts(&[b"place", place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()])
            }
            Binding::Page { purpose, holder } => parts(&[b"page", purpose.label().as_bytes(), holder]),
            Binding::ClientSecret { client, digest } => parts(&[b"client-secret", client, digest]),
            Binding::InstanceSecret { purpose, version } => {
                parts(&[b"instance-secret", purpose.as_str().as_bytes(), &version.to_be_bytes()])
            }
        }
    }
}

fn parts(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_bindings_share_an_encoding() {
        let row = Uuid::nil();
        let a = Binding::Place(Place::new("ab", "c", row)).to_bytes();
        let b = Binding::Place(Place::new("a", "bc", row)).to_bytes();
        assert_ne!(a, b);
    }
}
