//! A relying system: what the ministry registered of it.

mod addresses;
mod authentication_members;
mod bilingual;
mod certificate_name;
mod claim_grant;
mod client_jwks;
mod client_metadata;
mod details_type;
mod legacy_exception;
mod logo;
mod profile_rules;
mod registered;
mod registration;
mod registration_document;
mod registration_error;
mod request_members;
mod request_object_members;
mod resource;
mod response_encryption;
mod unsaid;
mod workload_subject;

pub use bilingual::Bilingual;
pub use certificate_name::CertificateName;
pub use claim_grant::{ClaimGrant, LegalBasis};
pub use client_jwks::{ClientJwks, JwksError};
pub use client_metadata::{Allowance, ClientMetadata, as_metadata};
pub use details_type::{DetailsField, DetailsType};
pub use legacy_exception::LegacyException;
pub use logo::{Logo, LogoError};
pub use registered::{Client, ClientSecret, ClientStatus};
pub use registration::Registration;
pub use registration_document::{RegistrationDocument, System};
pub use registration_error::RegistrationError;
pub use resource::{ExchangePolicy, ProtectedResource, ResourceAccess};
pub use response_encryption::ResponseEncryption;
pub use workload_subject::WorkloadSubject;
