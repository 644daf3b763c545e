//! `khue client rotate-secret`.

use clap::Args;

use super::command::find;
use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::protocol::ClientId;
use crate::services::Policy;

/// Give a system a new secret, printed this once; its former one stays good for seven days
#[derive(Debug, Args)]
pub struct RotateSecret {
    /// Its client_id
    #[arg(value_parser = ClientId::parse)]
    id: ClientId,
}

impl RotateSecret {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        find(&instance, &self.id).await?;
        let secret = instance.provider.rotate_client_secret(&self.id).await?.ok_or_else(|| {
            Refusal::failed(
                format!("{} has no secret: it is public, or signs with a key of its own", self.id),
                "a system that can keep one is registered with token_endpoint_auth_method client_secret_basic",
            )
        })?;
        print(secret.expose())?;
        let until = moment(instance.provider.now() + Policy::SECRET_OVERLAP);
        note(format!("This is shown once. The former secret stays good until {until}."));
        Ok(())
    }
}
