//! What somebody whom we trust says of a system that registers itself (RFC 7591 §2.3).

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::base::Timestamp;
use crate::crypto::jwt::{ForeignJwt, verify_for_nothing};
use crate::crypto::signing::Jwks;
use crate::protocol::{
    Audience, ClientId, ClientRegistrationError, RegistrationErrorCode, UniqueMembers, numeric_date,
};
use crate::services::Provider;

/// The member that carries it.
pub(super) const MEMBER: &str = "software_statement";

/// What a statement says of itself, and what it can never say of a system.
const NOT_METADATA: [&str; 10] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", MEMBER, "client_id", "client_secret"];

/// The types that a statement may say it has. A JWT that was made for something else is none.
const TYPES: [&str; 2] = ["jwt", "software-statement+jwt"];

/// How far its maker's clock may be ahead.
const TOLERANCE: Duration = Duration::from_secs(60);

/// For whom and until when it is good.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Bounds {
    aud: Option<Audience>,
    exp: Value,
    nbf: Value,
    iat: Value,
}

/// What was sent, with the statement's values in place of the system's own.
pub(super) struct Stated {
    /// The metadata.
    pub metadata: Map<String, Value>,
    /// The statement as it came: it is told back.
    pub statement: Option<String>,
    /// Who made it.
    pub vouched_by: Option<ClientId>,
}

impl Provider {
    /// Lays what a software statement says over what `sent` says: the statement goes first. Only a system on the register
    /// that may vouch for others makes one, signed with a key that is registered for it.
    pub(super) async fn with_statement(
        &self,
        sent: &Map<String, Value>,
    ) -> Result<Stated, ClientRegistrationError> {
        let statement = match sent.get(MEMBER) {
            None | Some(Value::Null) => {
                return Ok(Stated { metadata: sent.clone(), statement: None, vouched_by: None });
            }
            Some(Value::String(text)) => text,
            Some(_) => return Err(invalid("software_statement must be a text.")),
        };
        let jwt = ForeignJwt::read(statement).map_err(|_| invalid("software_statement is no signed JWT."))?;
        if jwt.typ().is_some_and(|typ| !TYPES.contains(&typ.as_str())) {
            return Err(invalid("software_statement is a JWT of another type."));
        }
        let maker = jwt.said_issuer().and_then(|id| self.client(&id));
        let Some(maker) = maker.filter(|maker| maker.registration.vouches_for_software) else {
            verify_for_nothing(statement);
            return Err(ClientRegistrationError::new(
                RegistrationErrorCode::UnapprovedSoftwareStatement,
                "software_statement is not from an issuer whose statements are taken here.",
            ));
        };
        let by_key = |keys: &Jwks| jwt.verify::<UniqueMembers>(&jwt.candidates(keys)).ok();
        let claims = self.with_client_keys(&maker, by_key).await;
        let UniqueMembers(claims) =
            claims.ok_or_else(|| invalid("software_statement is not signed with a key of its issuer."))?;
        // Both go to others than us too, who could bring them here.
        if ["sub", "client_id"].iter().any(|member| claims.get(*member) == claims.get("iss")) {
            return Err(invalid("software_statement is an assertion or a request of its issuer."));
        }
        let bounds = serde_json::from_value(Value::Object(claims.clone()));
        let bounds: Bounds = bounds.map_err(|_| malformed())?;
        bounds.check(self.policy.issuer.as_str(), self.now())?;
        let mut metadata = sent.clone();
        metadata.remove(MEMBER);
        metadata.extend(claims.into_iter().filter(|(name, _)| !NOT_METADATA.contains(&name.as_str())));
        let vouched_by = Some(maker.registration.client_id.clone());
        Ok(Stated { metadata, statement: Some(statement.clone()), vouched_by })
    }
}

impl Bounds {
    fn check(&self, issuer: &str, now: Timestamp) -> Result<(), ClientRegistrationError> {
        if self.aud.as_ref().is_some_and(|aud| !aud.contains(issuer)) {
            return Err(invalid("aud of software_statement names somebody else."));
        }
        let date = |claim| numeric_date(claim).map_err(|_| malformed());
        if date(&self.exp)?.is_some_and(|exp| exp <= now) {
            return Err(invalid("software_statement has expired."));
        }
        let soonest = now + TOLERANCE;
        if [date(&self.nbf)?, date(&self.iat)?].into_iter().flatten().any(|at| at > soonest) {
            return Err(invalid("software_statement is from the future."));
        }
        Ok(())
    }
}

fn malformed() -> ClientRegistrationError {
    invalid("aud, exp, nbf or iat of software_statement is malformed.")
}

fn invalid(description: &'static str) -> ClientRegistrationError {
    ClientRegistrationError::new(RegistrationErrorCode::InvalidSoftwareStatement, description)
}
