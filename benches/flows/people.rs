//! People: accounts as they are stored, thousands in one write.

use khue::base::ids::{AccountId, ConsentId, CredentialId, SessionId};
use khue::base::{Entropy, SeededEntropy, Timestamp};
use khue::crypto::binding::Place as Cell;
use khue::crypto::data_key::DataKey;
use khue::crypto::keyring::{DigestPurpose, Keyring};
use khue::crypto::master_key::MasterKeys;
use khue::crypto::token::{PlainToken, TokenKind};
use khue::crypto::transparency::leaf_hash;
use khue::domain::account::{Account, AccountStatus};
use khue::domain::audit::{Actor, AuditEntry, AuditEvent, Event, SealedEvent};
use khue::domain::consent::{Consent, ConsentTerms};
use khue::domain::passkey::Passkey;
use khue::domain::profile::{Birthdate, Email, Gender, PersonName, PhoneNumber, Profile};
use khue::domain::session::Session;
use khue::protocol::{Acr, Amr, ClientId, Locale};
use khue::storage::{AccountIndex, KeyedAccount, StorageError, WriteTx};

use crate::fault::Fault;

const FAMILY_NAMES: &[&str] =
    &["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"];
const MIDDLE_NAMES: &[&str] =
    &["Thị", "Văn", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Hữu", "Thu", "Hải", "Gia"];
const GIVEN_NAMES: &[&str] =
    &["Ánh", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Hương", "Khôi", "Lan", "Linh", "Nam", "Phúc", "Quân"];

/// Sessions count as seen just now for as long as a measurement takes: a sign of life, due once a minute, would be written
/// in every flow with many sessions and in none with few.
const SEEN_AHEAD: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// The cookie of the session with this number.
pub fn session_token(number: u64) -> PlainToken {
    PlainToken::generate(TokenKind::Session, &SeededEntropy::new(number))
}

/// What people are made with.
pub struct Maker<'a> {
    /// The instance's secrets.
    pub keyring: &'a Keyring,
    /// The master key.
    pub master: &'a MasterKeys,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// The present.
    pub now: Timestamp,
    /// The systems that everybody agreed to, and what.
    pub agreed: &'a [(ClientId, ConsentTerms)],
    /// How many sessions each has.
    pub sessions: u64,
}

/// A person with everything that belongs to her.
pub struct Person {
    owner: KeyedAccount,
    indexes: Vec<AccountIndex>,
    passkey: Passkey,
    credential_digest: Vec<u8>,
    sessions: Vec<(Session, [u8; 32])>,
    consents: Vec<Consent>,
    entry: SealedEvent,
}

impl Maker<'_> {
    /// The person with this number.
    pub fn person(&self, number: u64) -> Result<Person, Fault> {
        let (now, entropy) = (self.now, self.entropy);
        let id = AccountId::generate(now, entropy);
        let key = DataKey::generate(entropy);
        let profile = profile(number, now)?;
        let sealed =
            |table, column, row, text: &[u8]| key.seal_field(Cell::new(table, column, row), text, entropy);
        let passkey = CredentialId::generate(now, entropy);
        let account = Account {
            id,
            status: AccountStatus::Active,
            profile: sealed("account", "profile", id.uuid(), &serde_json::to_vec(&profile)?),
            locale: Locale::Vi,
            created_at: now,
            updated_at: now,
        };
        let sessions = (0..self.sessions).map(|of_hers| {
            let session = SessionId::generate(now, entropy);
            let token = session_token(number * self.sessions + of_hers);
            (
                self.session(session, id, passkey, sealed("session", "place", session.uuid(), &[0; 40])),
                *token.hash(self.keyring).as_bytes(),
            )
        });
        let event = AuditEvent::new(now, entropy, Actor::Person(id), Event::AccountCreated { account: id });
        let entry = AuditEntry::new(&event, Some(sealed("audit_entry", "sealed", event.id.uuid(), &[0; 40])));
        Ok(Person {
            sessions: sessions.collect(),
            indexes: self.indexes(&profile),
            passkey: Passkey {
                id: passkey,
                account_id: id,
                sealed: sealed("passkey", "sealed", passkey.uuid(), &[0; 400]),
                label: sealed("passkey", "label", passkey.uuid(), "Điện thoại".as_bytes()),
                synced: true,
                created_at: now,
                last_used_at: Some(now),
            },
            credential_digest: self
                .keyring
                .digest(DigestPurpose::Credential, &number.to_be_bytes())
                .as_bytes()
                .to_vec(),
            consents: self.agreed.iter().map(|(client, terms)| self.consent(id, client, terms)).collect(),
            entry: SealedEvent { leaf_hash: leaf_hash(&entry.to_leaf()).bytes(), entry },
            owner: KeyedAccount { account, data_key: key.wrap(id, self.master, entropy) },
        })
    }

    fn consent(&self, account_id: AccountId, client: &ClientId, terms: &ConsentTerms) -> Consent {
        Consent {
            id: ConsentId::generate(self.now, self.entropy),
            account_id,
            client_id: client.clone(),
            terms: terms.clone(),
            confirmed_at: self.now,
            withdrawn_at: None,
        }
    }

    fn session(&self, id: SessionId, account: AccountId, passkey: CredentialId, place: Vec<u8>) -> Session {
        Session {
            id,
            account_id: account,
            passkey_id: passkey,
            acr: Acr::Xt2Phr,
            amr: vec![Amr::Swk, Amr::User, Amr::Mfa],
            place,
            started_at: self.now + SEEN_AHEAD,
            authenticated_at: self.now,
            seen_at: self.now + SEEN_AHEAD,
            ended_at: None,
        }
    }

    fn indexes(&self, profile: &Profile) -> Vec<AccountIndex> {
        let index = self.keyring.blind_index();
        let row = |kind, digest: khue::crypto::digest::Digest| AccountIndex {
            kind,
            digest: digest.as_bytes().to_vec(),
        };
        let names = index.name(profile.name.as_str()).into_iter().map(|digest| row("name", digest));
        let email = profile.email.iter().map(|email| row("email", index.email(email.as_str())));
        let phone = profile.phone_number.iter().map(|phone| row("phone", index.phone(phone.as_str())));
        names.chain(email).chain(phone).collect()
    }
}

impl Person {
    /// Stores her.
    pub async fn store(&self, tx: &mut WriteTx<'_>) -> Result<(), StorageError> {
        tx.insert_account(&self.owner, &self.indexes).await?;
        tx.insert_passkey(&self.passkey, &self.credential_digest).await?;
        for (session, digest) in &self.sessions {
            tx.insert_session(session, digest).await?;
        }
        for consent in &self.consents {
            tx.put_consent(consent).await?;
        }
        tx.record(&self.entry);
        Ok(())
    }
}

fn profile(number: u64, now: Timestamp) -> Result<Profile, Fault> {
    let word = |words: &[&str], divisor: u64| {
        let place = usize::try_from(number / divisor).unwrap_or_default() % words.len().max(1);
        words.get(place).copied().unwrap_or("An").to_owned()
    };
    let (family, middle, given) = (word(FAMILY_NAMES, 1), word(MIDDLE_NAMES, 12), word(GIVEN_NAMES, 132));
    Ok(Profile {
        name: PersonName::parse(&format!("{family} {middle} {given}"))?,
        email: Some(Email::parse(&format!("person{number}@bench.example"))?),
        phone_number: Some(PhoneNumber::parse(&format!("09{:08}", number % 100_000_000))?),
        birthdate: Some(Birthdate::parse(&format!("{}-05-19", 1950 + number % 60), now)?),
        gender: Some(Gender::Female),
        address: None,
    })
}
