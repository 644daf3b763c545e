//! The composition root: configuration to services to router. The only file that knows everything.

use std::sync::Arc;

use axum::Router;

use crate::base::{Clock, Entropy};
use crate::config::{
    ClientCertificateSource, Config, ContactText, HeaderForm, Mode, RegistrationMode, Server, ShortLivedPlace,
};
use crate::crypto::master_key::MasterKeys;
use crate::crypto::master_key_file::MasterKeyFileError;
use crate::crypto::passkey::{PasskeyError, Passkeys};
use crate::crypto::tls::{self, ClientCertificates};
use crate::crypto::{ClientAuthorities, NoAuthority};
use crate::domain::session::{REACHABLE, SessionPolicy};
use crate::domain::signing_key::RotationPolicy;
use crate::http::oauth::DiscoveryDocument;
use crate::http::{self, App, CertificateSource};
use crate::outbound::{Outbound, Reach};
use crate::protocol::metadata::{ProviderFacts, ProviderMetadata};
use crate::protocol::{
    CertificateHeaderForm, ClientAuthMethod, Endpoint, Issuer, Prefixes, SigningAlgorithm,
};
use crate::services::audit::{AuditError, AuditLog};
use crate::services::instance::{self, OpenError};
use crate::services::registration::Registrants;
use crate::services::{Failure, MutualTls, Parts, Policy, Provider};
use crate::shortlived::{ShortLived, Unavailable};
use crate::storage::{Db, StorageError};
use crate::telemetry::{Health, Observer};
use crate::view::{Stage, Support};

/// The name that browsers show beside a passkey.
const RELYING_PARTY_NAME: &str = "Khuê";

/// What stands still: time and randomness come from outside, so that tests can hold both.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// Why an instance does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The short-lived store.
    #[error(transparent)]
    ShortLived(#[from] Unavailable),
    /// The master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyFileError),
    /// The instance's secrets.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Passkeys cannot be bound to this issuer.
    #[error("server.issuer: {0}")]
    Passkeys(#[from] PasskeyError),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Registrations or keys could not be loaded.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The authorities of clients.
    #[error("mutual_tls.authorities_file: {0}")]
    Authorities(#[from] NoAuthority),
    /// A production instance would run on a key that everybody could have made.
    #[error(
        "keys.master_key_file: this is a development key; make a production one with `khue keys create-master`"
    )]
    DevelopmentKey,
    /// A sandbox would open what real people entrusted to a production instance.
    #[error(
        "keys.master_key_file: this is a production key, which a sandbox refuses; make another with `khue keys create-master --development`"
    )]
    ProductionKey,
}

/// A running instance without its listeners: services and what the jobs need.
pub struct Instance {
    /// The use cases.
    pub provider: Arc<Provider>,
    /// The keeper of the audit log.
    pub audit: Arc<AuditLog>,
    health: Health,
    config: Config,
}

impl Instance {
    /// Opens the instance that `config` describes. The schema is brought up to date; keys that are missing are made.
    pub async fn open(config: Config, surroundings: &Surroundings) -> Result<Self, StartError> {
        let master = MasterKeys::read_file(&config.keys.master_key_file)?;
        match config.server.sandbox {
            true if master.is_production() => return Err(StartError::ProductionKey),
            false if config.server.mode == Mode::Production && master.is_development() => {
                return Err(StartError::DevelopmentKey);
            }
            true | false => {}
        }
        Self::open_with(config, master, surroundings).await
    }

    /// Opens the instance with a master key that is already in hand.
    pub async fn open_with(
        config: Config,
        master: MasterKeys,
        surroundings: &Surroundings,
    ) -> Result<Self, StartError> {
        let Surroundings { clock, entropy } = surroundings.clone();
        let db =
            Arc::new(Db::connect(config.database.address.url().expose(), config.database.connections).await?);
        db.migrate().await?;
        let keyring = Arc::new(instance::open(&db, &master, &*entropy, clock.now()).await?);
        let issuer = config.server.issuer.clone();
        let audit = AuditLog::new(
            Arc::clone(&db),
            &keyring,
            config.audit.origin.as_str(),
            Arc::clone(&clock),
            &*entropy,
        )?;
        let origin = url::Url::parse(issuer.origin()).map_err(|_| PasskeyError::Misconfigured)?;
        let provider = Arc::new(Provider::new(Parts {
            db,
            shortlived: Arc::new(shortlived(&config, &clock)?),
            outbound: Arc::new(Outbound::new(reach(&config.server))),
            master: Arc::new(master),
            keyring,
            passkeys: Passkeys::new(issuer.host(), &origin, RELYING_PARTY_NAME, Arc::clone(&entropy))?,
            policy: policy(&config, issuer, mutual_tls(&config)?),
            clock,
            entropy,
        }));
        provider.advance_signing_keys().await?;
        provider.refresh_caches().await?;
        if config.server.sandbox {
            provider.invent_people().await?;
        }
        Ok(Self { health: health(&provider), provider, audit: Arc::new(audit), config })
    }

    /// How the instance is configured.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The router, whole: every route, with everything that lies around it.
    pub fn router(&self, surroundings: &Surroundings) -> Router {
        let issuer = &self.provider.policy().issuer;
        let algorithms: Vec<&str> =
            SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        let policy = self.provider.policy();
        let methods: Vec<ClientAuthMethod> =
            ClientAuthMethod::ALL.iter().copied().filter(|method| policy.takes(*method)).collect();
        let registration_endpoint = match self.provider.policy().registrants {
            Registrants::Nobody => None,
            Registrants::TokenHolders | Registrants::Everybody => Some(issuer.endpoint(Endpoint::Register)),
        };
        let metadata = ProviderMetadata::describe(ProviderFacts {
            issuer,
            prefixes: &self.provider.policy().prefixes,
            id_token_algorithms: &algorithms,
            trust_frameworks: policy.trust_frameworks(),
            levels: REACHABLE,
            client_authentication: &methods,
            takes_certificates: policy.mutual_tls.is_some(),
            mutual_tls_alias: policy.mutual_tls.as_ref().and_then(|mutual_tls| mutual_tls.alias.as_ref()),
            registration_endpoint: registration_endpoint.as_deref(),
            service_documentation: None,
        });
        let app = Arc::new(App {
            provider: Arc::clone(&self.provider),
            audit: Arc::clone(&self.audit),
            discovery: DiscoveryDocument::new(metadata),
            base_path: issuer.path().to_owned(),
            secure_cookies: issuer.is_https(),
            trusted_proxies: self.config.server.trusted_proxies.clone(),
            certificates: certificates(&self.config.mutual_tls.source),
            stage: stage(&self.config.server),
            support: support(&self.config),
        });
        let observer = Observer::new(Arc::clone(&surroundings.clock), Arc::clone(&surroundings.entropy));
        http::router(app, self.health.clone(), observer, self.config.server.request_timeout)
    }

    /// How each listener is spoken to: the first one is everybody's, the second one is for clients with certificates.
    pub fn listening(&self) -> Result<[http::Listening; 2], rustls::Error> {
        let Some(identity) = self.config.tls.as_ref().map(|tls| &tls.identity) else {
            return Ok([http::Listening::Plain, http::Listening::Plain]);
        };
        let asked_by_all = self.config.mutual_tls.source == ClientCertificateSource::Connection
            && self.config.mutual_tls.listen.is_none();
        let first = if asked_by_all { ClientCertificates::Asked } else { ClientCertificates::NotAsked };
        let tls = |clients| tls::server_config(Arc::clone(identity), clients).map(http::Listening::Tls);
        Ok([tls(first)?, tls(ClientCertificates::Asked)?])
    }

    /// What readiness is told by. To be stopped before the listener is.
    pub const fn health(&self) -> &Health {
        &self.health
    }
}

fn health(provider: &Arc<Provider>) -> Health {
    let (database, shortlived) = (Arc::clone(provider), Arc::clone(provider));
    Health::default()
        .with("database", move || {
            let provider = Arc::clone(&database);
            async move { provider.refresh_caches().await.is_ok() }
        })
        .with("short-lived store", move || {
            let provider = Arc::clone(&shortlived);
            async move { provider.shortlived().ping().await.is_ok() }
        })
}

fn shortlived(config: &Config, clock: &Arc<dyn Clock>) -> Result<ShortLived, Unavailable> {
    let settings = &config.shortlived;
    match &settings.place {
        ShortLivedPlace::InProcess => Ok(ShortLived::in_process(Arc::clone(clock), settings.memory.0)),
        ShortLivedPlace::Redis(url) => ShortLived::redis(url, &settings.key_prefix, settings.timeout),
    }
}

/// Only where everybody is invented may what a client registers lead to this machine.
const fn reach(server: &Server) -> Reach {
    if server.sandbox { Reach::ThisMachineToo } else { Reach::Public }
}

fn stage(server: &Server) -> Stage {
    match server.mode {
        _ if server.sandbox => Stage::Sandbox,
        Mode::Demo => Stage::Demo,
        Mode::Production => Stage::Live,
    }
}

fn support(config: &Config) -> Support {
    let shown = |text: &Option<ContactText>| text.as_ref().map(|text| text.as_str().to_owned());
    Support { phone: shown(&config.support.phone), email: shown(&config.support.email) }
}

/// Where certificates of clients get here at all.
fn mutual_tls(config: &Config) -> Result<Option<MutualTls>, NoAuthority> {
    if config.mutual_tls.source == ClientCertificateSource::Nowhere {
        return Ok(None);
    }
    let authorities = config.mutual_tls.authorities.clone().map(ClientAuthorities::new).transpose()?;
    Ok(Some(MutualTls { authorities, alias: config.mutual_tls.alias.clone() }))
}

fn certificates(source: &ClientCertificateSource) -> CertificateSource {
    match source {
        ClientCertificateSource::Nowhere => CertificateSource::Nowhere,
        ClientCertificateSource::Connection => CertificateSource::Connection,
        ClientCertificateSource::Header { name, form } => match name.as_str().parse() {
            Ok(name) => CertificateSource::Header {
                name,
                form: match form {
                    HeaderForm::Rfc9440 => CertificateHeaderForm::Rfc9440,
                    HeaderForm::Pem => CertificateHeaderForm::EscapedPem,
                },
            },
            // The configuration takes only what is one.
            Err(_) => CertificateSource::Nowhere,
        },
    }
}

fn policy(config: &Config, issuer: Issuer, mutual_tls: Option<MutualTls>) -> Policy {
    Policy {
        issuer,
        mutual_tls,
        sandbox: config.server.sandbox,
        registrants: match config.server.registration {
            RegistrationMode::Off => Registrants::Nobody,
            RegistrationMode::Token => Registrants::TokenHolders,
            RegistrationMode::Open => Registrants::Everybody,
        },
        prefixes: Prefixes {
            acr: config.policy.acr_prefix.as_str().to_owned(),
            claims: config.policy.claims_namespace.as_str().to_owned(),
        },
        sessions: SessionPolicy { idle: config.sessions.idle, lifetime: config.sessions.max },
        rotation: RotationPolicy {
            active_for: config.keys.rotate_after,
            announced_for: config.keys.announce,
            retiring_for: config.keys.retain,
        },
    }
}
