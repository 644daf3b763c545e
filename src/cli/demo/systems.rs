//! The two systems of a demo: how they stand on the register, and how they are served.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

use super::folder::Folder;
use crate::app::{Instance, Surroundings};
use crate::base::Secret;
use crate::cli::refusal::{Outcome, Refusal};
use crate::cli::stop::Stop;
use crate::demo::{DemoSystem, Look};
use crate::domain::client::LegalBasis::{Consent, Contract, Law};
use crate::domain::client::{Bilingual, ClaimGrant, LegalBasis, Registration, RegistrationDocument, System};
use crate::protocol::{ClaimName, ClientAuthMethod, ClientId, SigningAlgorithm};
use crate::services::client_changes::DesiredClient;

/// How long a stopping system may take with the requests under way.
const GRACE: Duration = Duration::from_secs(5);

/// Both systems, registered.
pub struct Systems {
    portal: DemoSystem,
    office: DemoSystem,
}

/// Both systems at work.
pub struct Serving(JoinSet<()>);

impl Systems {
    /// Registers those that are not on the register. What the operator changed there stays.
    pub async fn register(
        instance: &Instance,
        folder: &Folder,
        surroundings: &Surroundings,
        port: u16,
    ) -> Outcome<Self> {
        let kept = folder.portal_secret(&*surroundings.entropy)?;
        let addresses = (address(port + 1)?, address(port + 2)?);
        let system = |look, secret, address: &Url, neighbour: &Url| DemoSystem {
            look,
            issuer: instance.provider.policy().issuer.as_str().to_owned(),
            client_id: client_id(look).to_owned(),
            secret,
            address: address.clone(),
            neighbour: Some(neighbour.clone()),
            clock: Arc::clone(&surroundings.clock),
            entropy: Arc::clone(&surroundings.entropy),
        };
        let portal = system(Look::Portal, Some(kept.secret.clone()), &addresses.0, &addresses.1);
        let office = system(Look::Office, None, &addresses.1, &addresses.0);
        let mut missing = Vec::new();
        if kept.is_new || !is_registered(instance, &portal)? {
            missing.push(desired(&portal)?);
        }
        if !is_registered(instance, &office)? {
            missing.push(desired(&office)?);
        }
        if !missing.is_empty() {
            instance.provider.apply_clients(&missing).await?;
            instance.provider.refresh_caches().await?;
        }
        Ok(Self { portal, office })
    }

    /// Serves both until they are to stop.
    pub fn serve(self, portal: TcpListener, office: TcpListener, stop: &Stop) -> Outcome<Serving> {
        let mut serving = JoinSet::new();
        for (system, listener) in [(self.portal, portal), (self.office, office)] {
            let (router, stop) = (system.router()?, stop.clone());
            serving.spawn(crate::http::serve(
                listener,
                crate::http::Listening::Plain,
                router,
                stop.asked(),
                GRACE,
            ));
        }
        Ok(Serving(serving))
    }
}

impl Serving {
    /// Waits until both have finished what was under way.
    pub async fn ended(self) {
        self.0.join_all().await;
    }
}

const fn client_id(look: Look) -> &'static str {
    match look {
        Look::Portal => "cong-dich-vu-cong",
        Look::Office => "van-phong-dien-tu",
    }
}

fn address(port: u16) -> Outcome<Url> {
    // Another site than localhost, as any system is.
    let text = format!("http://127.0.0.1:{port}/");
    Url::parse(&text).map_err(|error| Refusal::failed(format!("{text}: {error}"), "take another --port"))
}

fn is_registered(instance: &Instance, system: &DemoSystem) -> Outcome<bool> {
    Ok(instance.provider.known_client(&parse_id(system)?).is_some())
}

fn parse_id(system: &DemoSystem) -> Outcome<ClientId> {
    ClientId::parse(&system.client_id)
        .map_err(|error| Refusal::failed(format!("{}: {error}", system.client_id), "report this"))
}

fn desired(system: &DemoSystem) -> Outcome<DesiredClient> {
    let look = system.look;
    let document = RegistrationDocument {
        post_logout_redirect_uris: vec![system.post_logout_redirect_uri()],
        token_endpoint_auth_method: match look {
            Look::Portal => ClientAuthMethod::ClientSecretBasic,
            Look::Office => ClientAuthMethod::None,
        },
        claims: claims(look),
        // On one machine both systems have one host; in life they would not, and would know a person by two subjects.
        sector_identifier: Some(format!("{}.demo", client_id(look))),
        id_token_signed_response_alg: SigningAlgorithm::ES256,
        ..RegistrationDocument::of(System {
            client_id: parse_id(system)?,
            client_name: Bilingual { vi: look.name_vi().to_owned(), en: look.name_en().to_owned() },
            client_purpose: purpose(look),
            contacts: vec!["demo@localhost".to_owned()],
            client_uri: Some(system.address.to_string()),
            redirect_uris: vec![system.redirect_uri()],
            scope: look.scopes().join(" "),
        })
    };
    let registration = Registration::try_from(document).map_err(|error| {
        Refusal::failed(format!("the demo system {}: {error}", system.client_id), "report this")
    })?;
    let secret = system.secret.as_ref().map(|secret| Secret::new(secret.expose().clone()));
    Ok(DesiredClient { registration, secret, status: None })
}

fn purpose(look: Look) -> Bilingual {
    match look {
        Look::Portal => say(
            "Nộp và theo dõi hồ sơ thủ tục hành chính về giáo dục.",
            "To submit and follow applications to the education authorities.",
        ),
        Look::Office => {
            say("Xử lý văn bản và công việc của nhà trường.", "To handle a school's documents and tasks.")
        }
    }
}

fn claims(look: Look) -> Vec<ClaimGrant> {
    let grant = |claim, basis: LegalBasis, essential, vi: &str, en: &str| ClaimGrant {
        claim,
        purpose: say(vi, en),
        basis,
        essential,
    };
    match look {
        Look::Portal => vec![
            grant(
                ClaimName::Name,
                Consent,
                true,
                "Ghi tên bạn trên hồ sơ",
                "To put your name on the application",
            ),
            grant(
                ClaimName::Birthdate,
                Law,
                true,
                "Kiểm tra điều kiện về độ tuổi",
                "To check the age condition",
            ),
            grant(ClaimName::Email, Consent, false, "Gửi kết quả hồ sơ cho bạn", "To send you the result"),
            grant(
                ClaimName::PhoneNumber,
                Consent,
                false,
                "Nhắn tin khi hồ sơ thiếu giấy tờ",
                "To text you when a paper is missing",
            ),
            grant(
                ClaimName::Locale,
                Law,
                false,
                "Trả lời bằng ngôn ngữ của bạn",
                "To answer in your language",
            ),
            grant(
                ClaimName::Ial,
                Law,
                false,
                "Biết danh tính đã được xác minh đến đâu",
                "To know how well an identity is proved",
            ),
        ],
        Look::Office => vec![
            grant(
                ClaimName::Name,
                Contract,
                true,
                "Hiển thị tên cán bộ xử lý",
                "To show who handles a document",
            ),
            grant(
                ClaimName::Email,
                Contract,
                false,
                "Gửi văn bản đến hộp thư",
                "To send documents to the mailbox",
            ),
            grant(
                ClaimName::Ial,
                Law,
                false,
                "Biết danh tính đã được xác minh đến đâu",
                "To know how well an identity is proved",
            ),
        ],
    }
}

fn say(vi: &str, en: &str) -> Bilingual {
    Bilingual { vi: vi.to_owned(), en: en.to_owned() }
}
