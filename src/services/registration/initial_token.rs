//! Tokens with which operators let systems register themselves.

use crate::base::Timestamp;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::Event;
use crate::protocol::ScopeSet;
use crate::services::{Failure, Provider};

impl Provider {
    /// A token with which `count` systems may register themselves until `expires_at`, with these scopes at most.
    pub async fn issue_initial_token(
        &self,
        scope: &ScopeSet,
        count: u32,
        expires_at: Timestamp,
    ) -> Result<PlainToken, Failure> {
        let token = PlainToken::generate(TokenKind::InitialAccess, self.entropy());
        let digest = token.hash(&self.keyring).as_bytes().to_vec();
        let event = Event::InitialTokenIssued { scopes: scope.clone(), count, until: expires_at };
        self.db
            .write(async |tx| {
                tx.insert_initial_token(&digest, &scope.to_string(), count, self.now(), expires_at).await?;
                self.record_operator(tx, event);
                Ok::<_, Failure>(())
            })
            .await?;
        Ok(token)
    }
}
