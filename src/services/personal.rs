//! Personal fields: sealed with the data key of their person before they are stored.

use super::{Failure, Provider};
use crate::base::ids::{AccountId, CredentialId, FamilyId, SessionId};
use crate::crypto::binding::Place as Cell;
use crate::crypto::data_key::DataKey;
use crate::domain::access::GrantedDetail;
use crate::domain::audit::Place;
use crate::domain::profile::Profile;
use crate::domain::token_family::TokenFamily;
use crate::storage::{AccountIndex, KeyedAccount};

impl Provider {
    /// The data key of `account`.
    pub(super) fn data_key(&self, account: AccountId, wrapped: &[u8]) -> Result<DataKey, Failure> {
        Ok(DataKey::unwrap(account, wrapped, &self.master)?)
    }

    /// The account of somebody who is signed in, with its data key.
    pub(super) async fn keyed_owner(&self, account: AccountId) -> Result<(KeyedAccount, DataKey), Failure> {
        let owner = self.db.read().await?.account(account).await?;
        let owner = owner.ok_or(Failure::Unreadable { table: "session" })?;
        let key = self.data_key(account, &owner.data_key)?;
        Ok((owner, key))
    }

    /// An account's profile.
    pub(super) fn open_profile(&self, owner: &KeyedAccount, key: &DataKey) -> Result<Profile, Failure> {
        let cell = Cell::new("account", "profile", owner.account.id.uuid());
        let bytes = key.open_field(cell, &owner.account.profile).map_err(Failure::sealed("account"))?;
        serde_json::from_slice(bytes.expose()).map_err(|_| Failure::Unreadable { table: "account" })
    }

    /// A profile as stored.
    pub(super) fn seal_profile(
        &self,
        account: AccountId,
        key: &DataKey,
        profile: &Profile,
    ) -> Result<Vec<u8>, Failure> {
        let bytes = serde_json::to_vec(profile).map_err(|_| Failure::Unreadable { table: "account" })?;
        Ok(key.seal_field(Cell::new("account", "profile", account.uuid()), &bytes, self.entropy()))
    }

    /// The blind indexes by which a profile is found without being read.
    pub(super) fn indexes(&self, profile: &Profile) -> Vec<AccountIndex> {
        let index = self.keyring.blind_index();
        let row = |kind, digest: crate::crypto::digest::Digest| AccountIndex {
            kind,
            digest: digest.as_bytes().to_vec(),
        };
        let names = index.name(profile.name.as_str()).into_iter().map(|digest| row("name", digest));
        let email = profile.email.iter().map(|email| row("email", index.email(email.as_str())));
        let phone = profile.phone_number.iter().map(|phone| row("phone", index.phone(phone.as_str())));
        names.chain(email).chain(phone).collect()
    }

    /// The place a session began from, as stored.
    pub(super) fn seal_place(&self, session: SessionId, key: &DataKey, place: &Place) -> Vec<u8> {
        key.seal_field(Cell::new("session", "place", session.uuid()), &place.to_bytes(), self.entropy())
    }

    /// The place a session began from; nothing where it cannot be read any more.
    pub(super) fn open_place(&self, session: SessionId, key: &DataKey, sealed: &[u8]) -> Option<Place> {
        let bytes = key.open_field(Cell::new("session", "place", session.uuid()), sealed).ok()?;
        Place::from_bytes(bytes.expose())
    }

    /// Exactly what a person authorized, as stored: it may be about her.
    pub(super) async fn seal_details(
        &self,
        account: AccountId,
        family: FamilyId,
        details: &[GrantedDetail],
    ) -> Result<Vec<u8>, Failure> {
        let (_, key) = self.keyed_owner(account).await?;
        let bytes = serde_json::to_vec(details).map_err(|_| Failure::Unreadable { table: "token_family" })?;
        Ok(key.seal_field(Cell::new("token_family", "details", family.uuid()), &bytes, self.entropy()))
    }

    /// Exactly what a person authorized.
    pub(super) fn open_details(
        &self,
        family: &TokenFamily,
        key: &DataKey,
    ) -> Result<Vec<GrantedDetail>, Failure> {
        let Some(sealed) = &family.details else { return Ok(Vec::new()) };
        let cell = Cell::new("token_family", "details", family.id.uuid());
        let bytes = key.open_field(cell, sealed).map_err(Failure::sealed("token_family"))?;
        serde_json::from_slice(bytes.expose()).map_err(|_| Failure::Unreadable { table: "token_family" })
    }

    /// The name a person gave a passkey, as stored.
    pub(super) fn seal_label(&self, passkey: CredentialId, key: &DataKey, label: &str) -> Vec<u8> {
        key.seal_field(Cell::new("passkey", "label", passkey.uuid()), label.as_bytes(), self.entropy())
    }

    /// The name a person gave a passkey.
    pub(super) fn open_label(
        &self,
        passkey: CredentialId,
        key: &DataKey,
        sealed: &[u8],
    ) -> Result<String, Failure> {
        let cell = Cell::new("passkey", "label", passkey.uuid());
        let bytes = key.open_field(cell, sealed).map_err(Failure::sealed("passkey"))?;
        String::from_utf8(bytes.expose().clone()).map_err(|_| Failure::Unreadable { table: "passkey" })
    }
}
