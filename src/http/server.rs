//! Connections: limits that hold before a route is known, and a stop that lets requests under way finish.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::Service;

use super::client_certificate::ConnectionCertificate;
use crate::protocol::{NoCertificate, ShownCertificate};

/// A header block of more is answered with 431.
const LARGEST_HEADERS: usize = 16 * 1024;
/// How long a connection may take to send a header block, and before that to agree on TLS.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How many connections are served at once; more wait in the system's queue.
const CONNECTIONS: usize = 10_000;
/// How long to wait after the system refused a connection (no file descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What is spoken on a listener, below HTTP.
#[derive(Clone, Debug)]
pub enum Listening {
    /// Nothing: a proxy in front speaks TLS.
    Plain,
    /// TLS.
    Tls(Arc<ServerConfig>),
}

/// Serves `router` until `stop` resolves, then up to `grace` longer for what is under way.
pub async fn serve(
    listener: TcpListener,
    listening: Listening,
    router: Router,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(LARGEST_HEADERS);
    let under_way = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Answers are small and complete: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let serving =
            Serving { builder: builder.clone(), router: router.clone(), watcher: under_way.watcher(), peer };
        let listening = listening.clone();
        tokio::spawn(async move {
            match listening {
                Listening::Plain => serving.speak(stream, None).await,
                Listening::Tls(config) => serving.agree(stream, config).await,
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to stop had passed");
    }
}

/// What one connection is served with.
struct Serving {
    builder: http1::Builder,
    router: Router,
    watcher: Watcher,
    peer: SocketAddr,
}

impl Serving {
    /// Agrees on TLS. Whoever cannot, or shows what is no certificate, is left.
    async fn agree(self, stream: TcpStream, config: Arc<ServerConfig>) {
        let accepted = tokio::time::timeout(HEADER_TIMEOUT, TlsAcceptor::from(config).accept(stream)).await;
        let Ok(Ok(stream)) = accepted else { return };
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let shown: Result<_, NoCertificate> = ShownCertificate::of_chain(chain.iter().map(AsRef::as_ref));
        let Ok(shown) = shown else { return };
        self.speak(stream, shown.map(|shown| ConnectionCertificate(Arc::new(shown)))).await;
    }

    /// Speaks HTTP until either side has had enough.
    async fn speak(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        certificate: Option<ConnectionCertificate>,
    ) {
        let Self { builder, router, watcher, peer } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            if let Some(certificate) = &certificate {
                request.extensions_mut().insert(certificate.clone());
            }
            answer(router.clone(), request)
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        // Whatever ends a connection early is the other side's affair.
        let _ = watcher.watch(connection).await;
    }
}

/// RFC 9112 §3.2: whoever speaks HTTP/1.1 names one host, once. Two names are how one message is made to mean two
/// things to a proxy and to us.
async fn answer(mut router: Router, request: Request<Incoming>) -> Result<Response, Infallible> {
    let names = request.headers().get_all(HOST).iter().count();
    match (names, request.version()) {
        (1, _) | (0, Version::HTTP_10) => router.call(request).await,
        _ => Ok(StatusCode::BAD_REQUEST.into_response()),
    }
}
