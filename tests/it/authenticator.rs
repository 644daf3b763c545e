//! A passkey authenticator in software: it answers `navigator.credentials.create` and `.get` as a phone would, byte
//! for byte, and can be told to do one thing wrong. Integration tests and the load driver sign people in with it.

use khue::base::encoding::{base64url, from_base64url};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// One thing done wrong, in the next ceremony only.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The browser stands on another site.
    Origin(&'static str),
    /// The browser says that another site's page frames ours.
    Framed,
    /// The other ceremony's client data type.
    ClientDataType(&'static str),
    /// Not a public key credential.
    CredentialType(&'static str),
    /// Answers this challenge, not the one given.
    Challenge(Vec<u8>),
    /// Signs for another relying party.
    RelyingParty(&'static str),
    /// Nobody touched it.
    NotPresent,
    /// Did not ask for finger or PIN.
    NotVerified,
    /// Says another user handle.
    UserHandle(Vec<u8>),
    /// Says no user handle.
    NoUserHandle,
    /// Names another credential outside the signed data.
    CredentialId(Vec<u8>),
    /// Gives the new passkey an id of no bytes.
    NoCredentialId,
    /// Puts this value in the counter.
    Counter(u32),
    /// Flips a bit of the signature.
    Signature,
    /// Signs with a key made up on the spot.
    OtherKey,
    /// Claims to be backed up without being eligible.
    BackedUpWithoutEligibility,
    /// Turns eligible for backup, or stops being it.
    EligibilityTurned,
    /// Makes an Ed25519 key though it was not offered.
    Algorithm,
    /// A packed self-attestation whose signature is made up.
    ForgedAttestation,
    /// An attestation of kind `none` that carries a statement.
    NoneWithStatement,
    /// The credential is not discoverable.
    NotDiscoverable,
}

/// What it keeps of a passkey.
struct Held {
    id: Vec<u8>,
    rp_id: String,
    user_handle: Vec<u8>,
    key: EcdsaKeyPair,
    counter: u32,
}

/// A device with passkeys on it, and the browser around it.
pub struct Authenticator {
    origin: String,
    random: SystemRandom,
    held: Vec<Held>,
    fault: Option<Fault>,
    counts: bool,
    synced: bool,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

impl Authenticator {
    /// A device bound key store with a counter, in a browser that shows a page of `origin`.
    #[expect(clippy::disallowed_methods, reason = "a device outside the system under test")]
    pub fn new(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            random: SystemRandom::new(),
            held: Vec::new(),
            fault: None,
            counts: true,
            synced: false,
        }
    }

    /// A phone whose passkeys are copied to its owner's other devices: no counter, eligible and backed up.
    pub fn synced(origin: &str) -> Self {
        Self { counts: false, synced: true, ..Self::new(origin) }
    }

    /// Does `fault` in the next ceremony.
    pub fn misbehave(&mut self, fault: Fault) {
        self.fault = Some(fault);
    }

    /// The ids of the passkeys it holds, oldest first.
    pub fn credential_ids(&self) -> Vec<Vec<u8>> {
        self.held.iter().map(|held| held.id.clone()).collect()
    }

    /// Drops all passkeys but the one with `id`.
    pub fn keep_only(&mut self, id: &[u8]) {
        self.held.retain(|held| held.id == id);
    }

    /// `navigator.credentials.create(options)`, as `PublicKeyCredential.toJSON()`.
    pub fn create(&mut self, options: &str) -> String {
        let fault = self.fault.take();
        let options: Value = serde_json::from_str(options).expect("creation options");
        let options = &options["publicKey"];
        let held = Held {
            id: match fault {
                Some(Fault::NoCredentialId) => Vec::new(),
                _ => self.draw::<32>().to_vec(),
            },
            rp_id: text(&options["rp"]["id"]),
            user_handle: bytes(&options["user"]["id"]),
            key: self.new_key(),
            counter: 0,
        };
        let client_data = self.client_data("webauthn.create", &options["challenge"], fault.as_ref());
        let mut signed = self.authenticator_data(&held, ATTESTED, fault.as_ref());
        signed.extend([0; 16]);
        signed.extend(u16::try_from(held.id.len()).expect("short id").to_be_bytes());
        signed.extend(&held.id);
        signed.extend(match fault {
            Some(Fault::Algorithm) => ed25519_cose_key(),
            _ => es256_cose_key(held.key.public_key().as_ref()),
        });
        let (format, statement) = match fault {
            Some(Fault::ForgedAttestation) => {
                // {"alg": -7, "sig": h'30…'}
                let signature = held.key.sign(&self.random, b"something else").expect("signature");
                ("packed", [b"\xa2\x63alg\x26\x63sig".as_slice(), &cbor_bytes(signature.as_ref())].concat())
            }
            Some(Fault::NoneWithStatement) => ("none", b"\xa1\x63alg\x26".to_vec()),
            _ => ("none", b"\xa0".to_vec()),
        };
        let attestation_object = [
            b"\xa3\x63fmt".as_slice(),
            &cbor_text(format),
            b"\x67attStmt",
            &statement,
            b"\x68authData",
            &cbor_bytes(&signed),
        ]
        .concat();
        let id = match &fault {
            Some(Fault::CredentialId(id)) => base64url(id),
            _ => base64url(&held.id),
        };
        let answer = json!({
            "id": id,
            "rawId": id,
            "type": credential_type(fault.as_ref()),
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {
                "credProps": { "rk": !matches!(fault, Some(Fault::NotDiscoverable)) },
            },
            "response": {
                "clientDataJSON": base64url(client_data),
                "attestationObject": base64url(attestation_object),
                "transports": ["internal", "hybrid", "from-the-future"],
            },
        });
        self.held.push(held);
        answer.to_string()
    }

    /// `navigator.credentials.get(options)` with the newest passkey that fits, as `PublicKeyCredential.toJSON()`.
    pub fn get(&mut self, options: &str) -> String {
        let fault = self.fault.take();
        let options: Value = serde_json::from_str(options).expect("request options");
        let options = &options["publicKey"];
        let allowed: Vec<Vec<u8>> = options["allowCredentials"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| bytes(&one["id"]))
            .collect();
        let rp_id = text(&options["rpId"]);
        let place = self
            .held
            .iter()
            .rposition(|held| held.rp_id == rp_id && (allowed.is_empty() || allowed.contains(&held.id)))
            .expect("a passkey of this relying party");
        if self.counts {
            self.held[place].counter += 1;
        }
        let held = &self.held[place];
        let client_data = self.client_data("webauthn.get", &options["challenge"], fault.as_ref());
        let data = self.authenticator_data(held, 0, fault.as_ref());
        let message =
            [data.as_slice(), digest::digest(&digest::SHA256, client_data.as_bytes()).as_ref()].concat();
        let stranger = matches!(fault, Some(Fault::OtherKey)).then(|| self.new_key());
        let key = stranger.as_ref().unwrap_or(&held.key);
        let mut signature = key.sign(&self.random, &message).expect("signature").as_ref().to_vec();
        if matches!(fault, Some(Fault::Signature)) {
            *signature.last_mut().expect("not empty") ^= 1;
        }
        let id = match &fault {
            Some(Fault::CredentialId(id)) => base64url(id),
            _ => base64url(&held.id),
        };
        let user_handle = match &fault {
            Some(Fault::UserHandle(other)) => Some(base64url(other)),
            Some(Fault::NoUserHandle) => None,
            _ => Some(base64url(&held.user_handle)),
        };
        json!({
            "id": id,
            "rawId": id,
            "type": credential_type(fault.as_ref()),
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(client_data),
                "authenticatorData": base64url(data),
                "signature": base64url(signature),
                "userHandle": user_handle,
            },
        })
        .to_string()
    }

    fn client_data(&self, kind: &str, challenge: &Value, fault: Option<&Fault>) -> String {
        let kind = if let Some(Fault::ClientDataType(other)) = fault { other } else { kind };
        let origin = if let Some(Fault::Origin(other)) = fault { other } else { self.origin.as_str() };
        let challenge = match fault {
            Some(Fault::Challenge(other)) => base64url(other),
            _ => text(challenge),
        };
        let mut data =
            json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false });
        if matches!(fault, Some(Fault::Framed)) {
            data["crossOrigin"] = json!(true);
            data["topOrigin"] = json!("https://evil.example");
        }
        data.to_string()
    }

    fn authenticator_data(&self, held: &Held, extra: u8, fault: Option<&Fault>) -> Vec<u8> {
        let mut flags = PRESENT | VERIFIED | extra;
        if self.synced {
            flags |= ELIGIBLE | BACKED_UP;
        }
        match fault {
            Some(Fault::NotPresent) => flags &= !PRESENT,
            Some(Fault::NotVerified) => flags &= !VERIFIED,
            Some(Fault::BackedUpWithoutEligibility) => flags = (flags & !ELIGIBLE) | BACKED_UP,
            Some(Fault::EligibilityTurned) => flags ^= ELIGIBLE,
            _ => {}
        }
        let rp_id = if let Some(Fault::RelyingParty(other)) = fault { other } else { held.rp_id.as_str() };
        let counter = if let Some(Fault::Counter(other)) = fault { *other } else { held.counter };
        let mut data = digest::digest(&digest::SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(counter.to_be_bytes());
        data
    }

    fn new_key(&self) -> EcdsaKeyPair {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.random).expect("new key");
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &self.random)
            .expect("own key")
    }

    fn draw<const N: usize>(&self) -> [u8; N] {
        let mut drawn = [0; N];
        ring::rand::SecureRandom::fill(&self.random, &mut drawn).expect("randomness");
        drawn
    }
}

fn credential_type(fault: Option<&Fault>) -> &'static str {
    if let Some(Fault::CredentialType(other)) = fault { other } else { "public-key" }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn bytes(value: &Value) -> Vec<u8> {
    from_base64url(value.as_str().expect("text")).expect("base64url")
}

/// {1: 2, 3: -7, -1: 1, -2: x, -3: y} of an uncompressed point (RFC 9053 §7.1.1).
fn es256_cose_key(point: &[u8]) -> Vec<u8> {
    let (x, y) = (&point[1..33], &point[33..65]);
    [b"\xa5\x01\x02\x03\x26\x20\x01\x21".as_slice(), &cbor_bytes(x), b"\x22", &cbor_bytes(y)].concat()
}

/// {1: 1, 3: -8, -1: 6, -2: x} (RFC 9053 §7.2).
fn ed25519_cose_key() -> Vec<u8> {
    [b"\xa4\x01\x01\x03\x27\x20\x06\x21".as_slice(), &cbor_bytes(&[7; 32])].concat()
}

fn cbor_bytes(content: &[u8]) -> Vec<u8> {
    [cbor_head(0x40, content.len()), content.to_vec()].concat()
}

fn cbor_text(content: &str) -> Vec<u8> {
    [cbor_head(0x60, content.len()), content.as_bytes().to_vec()].concat()
}

/// Major type and length in the fewest bytes (RFC 8949 §3).
fn cbor_head(major: u8, length: usize) -> Vec<u8> {
    match length {
        0..=23 => vec![major | u8::try_from(length).expect("under 24")],
        24..=255 => vec![major | 24, u8::try_from(length).expect("under 256")],
        _ => {
            let [high, low] = u16::try_from(length).expect("under 65536").to_be_bytes();
            vec![major | 25, high, low]
        }
    }
}
