//! How a request gets to an instance: by a call, or over a socket.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::http::header::HOST;
use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::BodyExt;

use super::app::{ISSUER, send};

/// The way to one instance.
#[derive(Clone)]
pub enum Wire {
    /// In this process.
    Router(Router),
    /// To a process of its own, as the proxy in front would.
    Socket { address: SocketAddr, client: reqwest::Client },
}

impl From<Router> for Wire {
    fn from(router: Router) -> Self {
        Self::Router(router)
    }
}

impl Wire {
    /// The way to who listens on `address`.
    pub fn to(address: SocketAddr) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .unwrap();
        Self::Socket { address, client }
    }

    /// Sends `request`, which is answered.
    pub async fn send(&self, request: Request<Body>) -> Response<Bytes> {
        self.attempt(request).await.unwrap()
    }

    /// Sends `request`, whose answer may never come.
    pub async fn attempt(&self, request: Request<Body>) -> Result<Response<Bytes>, reqwest::Error> {
        match self {
            Self::Router(router) => Ok(send(router, request).await),
            Self::Socket { address, client } => {
                let (head, body) = request.into_parts();
                let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
                let answer = client
                    .request(head.method, format!("http://{address}{target}"))
                    .header(HOST, ISSUER.trim_start_matches("https://"))
                    .headers(head.headers)
                    .body(body.collect().await.unwrap().to_bytes())
                    .send()
                    .await?;
                let mut response = Response::builder().status(answer.status());
                response.headers_mut().unwrap().extend(answer.headers().clone());
                Ok(response.body(answer.bytes().await?).unwrap())
            }
        }
    }
}
