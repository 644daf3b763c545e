//! Passkeys as they rest: sealed with the key of their owner, found by the keyed digest of their credential id.

use super::{Failure, Provider};
use crate::base::ids::{AccountId, CredentialId};
use crate::crypto::binding::Place as Cell;
use crate::crypto::data_key::DataKey;
use crate::crypto::keyring::DigestPurpose;
use crate::crypto::passkey::{NewPasskey, Passkey as Credential};
use crate::domain::passkey::Passkey;

impl Provider {
    /// Under which a passkey is found. The credential id itself stands nowhere in the clear.
    pub(super) fn credential_digest(&self, credential_id: &[u8]) -> Vec<u8> {
        self.keyring.digest(DigestPurpose::Credential, credential_id).as_bytes().to_vec()
    }

    /// A verified passkey as it is stored for `account`.
    pub(super) fn to_stored(
        &self,
        account: AccountId,
        key: &DataKey,
        new: &NewPasskey,
        label: &str,
    ) -> Result<Passkey, Failure> {
        let now = self.now();
        let id = CredentialId::generate(now, self.entropy());
        Ok(Passkey {
            id,
            account_id: account,
            sealed: self.seal_credential(id, key, &new.passkey)?,
            label: self.seal_label(id, key, label),
            synced: new.backup_eligible,
            created_at: now,
            last_used_at: None,
        })
    }

    pub(super) fn seal_credential(
        &self,
        id: CredentialId,
        key: &DataKey,
        credential: &Credential,
    ) -> Result<Vec<u8>, Failure> {
        let json = credential.to_json().map_err(Failure::Passkeys)?;
        Ok(key.seal_field(Cell::new("passkey", "sealed", id.uuid()), json.as_bytes(), self.entropy()))
    }

    pub(super) fn open_credential(&self, passkey: &Passkey, key: &DataKey) -> Result<Credential, Failure> {
        let cell = Cell::new("passkey", "sealed", passkey.id.uuid());
        let bytes = key.open_field(cell, &passkey.sealed).map_err(Failure::sealed("passkey"))?;
        let json =
            std::str::from_utf8(bytes.expose()).map_err(|_| Failure::Unreadable { table: "passkey" })?;
        Credential::from_json(json).map_err(Failure::Passkeys)
    }
}
