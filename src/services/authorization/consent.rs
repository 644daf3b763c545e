//! What a person is shown before anything is shared, and what she answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Destination, Interaction, OnDevice, Reply};
use crate::base::ids::ConsentId;
use crate::crypto::data_key::DataKey;
use crate::domain::audit::{Actor, Event, Origin, ReleasedClaim, SaltedDetail, SealedEvent};
use crate::domain::consent::{Consent, ConsentTerms};
use crate::domain::interaction::{Offer, OfferedDetail, Situation};
use crate::domain::session::Session;
use crate::protocol::{AuthorizationError, AuthorizationErrorCode, ClaimName, Locale};
use crate::services::{Failure, Provider};
use crate::storage::StorageError;

/// Everything that the page shows.
#[derive(Debug)]
pub struct ConsentPage {
    /// What is asked.
    pub offer: Offer,
    /// What each claim would tell, as text; those without a value are left out.
    pub values: BTreeMap<ClaimName, String>,
}

/// What the person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// She goes on, and shares these of the claims that she may choose.
    Given {
        /// The claims that she ticked.
        ticked: BTreeSet<ClaimName>,
        /// The language that she read.
        locale: Locale,
    },
    /// She does not want to.
    Declined,
}

/// What became of an answer.
#[derive(Debug)]
pub enum Answered {
    /// It is remembered: the request goes on.
    Remembered,
    /// The system hears that she declined.
    Declined(Reply),
    /// The device does, when it asks.
    OnDevice(OnDevice),
}

impl Provider {
    pub(super) async fn consent_page(&self, offer: Offer, session: &Session) -> Result<ConsentPage, Failure> {
        let owner = self.owner(session.account_id).await?;
        let key = self.data_key(session.account_id, &owner.data_key)?;
        let profile = self.open_profile(&owner, &key)?;
        let shown =
            |claim: ClaimName| as_text(&self.value(claim, &owner, &profile)).map(|text| (claim, text));
        let values = offer.claim_names().into_iter().filter_map(shown).collect();
        Ok(ConsentPage { offer, values })
    }

    /// Takes a person's answer. What exactly she answered to is found anew: the page does not say it.
    pub async fn answer_consent(
        &self,
        interaction: &Interaction,
        session: &Session,
        answer: ConsentAnswer,
        origin: &Origin,
    ) -> Result<Answered, Failure> {
        let owner = self.owner(session.account_id).await?;
        let key = self.data_key(session.account_id, &owner.data_key)?;
        let remembered = self.remembered(interaction, Some(session)).await?;
        let offer = Offer::of(&Situation {
            request: &interaction.request,
            received_at: interaction.received_at,
            client: interaction.client(),
            resources: &interaction.resources,
            details: &interaction.details,
            chosen: interaction.chosen,
            session: Some(session),
            named: self.named(interaction, Some(session)),
            device: interaction.destination.for_device(),
            consent: remembered.as_ref(),
            now: self.now(),
        });
        match answer {
            ConsentAnswer::Given { ticked, locale } => {
                let terms = ConsentTerms {
                    scopes: offer.scopes.clone(),
                    offered: offer.claim_names(),
                    given: offer.given(&ticked),
                    resources: offer.agreed_resources(),
                    details: offer.details.iter().map(OfferedDetail::digest).collect(),
                    text_version: offer.text_version.clone(),
                    locale,
                };
                let consent = self.consent(interaction, session, terms, remembered.as_ref());
                let entry = self.consent_entry(session, &offer, &consent, origin, &key);
                self.db
                    .write(async |tx| {
                        tx.put_consent(&consent).await?;
                        tx.record(&entry);
                        Ok::<_, StorageError>(())
                    })
                    .await?;
                Ok(Answered::Remembered)
            }
            ConsentAnswer::Declined => {
                let declined = Event::ConsentDeclined {
                    account: session.account_id,
                    session: session.id,
                    client: interaction.client().registration.client_id.clone(),
                    claims: offer.claim_names(),
                };
                let event = self.event(Actor::Person(session.account_id), declined).from_origin(origin);
                let entry = self.personal_entry(&event, &key);
                self.db.record(&entry).await?;
                let error =
                    AuthorizationError::new(AuthorizationErrorCode::AccessDenied, "The person declined.");
                match &interaction.destination {
                    Destination::System(reply) => Ok(Answered::Declined(self.refuse(reply, error).await?)),
                    Destination::Device(device) => {
                        Ok(Answered::OnDevice(self.decline_device(device, session, origin).await?))
                    }
                }
            }
        }
    }

    fn consent(
        &self,
        interaction: &Interaction,
        session: &Session,
        terms: ConsentTerms,
        remembered: Option<&Consent>,
    ) -> Consent {
        let now = self.now();
        let standing = remembered.filter(|consent| consent.is_standing());
        Consent {
            id: ConsentId::generate(now, self.entropy()),
            account_id: session.account_id,
            client_id: interaction.client().registration.client_id.clone(),
            terms: match standing {
                Some(earlier) => terms.on_top_of(&earlier.terms),
                None => terms,
            },
            confirmed_at: now,
            withdrawn_at: None,
        }
    }

    fn consent_entry(
        &self,
        session: &Session,
        offer: &Offer,
        consent: &Consent,
        origin: &Origin,
        key: &DataKey,
    ) -> SealedEvent {
        let given = |claim: &ClaimName| consent.terms.given.contains(claim);
        let claims = offer
            .claims
            .iter()
            .filter(|offered| given(&offered.grant.claim))
            .map(|offered| ReleasedClaim { claim: offered.grant.claim, basis: offered.grant.basis })
            .collect();
        let salted = |one: &OfferedDetail| SaltedDetail::new(one.clone(), self.entropy());
        let details: Vec<SaltedDetail> = offer.details.iter().map(salted).collect();
        let event = Event::ConsentGiven {
            account: session.account_id,
            session: session.id,
            client: consent.client_id.clone(),
            consent: consent.id,
            scopes: consent.terms.scopes.clone(),
            access: offer.access(),
            details: details.iter().map(SaltedDetail::agreed).collect(),
            claims,
            acr: session.acr,
            text_version: consent.terms.text_version.clone(),
        };
        let event = self.event(Actor::Person(session.account_id), event).from_origin(origin).agreed(details);
        self.personal_entry(&event, key)
    }
}

/// A claim's value as one text.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(members) => members.get("formatted").and_then(Value::as_str).map(str::to_owned),
        other => Some(other.to_string()),
    }
}
