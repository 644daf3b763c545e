//! The outbox of sign-outs: each system is told by a task of its own, so that one that is slow or gone delays no other.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::protocol::ClientId;
use crate::services::{Failure, Provider};

/// The systems that are being told now.
pub struct Deliveries {
    provider: Arc<Provider>,
    busy: HashSet<ClientId>,
    running: JoinSet<(ClientId, Result<(), Failure>)>,
}

impl Deliveries {
    /// Nobody yet.
    pub fn new(provider: Arc<Provider>) -> Self {
        Self { provider, busy: HashSet::new(), running: JoinSet::new() }
    }

    /// Begins with every system for which something is due and nobody is at work. Waits for none of them.
    pub async fn begin(&mut self) -> Result<(), Failure> {
        let mut last = Ok(());
        while let Some(ended) = self.running.try_join_next() {
            match ended {
                Ok((client, outcome)) => {
                    self.busy.remove(&client);
                    last = last.and(outcome);
                }
                // Which one it was is lost with it: all that still run are counted again.
                Err(_) => self.busy.clear(),
            }
        }
        for client in self.provider.logout_receivers().await? {
            if self.busy.insert(client.clone()) {
                let provider = Arc::clone(&self.provider);
                self.running.spawn(async move {
                    let outcome = provider.deliver_logouts_to(&client).await;
                    (client, outcome)
                });
            }
        }
        last
    }
}
