//! One demo system: what it is, and how it is served.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use openidconnect::url::Url;
use tokio::net::TcpListener;

use super::provider::Provider;
use super::trouble::DemoError;
use super::visits::Visits;
use super::{assets, handlers};
use crate::base::{Clock, Entropy, Secret};

/// Which of the two systems: its name, its looks and what it asks to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// "Cổng dịch vụ công": public services for citizens; keeps a client secret.
    Portal,
    /// "Văn phòng điện tử": a school's e-office; a public client.
    Office,
}

impl Look {
    /// The name in Vietnamese.
    pub const fn name_vi(self) -> &'static str {
        match self {
            Self::Portal => "Cổng dịch vụ công",
            Self::Office => "Văn phòng điện tử",
        }
    }

    /// The name in English.
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Portal => "Public Service Portal",
            Self::Office => "Electronic Office",
        }
    }

    /// The scopes that it asks for at sign-in.
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Portal => &["openid", "profile", "email", "phone"],
            Self::Office => &["openid", "profile_min", "email"],
        }
    }

    /// Cookies know hosts, not ports: two systems on one machine must name theirs apart.
    pub(super) const fn cookie_prefix(self) -> &'static str {
        match self {
            Self::Portal => "dichvucong",
            Self::Office => "vanphong",
        }
    }
}

/// A demo relying system, ready to be served.
#[derive(Clone)]
pub struct DemoSystem {
    /// Which of the two.
    pub look: Look,
    /// The issuer to trust, exactly as its discovery document says it.
    pub issuer: String,
    /// The client id that the issuer knows it by.
    pub client_id: String,
    /// The client secret (`client_secret_basic`); none makes it a public client.
    pub secret: Option<Secret<String>>,
    /// Where browsers reach it: scheme, host and port, nothing behind.
    pub address: Url,
    /// The other demo system, linked from its pages.
    pub neighbour: Option<Url>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes session ids.
    pub entropy: Arc<dyn Entropy>,
}

/// What every handler works with.
pub(super) struct Shared {
    pub look: Look,
    pub provider: Provider,
    pub visits: Visits,
    pub neighbour: Option<Url>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub security_policy: String,
}

impl DemoSystem {
    /// The redirect URI to register at the issuer.
    pub fn redirect_uri(&self) -> String {
        self.at("/signed-in")
    }

    /// The post-logout redirect URI to register at the issuer.
    pub fn post_logout_redirect_uri(&self) -> String {
        self.at("/signed-out")
    }

    /// Its pages. Fails where an address among its settings is none.
    pub fn router(self) -> Result<Router, DemoError> {
        let provider = Provider::new(&self)?;
        // Signing out posts to us and is sent on to the issuer: browsers count that as the form's target too.
        let security_policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action 'self' {}",
            provider.issuer_origin()
        );
        let shared = Arc::new(Shared {
            look: self.look,
            provider,
            visits: Visits::default(),
            neighbour: self.neighbour,
            clock: self.clock,
            entropy: self.entropy,
            security_policy,
        });
        Ok(Router::new()
            .route("/", get(handlers::home))
            .route("/sign-in", get(handlers::sign_in))
            .route("/signed-in", get(handlers::signed_in))
            .route("/sign-out", post(handlers::sign_out))
            .route("/signed-out", get(handlers::signed_out))
            .route("/language/{code}", get(handlers::choose_language))
            .route("/style.css", get(assets::style))
            .route("/emblem.svg", get(assets::emblem))
            .fallback(handlers::nowhere)
            .with_state(shared))
    }

    /// Serves the system on `listener` until `shutdown` resolves and the requests under way are answered.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), DemoError> {
        let router = self.router()?;
        axum::serve(listener, router).with_graceful_shutdown(shutdown).await.map_err(DemoError::Listener)
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address.as_str().trim_end_matches('/'))
    }
}
