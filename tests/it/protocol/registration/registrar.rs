//! Systems that register themselves, as the tests beside this one speak for them.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use serde_json::Value;

use crate::kit::{Answer, ISSUER, RelyingParty, TestApp, confidential};

/// Where the systems of these tests are called back.
pub const CALLBACK: &str = "https://rp.example.vn/callback";

/// An instance, and whoever speaks to its registration endpoint.
pub struct Registrar {
    pub app: TestApp,
    pub system: RelyingParty,
}

impl Registrar {
    pub async fn of(app: TestApp) -> Self {
        let system = app.relying_party(confidential("dichvucong")).await;
        Self { app, system }
    }

    pub async fn sandbox() -> Self {
        Self::of(TestApp::builder().with("server.sandbox", "true").build().await).await
    }

    pub async fn send(&self, method: Method, path: &str, token: Option<&str>, body: &str) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.system.answer(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub async fn register(&self, metadata: &Value) -> Answer {
        self.send(Method::POST, "/register", None, &metadata.to_string()).await
    }

    pub async fn refused(&self, metadata: Value, code: &str, says: &str) {
        let answer = self.register(&metadata).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, code), "{metadata}");
        let description = answer.text("error_description");
        assert!(description.contains(says) && description.is_ascii(), "{metadata}: {description}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

/// The path of the registration that `answer` tells of.
pub fn path_of(answer: &Answer) -> String {
    answer.text("registration_client_uri").trim_start_matches(ISSUER).to_owned()
}
