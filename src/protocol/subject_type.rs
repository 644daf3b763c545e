//! Kinds of subject identifiers.

use super::wire_enum::wire_enum;

wire_enum! {
    /// How `sub` is made for a client (OIDC Core §8).
    SubjectType {
        /// A different one per sector, so that two systems cannot join their records.
        Pairwise = "pairwise",
        /// The same for every client.
        Public = "public",
    }
}
