//! Telling systems that sessions have ended (Back-Channel Logout 1.0 §2.5): from the outbox, again and again until they
//! have heard it or a day has passed.

use futures_util::future::join_all;
use futures_util::{TryStreamExt, stream};
use url::form_urlencoded;

use super::{Failure, Provider};
use crate::base::encoding::base64url;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::domain::audit::{Actor, Event};
use crate::domain::client::Client;
use crate::domain::logout_delivery::{CLAIMED_FOR, LogoutDelivery, TOKEN_LIFETIME};
use crate::outbound::{Limits, OutboundError};
use crate::protocol::{ClientId, LogoutEvent, LogoutTokenClaims};

/// How many tokens are under way to one system at a time: it may be small.
const AT_ONCE: usize = 4;
/// How many are looked at before the next look.
const BATCH: u16 = 64;

/// Who brings it about.
const ACTOR: Actor = Actor::System("logout delivery");

/// What came of one try.
enum Try {
    Delivered,
    /// There is nobody to tell any more, or nothing: it is let go.
    Moot,
    Failed {
        why: &'static str,
        status: Option<u16>,
    },
}

impl Provider {
    /// The systems for which something is due.
    pub async fn logout_receivers(&self) -> Result<Vec<ClientId>, Failure> {
        Ok(self.db.read().await?.logout_receivers(self.now()).await?)
    }

    /// What waits to be told, at most `limit`.
    pub async fn waiting_logouts(&self, limit: u16) -> Result<Vec<LogoutDelivery>, Failure> {
        Ok(self.db.read().await?.waiting_logouts(limit).await?)
    }

    /// Tries everything that is due once, every system at its own pace.
    pub async fn deliver_due_logouts(&self) -> Result<(), Failure> {
        let receivers = self.logout_receivers().await?;
        join_all(receivers.iter().map(|client| self.deliver_logouts_to(client))).await.into_iter().collect()
    }

    /// Tries everything that is due for one system. Waits for that system alone, and for as long as it takes.
    pub async fn deliver_logouts_to(&self, client: &ClientId) -> Result<(), Failure> {
        loop {
            let due = self.db.read().await?.due_logouts(client, self.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(());
            }
            stream::iter(due.into_iter().map(Ok))
                .try_for_each_concurrent(AT_ONCE, |delivery| self.deliver(delivery))
                .await?;
        }
    }

    async fn deliver(&self, mut delivery: LogoutDelivery) -> Result<(), Failure> {
        let until = self.now() + CLAIMED_FOR;
        if !self.db.write(async |tx| tx.take_logout_delivery(&delivery, until).await).await? {
            return Ok(());
        }
        delivery.tries = delivery.tries.saturating_add(1);
        // No transaction is open while the system takes its time.
        let outcome = self.attempt(&delivery).await?;
        self.settle(&delivery, outcome).await
    }

    async fn attempt(&self, delivery: &LogoutDelivery) -> Result<Try, Failure> {
        let Some(client) = self.known_client(&delivery.client) else { return Ok(Try::Moot) };
        let Some(uri) = &client.registration.backchannel_logout_uri else { return Ok(Try::Moot) };
        // She signed out of this system alone and came back: what is told late must not end what is new.
        let (session, since) = (delivery.session, delivery.created_at);
        if self.db.read().await?.came_back(session, &delivery.client, since).await? {
            return Ok(Try::Moot);
        }
        let token = self.logout_token(&client, delivery)?;
        let form =
            form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", &token).finish();
        Ok(match self.outbound.post_form(uri.url(), form, Limits::default()).await {
            // §2.8: 200, and some frameworks make a 204 of it.
            Ok(answer) if (200..300).contains(&answer.status) => Try::Delivered,
            Ok(answer) => Try::Failed { why: "refused", status: Some(answer.status) },
            Err(error) => Try::Failed { why: reason(error), status: None },
        })
    }

    /// Signed anew at each try, by the key that is good now; the `jti` stays.
    fn logout_token(&self, client: &Client, delivery: &LogoutDelivery) -> Result<String, Failure> {
        let (registration, now) = (&client.registration, self.now());
        let claims = LogoutTokenClaims {
            iss: self.policy.issuer.as_str(),
            sub: &self.subject(client, delivery.account),
            aud: registration.client_id.as_str(),
            iat: now,
            exp: now + TOKEN_LIFETIME,
            jti: &base64url(delivery.id.uuid().as_bytes()),
            sid: &self.sid(client, delivery.session),
            events: LogoutEvent,
        };
        let key = self.keys();
        Ok(sign_jwt(key.active(registration.id_token_signed_response_alg)?, JwtType::LogoutToken, &claims)?)
    }

    async fn settle(&self, delivery: &LogoutDelivery, outcome: Try) -> Result<(), Failure> {
        let (client, session, account) = (delivery.client.clone(), delivery.session, delivery.account);
        let (attempt, id, now) = (delivery.tries, delivery.id, self.now());
        let record = |event| self.entry(&self.event(ACTOR, event));
        self.db
            .write(async |tx| {
                match outcome {
                    Try::Moot => tx.delete_logout_delivery(delivery).await?,
                    Try::Delivered => {
                        tx.delete_logout_delivery(delivery).await?;
                        let event =
                            Event::LogoutDelivered { account, session, client, delivery: id, attempt };
                        tx.record(&record(event));
                    }
                    Try::Failed { why, status } => match delivery.again_at(now) {
                        Some(again_at) => {
                            tx.postpone_logout_delivery(delivery, again_at, &problem(why, status)).await?;
                            let delivery = id;
                            tx.record(&record(Event::LogoutPostponed {
                                session,
                                client,
                                delivery,
                                attempt,
                                why,
                                status,
                                again_at,
                            }));
                        }
                        None => {
                            tx.delete_logout_delivery(delivery).await?;
                            let delivery = id;
                            tx.record(&record(Event::LogoutGivenUp {
                                account,
                                session,
                                client,
                                delivery,
                                attempt,
                                why,
                                status,
                            }));
                        }
                    },
                }
                Ok(())
            })
            .await
    }
}

/// As recorded: names that never change.
const fn reason(error: OutboundError) -> &'static str {
    match error {
        OutboundError::NotHttps => "not_https",
        OutboundError::OutOfReach => "out_of_reach",
        OutboundError::Unresolved => "unresolved",
        OutboundError::Unreachable => "unreachable",
        OutboundError::TooLate => "too_late",
        OutboundError::TooLarge => "too_large",
        OutboundError::Status(_) => "refused",
    }
}

/// As an operator reads it in a list.
fn problem(why: &str, status: Option<u16>) -> String {
    status.map_or_else(|| why.to_owned(), |status| format!("{why} ({status})"))
}
