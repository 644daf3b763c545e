//! `khue client add`.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::apply::{tell_namesakes, tell_secrets};
use super::client_file;
use super::plan::entry;
use super::taken::refuse_unfit;
use crate::cli::exit::Exit;
use crate::cli::instance::Here;
use crate::cli::output::print;
use crate::cli::refusal::{Outcome, Refusal};
use crate::domain::client::{
    self, Bilingual, ClaimGrant, ClientJwks, LegalBasis, Registration, RegistrationDocument,
};
use crate::protocol::{ApplicationType, ClaimName, ClientAuthMethod, ClientId};
use crate::services::client_changes::DesiredClient;
use crate::services::clients::Registered;

/// Register a system, by options or from a file; its secret is made and printed once
#[derive(Debug, Args)]
pub struct Add {
    /// Take the systems of a client file; none of them may be registered yet
    #[arg(long, conflicts_with = "System", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    system: System,
}

/// A system by options.
#[derive(Debug, Args)]
struct System {
    /// Its client_id
    #[arg(long, value_parser = ClientId::parse, required_unless_present = "file")]
    id: Option<ClientId>,
    /// Its name in Vietnamese
    #[arg(long, required_unless_present = "file", value_name = "TEXT")]
    name_vi: Option<String>,
    /// Its name in English
    #[arg(long, required_unless_present = "file", value_name = "TEXT")]
    name_en: Option<String>,
    /// What it is for, in Vietnamese
    #[arg(long, required_unless_present = "file", value_name = "TEXT")]
    purpose_vi: Option<String>,
    /// What it is for, in English
    #[arg(long, required_unless_present = "file", value_name = "TEXT")]
    purpose_en: Option<String>,
    /// The address of its front door; a native application may have none
    #[arg(long, value_name = "URL")]
    uri: Option<String>,
    /// Where answers go; may be given several times
    #[arg(long, required_unless_present = "file", value_name = "URL")]
    redirect_uri: Vec<String>,
    /// Where people go after signing out; may be given several times
    #[arg(long, value_name = "URL")]
    post_logout_redirect_uri: Vec<String>,
    /// Whom to write to about it; may be given several times
    #[arg(long, required_unless_present = "file", value_name = "ADDRESS")]
    contact: Vec<String>,
    /// What it may ask for
    #[arg(long, default_value = "openid", value_name = "SCOPES")]
    scope: String,
    /// A claim that it may learn, by which right: name=consent, birthdate=law,essential. Its purpose is the system's
    /// own; a client file can give each claim its own. May be given several times
    #[arg(long, value_parser = claim, value_name = "CLAIM=BASIS[,essential]")]
    claim: Vec<Claim>,
    /// It cannot keep a secret (an application in a browser or on a phone)
    #[arg(long)]
    public: bool,
    /// It signs with a private key: the JSON file of its public ones, a JWK set
    #[arg(long, conflicts_with = "public", value_name = "FILE")]
    jwks_file: Option<PathBuf>,
    /// It signs with a private key: the address at which it publishes its public ones
    #[arg(long, conflicts_with_all = ["public", "jwks_file"], value_name = "URL")]
    jwks_uri: Option<String>,
    /// It is an application on a device: private schemes are allowed in its addresses
    #[arg(long)]
    native: bool,
    /// The host whose systems know a person by the same subject
    #[arg(long, value_name = "HOST")]
    sector: Option<String>,
}

#[derive(Clone, Debug)]
struct Claim {
    claim: ClaimName,
    basis: LegalBasis,
    essential: bool,
}

impl Add {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        let desired = match &self.file {
            Some(file) => client_file::read(file)?,
            None => vec![self.system.desired()?],
        };
        let instance = here.open().await?;
        refuse_unfit(&instance, &desired).await?;
        let plan = instance.provider.plan_clients(&desired).await?;
        if let Some(known) = plan.iter().find(|change| change.registered != Registered::Added) {
            return Err(Refusal::failed(
                format!("{} is registered already; nothing was changed", known.client),
                "`khue client apply` changes what is registered",
            ));
        }
        tell_namesakes(&instance, &desired).await?;
        let changed = instance.provider.apply_clients(&desired).await?;
        for one in &changed {
            print(entry(&one.change))?;
        }
        tell_secrets(&changed)?;
        Ok(Exit::Done)
    }
}

impl System {
    fn desired(&self) -> Outcome<DesiredClient> {
        let text = |option: &Option<String>| option.clone().unwrap_or_default();
        let purpose = Bilingual { vi: text(&self.purpose_vi), en: text(&self.purpose_en) };
        let grant = |one: &Claim| ClaimGrant {
            claim: one.claim,
            purpose: purpose.clone(),
            basis: one.basis,
            essential: one.essential,
        };
        // The argument parser sees to it that there is one.
        let id = self
            .id
            .clone()
            .ok_or_else(|| Refusal::wrong("--id is missing", "give the system's client_id"))?;
        let document = RegistrationDocument {
            claims: self.claim.iter().map(grant).collect(),
            application_type: if self.native { ApplicationType::Native } else { ApplicationType::Web },
            post_logout_redirect_uris: self.post_logout_redirect_uri.clone(),
            token_endpoint_auth_method: self.method(),
            jwks: self.jwks()?,
            jwks_uri: self.jwks_uri.clone(),
            sector_identifier: self.sector.clone(),
            ..RegistrationDocument::of(client::System {
                client_id: id,
                client_name: Bilingual { vi: text(&self.name_vi), en: text(&self.name_en) },
                client_purpose: purpose.clone(),
                contacts: self.contact.clone(),
                client_uri: self.uri.clone(),
                redirect_uris: self.redirect_uri.clone(),
                scope: self.scope.clone(),
            })
        };
        let problems: Vec<String> = document.problems().iter().map(ToString::to_string).collect();
        let refused = || {
            Refusal::wrong(
                format!("the system cannot be registered\n{}", problems.join("\n")),
                "mend the option that is named, and try again",
            )
        };
        let registration = Registration::try_from(document).map_err(|_| refused())?;
        Ok(DesiredClient { registration, secret: None, status: None })
    }
}

impl System {
    const fn method(&self) -> ClientAuthMethod {
        match (self.public, self.jwks_file.is_some() || self.jwks_uri.is_some()) {
            (true, _) => ClientAuthMethod::None,
            (false, true) => ClientAuthMethod::PrivateKeyJwt,
            (false, false) => ClientAuthMethod::ClientSecretBasic,
        }
    }

    fn jwks(&self) -> Outcome<Option<ClientJwks>> {
        let Some(file) = &self.jwks_file else { return Ok(None) };
        let held = fs::read(file).map_err(|error| Refusal::file(file, &error))?;
        let jwks = serde_json::from_slice(&held).map_err(|_| {
            Refusal::wrong(format!("{} is not JSON", file.display()), "name a file that holds a JWK set")
        })?;
        Ok(Some(jwks))
    }
}

/// `name=consent` or `birthdate=law,essential`.
fn claim(text: &str) -> Result<Claim, String> {
    let form = "write for example name=consent or birthdate=law,essential";
    let (claim, rest) = text.split_once('=').ok_or(form)?;
    let (basis, essential) = match rest.split_once(',') {
        Some((basis, "essential")) => (basis, true),
        Some(_) => return Err(form.to_owned()),
        None => (rest, false),
    };
    let bases = [LegalBasis::Consent, LegalBasis::Law, LegalBasis::Contract, LegalBasis::Emergency];
    let claims = || ClaimName::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    Ok(Claim {
        claim: ClaimName::parse(claim)
            .ok_or_else(|| format!("{claim} is not a claim; there are {}", claims()))?,
        basis: bases
            .into_iter()
            .find(|one| one.as_str() == basis)
            .ok_or("the basis is consent, law, contract or emergency")?,
        essential,
    })
}
