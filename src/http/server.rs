//! Connections: limits that hold before a route is known, and a stop that lets requests under way finish.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::HOST;
use axum::http::{StatusCode, Version};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::Layer;

/// A header block of more is answered with 431.
const LARGEST_HEADERS: usize = 16 * 1024;
/// How long a connection may take to send a header block.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How many connections are served at once; more wait in the system's queue.
const CONNECTIONS: usize = 10_000;
/// How long to wait after the system refused a connection (no file descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` until `stop` resolves, then up to `grace` longer for what is under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>, grace: Duration) {
    let router = router.layer(from_fn(one_host));
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
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router.clone()));
        let connection = under_way.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whatever ends a connection early is the other side's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to stop had passed");
    }
}

/// RFC 9112 §3.2: whoever speaks HTTP/1.1 names one host, once. Two names are how one message is made to mean two
/// things to a proxy and to us.
async fn one_host(request: Request, next: Next) -> Response {
    let names = request.headers().get_all(HOST).iter().count();
    match (names, request.version()) {
        (1, _) | (0, Version::HTTP_10) => next.run(request).await,
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}
