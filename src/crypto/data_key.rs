//! The key of one person's data. Where it is destroyed, everything sealed with it is unreadable.

use super::binding::{Binding, Place};
use super::master_key::{MasterKeys, UnwrapError};
use super::sealing::{DoesNotOpen, SealingKey};
use crate::base::entropy::random_bytes;
use crate::base::ids::AccountId;
use crate::base::{Entropy, Secret};

/// Seals and opens the personal fields of one person. Wiped from memory when dropped.
pub struct DataKey(Secret<[u8; 32]>);

impl DataKey {
    /// A fresh one.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self(Secret::new(random_bytes(entropy)))
    }

    pub(super) const fn from_secret(secret: Secret<[u8; 32]>) -> Self {
        Self(secret)
    }

    /// Wrapped by the master key for the row of `account`, to be stored.
    pub fn wrap(
        &self,
        account: AccountId,
        master: &MasterKeys,
        entropy: &(impl Entropy + ?Sized),
    ) -> Vec<u8> {
        master.wrap(&row_of(account), self.0.expose(), entropy)
    }

    /// The stored key of `account`.
    pub fn unwrap(account: AccountId, wrapped: &[u8], master: &MasterKeys) -> Result<Self, UnwrapError> {
        let opened = master.unwrap(&row_of(account), wrapped)?;
        let bytes = opened.expose().as_slice().try_into().map_err(|_| UnwrapError::DoesNotOpen)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// The stored key of `account` under the current master key; `None` where it already is.
    pub fn rewrap(
        account: AccountId,
        wrapped: &[u8],
        master: &MasterKeys,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Option<Vec<u8>>, UnwrapError> {
        master.rewrap(&row_of(account), wrapped, entropy)
    }

    /// Seals a field; it opens only in this place.
    pub fn seal_field(&self, place: Place, plaintext: &[u8], entropy: &(impl Entropy + ?Sized)) -> Vec<u8> {
        SealingKey::new(&self.0).seal(&Binding::Place(place), plaintext, entropy)
    }

    /// Opens what [`seal_field`](Self::seal_field) made for this place.
    pub fn open_field(&self, place: Place, sealed: &[u8]) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        SealingKey::new(&self.0).open(&Binding::Place(place), sealed)
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

const fn row_of(account: AccountId) -> Binding<'static> {
    Binding::Place(Place::new("data_key", "wrapped", account.uuid()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::master_key::MasterKeyKind;

    #[test]
    fn one_persons_key_is_useless_for_another() {
        let entropy = SeededEntropy::new(1);
        let master = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        let (an, binh) = (AccountId::from_uuid(Uuid::from_u128(1)), AccountId::from_uuid(Uuid::from_u128(2)));
        let key = DataKey::generate(&entropy);
        let wrapped = key.wrap(an, &master, &entropy);
        assert!(DataKey::unwrap(binh, &wrapped, &master).is_err());

        let place = Place::new("accounts", "name", an.uuid());
        let sealed = key.seal_field(place, "Nguyễn Thị Ánh".as_bytes(), &entropy);
        let again = DataKey::unwrap(an, &wrapped, &master).unwrap();
        assert_eq!(again.open_field(place, &sealed).unwrap().expose(), "Nguyễn Thị Ánh".as_bytes());
        assert!(DataKey::generate(&entropy).open_field(place, &sealed).is_err());
        assert!(again.open_field(Place::new("accounts", "name", binh.uuid()), &sealed).is_err());
    }
}
