//! A resource has one system that is it.

use crate::app::Instance;
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::client_changes::DesiredClient;
use crate::services::resources::taken_resource;

/// Refuses systems of which one says that it is a resource that another one is.
pub async fn refuse_taken(instance: &Instance, desired: &[DesiredClient]) -> Outcome {
    match taken_resource(desired, &instance.provider.list_clients().await?) {
        None => Ok(()),
        Some(taken) => Err(Refusal::wrong(
            format!("{} would be {}, which {} is", taken.wanted_by, taken.resource, taken.taken_by),
            "nothing was changed; each resource is protected by one system",
        )),
    }
}
