//! What cannot be seen in one registration by itself: that another system is its resource already, that its addresses are
//! good in a sandbox alone, or that no certificate of it would ever get here.

use crate::app::Instance;
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::client_changes::DesiredClient;
use crate::services::resources::taken_resource;

/// Refuses what this instance cannot take, whatever a registration says by itself.
pub async fn refuse_unfit(instance: &Instance, desired: &[DesiredClient]) -> Outcome {
    if !instance.provider.policy().sandbox
        && let Some(unsafe_one) = desired.iter().find(|one| one.registration.is_fapi2_on_this_machine())
    {
        return Err(Refusal::wrong(
            format!(
                "{}: redirect_uris: the profile fapi2 takes https alone",
                unsafe_one.registration.client_id
            ),
            "nothing was changed; plain http on a loopback address is taken under fapi2 in a sandbox only",
        ));
    }
    let policy = instance.provider.policy();
    let cannot = |one: &&DesiredClient| !policy.can_serve(&one.registration);
    if let Some(certified) = desired.iter().find(cannot) {
        return Err(Refusal::wrong(
            format!(
                "{}: certificates of clients do not get to this server",
                certified.registration.client_id
            ),
            "nothing was changed; set mutual_tls.certificates, and mutual_tls.authorities_file for tls_client_auth",
        ));
    }
    refuse_taken(instance, desired).await
}

/// Refuses systems of which one says that it is a resource that another one is.
async fn refuse_taken(instance: &Instance, desired: &[DesiredClient]) -> Outcome {
    match taken_resource(desired, &instance.provider.list_clients().await?) {
        None => Ok(()),
        Some(taken) => Err(Refusal::wrong(
            format!("{} would be {}, which {} is", taken.wanted_by, taken.resource, taken.taken_by),
            "nothing was changed; each resource is protected by one system",
        )),
    }
}
