//! One worker: makes one step after the other.

use std::sync::Arc;

use crate::arguments::Mode;
use crate::fault::Fault;
use crate::flow::{Flow, Sent};
use crate::instance::Instance;
use crate::systems::{OFFLINE_SCOPE, SCOPE, System};

/// How many families a worker refreshes in turn.
const FAMILIES: usize = 16;

/// A worker with what its steps start from.
pub struct Worker {
    flow: Flow,
    mode: Mode,
    tokens: Vec<String>,
    turn: usize,
}

impl Worker {
    /// Connects, and fetches what the steps of `mode` start from.
    pub async fn prepare(instance: Arc<Instance>, mode: Mode, number: u64) -> Result<Self, Fault> {
        let begin = |system| Flow::begin(Arc::clone(&instance), system, number);
        let mut flow = begin(system_of(mode)).await?;
        let mut tokens = Vec::new();
        match mode {
            Mode::Flows
            | Mode::Pushed
            | Mode::Bound
            | Mode::ClientCredentials
            | Mode::Jwks
            | Mode::Discovery => {}
            Mode::Userinfo => tokens.push(flow.tokens(SCOPE, Sent::InQuery).await?.access_token),
            Mode::Introspect => tokens.push(begin(System::Service).await?.service_token().await?),
            Mode::Refresh => {
                for _ in 0..FAMILIES {
                    let first = flow.tokens(OFFLINE_SCOPE, Sent::InQuery).await?;
                    tokens.push(first.refresh_token.ok_or("no refresh token")?);
                }
            }
        }
        Ok(Self { flow, mode, tokens, turn: 0 })
    }

    /// One step, of which the next may begin when it has ended.
    pub async fn step(&mut self) -> Result<(), Fault> {
        match self.mode {
            Mode::Flows | Mode::Bound => self.whole(Sent::InQuery).await,
            Mode::Pushed => self.whole(Sent::Pushed).await,
            Mode::Refresh => self.refresh().await,
            Mode::ClientCredentials => self.flow.service_token().await.map(drop),
            Mode::Introspect => self.flow.introspect(self.tokens.first().ok_or("no token")?).await,
            Mode::Userinfo => self.flow.userinfo(self.tokens.first().ok_or("no token")?, None).await,
            Mode::Jwks => self.flow.fetch("/jwks").await,
            Mode::Discovery => self.flow.fetch("/.well-known/openid-configuration").await,
        }
    }

    async fn whole(&mut self, sent: Sent) -> Result<(), Fault> {
        let tokens = self.flow.tokens(SCOPE, sent).await?;
        self.flow.userinfo(&tokens.access_token, Some(&tokens.subject)).await
    }

    async fn refresh(&mut self) -> Result<(), Fault> {
        self.turn = (self.turn + 1) % self.tokens.len();
        let token = self.tokens.get_mut(self.turn).ok_or("no family")?;
        let tokens = self.flow.refresh(token).await?;
        *token = tokens.refresh_token.ok_or("no refresh token")?;
        Ok(())
    }
}

const fn system_of(mode: Mode) -> System {
    match mode {
        Mode::Bound => System::Bank,
        Mode::ClientCredentials => System::Service,
        Mode::Introspect => System::Records,
        Mode::Flows | Mode::Pushed | Mode::Refresh | Mode::Userinfo | Mode::Jwks | Mode::Discovery => {
            System::Portal
        }
    }
}
