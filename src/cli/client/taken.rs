//! What cannot be seen in one registration by itself: that another system is its resource already, or that this instance
//! could never do what it says.

use crate::app::Instance;
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::client_changes::DesiredClient;
use crate::services::resources::taken_resource;
use crate::services::unfit::Unfit;

/// Refuses what this instance cannot take, whatever a registration says by itself.
pub async fn refuse_unfit(instance: &Instance, desired: &[DesiredClient]) -> Outcome {
    for one in desired {
        if let Some(unfit) = instance.provider.unfit(&one.registration) {
            let what = format!("{}: {unfit}", one.registration.client_id);
            return Err(Refusal::wrong(what, format!("nothing was changed; {}", remedy(&unfit))));
        }
    }
    refuse_taken(instance, desired).await
}

const fn remedy(unfit: &Unfit) -> &'static str {
    match unfit {
        Unfit::Certificates => {
            "set mutual_tls.certificates, and mutual_tls.authorities_file for tls_client_auth"
        }
        Unfit::Key(_) => "ask the system for the key that it signs with, or leave this one out",
        Unfit::RedirectUri(_) => "plain http on a loopback address is taken under fapi2 in a sandbox only",
        Unfit::EncryptionKey { .. } => "ask the system for the key that it decrypts with",
        Unfit::Address { .. } => {
            "name a public https address; those of this machine are called in a sandbox only"
        }
    }
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
