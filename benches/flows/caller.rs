//! How a system calls the provider: who it is, and which key it shows.

use std::sync::Arc;

use data_encoding::BASE64;
use khue::base::entropy::SeededEntropy;

use crate::fault::Fault;
use crate::instance::Instance;
use crate::signer::Signer;
use crate::systems::{SECRET, System};

/// One system at one connection.
pub struct Caller {
    instance: Arc<Instance>,
    /// Which.
    pub system: System,
    means: Means,
}

enum Means {
    Secret { authorization: String },
    Keys { shown: Box<Signer> },
}

/// What goes with a call.
pub struct Proved {
    /// Headers, by name.
    pub headers: Vec<(&'static str, String)>,
    /// What is put to the end of the form.
    pub form: String,
}

impl Caller {
    /// `system`, with a key of its own to show where it shows one.
    pub fn new(instance: Arc<Instance>, system: System) -> Result<Self, Fault> {
        let means = match system.has_secret() {
            true => {
                let pair = format!("{}:{}", system.id(), SECRET.replace(' ', "+"));
                Means::Secret { authorization: format!("Basic {}", BASE64.encode(pair.as_bytes())) }
            }
            false => Means::Keys { shown: Box::new(Signer::fresh()?) },
        };
        Ok(Self { instance, system, means })
    }

    /// What a call to an endpoint that authenticates systems needs.
    pub fn proved(&self, endpoint: &str, entropy: &SeededEntropy) -> Result<Proved, Fault> {
        Ok(match &self.means {
            Means::Secret { authorization } => {
                Proved { headers: vec![("authorization", authorization.clone())], form: String::new() }
            }
            Means::Keys { shown } => {
                let (id, issuer) = (self.system.id(), &self.instance.issuer);
                let assertion = self.instance.signer.assertion(id, issuer, entropy)?;
                let proof = shown.proof("POST", &format!("{issuer}{endpoint}"), None, entropy)?;
                let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
                let form = format!("&client_assertion_type={kind}&client_assertion={assertion}");
                Proved { headers: vec![("dpop", proof)], form }
            }
        })
    }

    /// What a call to a resource with `token` needs.
    pub fn bearing(
        &self,
        token: &str,
        endpoint: &str,
        entropy: &SeededEntropy,
    ) -> Result<Vec<(&'static str, String)>, Fault> {
        Ok(match &self.means {
            Means::Secret { .. } => vec![("authorization", format!("Bearer {token}"))],
            Means::Keys { shown } => {
                let url = format!("{}{endpoint}", self.instance.issuer);
                let proof = shown.proof("GET", &url, Some(token), entropy)?;
                vec![("authorization", format!("DPoP {token}")), ("dpop", proof)]
            }
        })
    }
}
