//! Why a ceremony was refused.

use webauthn_rs::prelude::WebauthnError;

/// Why a passkey was not registered or did not sign anyone in. Nothing here tells who the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The relying party id is not the origin's domain, or the origin is no web address with a domain name.
    #[error("the passkey domain does not belong to the issuer's address")]
    Misconfigured,
    /// More credential JSON than any authenticator sends.
    #[error("the credential is too large")]
    TooLarge,
    /// Not the JSON, CBOR or binary layout that the standard describes.
    #[error("the credential cannot be read")]
    Malformed,
    /// A registration where a sign-in was expected, the other way round, or no public key credential at all.
    #[error("the credential is of another type")]
    WrongType,
    /// The answer to another challenge: replayed, or of another page.
    #[error("the challenge is not the one that was given")]
    ForeignChallenge,
    /// The browser says that another site asked.
    #[error("the origin is not ours")]
    ForeignOrigin,
    /// The browser says that we were asked from within another site's frame.
    #[error("the request came through another site's frame")]
    CrossOrigin,
    /// The authenticator signed for another relying party.
    #[error("the credential is of another relying party")]
    ForeignRelyingParty,
    /// Nobody touched the authenticator.
    #[error("nobody was present")]
    NotPresent,
    /// The authenticator did not check who is holding it.
    #[error("the person was not verified")]
    NotVerified,
    /// The authenticator could not keep a credential that signs in without a name typed first.
    #[error("the credential cannot be discovered")]
    NotDiscoverable,
    /// A key algorithm that was not offered.
    #[error("the key's algorithm was not offered")]
    WrongAlgorithm,
    /// An attestation was sent, and it is not what it says.
    #[error("the attestation does not hold")]
    BadAttestation,
    /// The answer names another credential than the one looked up for it.
    #[error("the credential is not the one that was looked up")]
    OtherCredential,
    /// The user handle names somebody else than the credential's owner.
    #[error("the credential belongs to another person")]
    ForeignOwner,
    /// The signature does not verify under the registered key.
    #[error("the signature is wrong")]
    BadSignature,
    /// The counter did not move forward: there may be two copies of the key.
    #[error("the signature counter went back")]
    CounterWentBack,
    /// What the authenticator says about backup contradicts itself or its registration.
    #[error("the backup flags contradict the registration")]
    BackupContradiction,
    /// The stored record of the passkey is not readable: a fault of ours.
    #[error("the stored passkey cannot be read")]
    Unreadable,
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        use WebauthnError as E;
        match error {
            E::Configuration => Self::Misconfigured,
            E::InvalidClientDataType => Self::WrongType,
            E::MismatchedChallenge | E::ChallengeNotFound => Self::ForeignChallenge,
            E::InvalidRPOrigin => Self::ForeignOrigin,
            E::CredentialCrossOrigin => Self::CrossOrigin,
            E::InvalidRPIDHash => Self::ForeignRelyingParty,
            E::UserNotPresent => Self::NotPresent,
            E::UserNotVerified => Self::NotVerified,
            E::InvalidUserUniqueId => Self::NotDiscoverable,
            E::CredentialAlteredAlgFromRequest
            | E::CredentialInsecureCryptography
            | E::COSEKeyEDUnsupported
            | E::SshPublicKeyEDUnsupported
            | E::COSEKeyInvalidAlgorithm => Self::WrongAlgorithm,
            E::CredentialNotFound => Self::OtherCredential,
            E::AuthenticationFailure | E::SignatureInvalid => Self::BadSignature,
            E::CredentialPossibleCompromise => Self::CounterWentBack,
            E::CredentialBackupEligibilityInconsistent | E::CredentialMayNotBeHardwareBound => {
                Self::BackupContradiction
            }
            E::ParseBase64Failure(_)
            | E::ParseCBORFailure(_)
            | E::ParseJSONFailure(_)
            | E::ParseNOMFailure
            | E::ParseInsufficientBytesAvailable
            | E::MissingAttestationCredentialData
            | E::InvalidExtensions
            | E::COSEKeyInvalidCBORValue
            | E::COSEKeyInvalidType
            | E::COSEKeyECDSAXYInvalid
            | E::COSEKeyECDSAInvalidCurve
            | E::COSEKeyEDDSAXInvalid
            | E::COSEKeyEDDSAInvalidCurve
            | E::COSEKeyRSANEInvalid
            | E::EcdsaPointInvalid
            | E::RsaParametersInvalid => Self::Malformed,
            // What is left speaks of attestation statements, their certificates and their keys.
            _ => Self::BadAttestation,
        }
    }
}
