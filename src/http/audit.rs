//! The audit log for auditors: checkpoint and tiles (C2SP tlog-tiles), proofs, and the key they are verified with.
//!
//! Hashes only: what the entries say stays with the persons they are about.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::App;
use super::error::{because, problem};
use super::named::Named;
use crate::services::audit::{AuditError, Consistency, Inclusion, PublishedTile};

/// C2SP tlog-tiles: the head moves on, so it is kept for no longer than it takes to move.
const MOVING: &str = "public, max-age=1";
/// What is proved once is proved for good.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const TEXT: &str = "text/plain; charset=utf-8";

/// Everything below `/audit`.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/audit/checkpoint", get(checkpoint))
        .route("/audit/key", get(key))
        .route("/audit/tile/{*path}", get(tile))
        .route("/audit/proof/inclusion", get(inclusion))
        .route("/audit/proof/consistency", get(consistency))
}

async fn checkpoint(State(app): State<Arc<App>>) -> Response {
    match app.audit.checkpoint().await {
        Ok(Some(note)) => ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, MOVING)], note).into_response(),
        Ok(None) => problem(StatusCode::NOT_FOUND, "Nothing has been recorded yet."),
        Err(error) => failed(error),
    }
}

/// The public key as this instance tells it. An auditor takes his from elsewhere and compares.
async fn key(State(app): State<Arc<App>>) -> Response {
    let key = format!("{}\n", app.audit.verifier());
    ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "public, max-age=3600")], key).into_response()
}

async fn tile(State(app): State<Arc<App>>, Named(path): Named<String>) -> Response {
    match app.audit.tile(&path).await {
        Ok(PublishedTile::Hashes(hashes)) => {
            ([(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, FOR_GOOD)], hashes).into_response()
        }
        Ok(PublishedTile::Absent) => problem(StatusCode::NOT_FOUND, "The log has no such tile."),
        Err(error) => failed(error),
    }
}

/// Where an entry stands, and in a log of how many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    index: u64,
    size: u64,
}

async fn inclusion(State(app): State<Arc<App>>, query: Result<Query<Place>, QueryRejection>) -> Response {
    let Ok(Query(Place { index, size })) = query else {
        return problem(StatusCode::BAD_REQUEST, "Give index and size, both whole numbers.");
    };
    match app.audit.inclusion(index, size).await {
        Ok(Inclusion::Proof(hashes)) => {
            let hashes: Vec<String> = hashes.iter().map(|hash| hash.base64()).collect();
            proof(&json!({ "index": index, "size": size, "hashes": hashes }))
        }
        Ok(Inclusion::OutOfRange { size }) => out_of_range(size),
        Err(error) => failed(error),
    }
}

/// Two sizes of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    old: u64,
    new: u64,
}

async fn consistency(State(app): State<Arc<App>>, query: Result<Query<Sizes>, QueryRejection>) -> Response {
    let Ok(Query(Sizes { old, new })) = query else {
        return problem(StatusCode::BAD_REQUEST, "Give old and new, both whole numbers.");
    };
    match app.audit.consistency(old, new).await {
        Ok(Consistency::Proof(hashes)) => {
            let hashes: Vec<String> = hashes.iter().map(|hash| hash.base64()).collect();
            proof(&json!({ "old": old, "new": new, "hashes": hashes }))
        }
        Ok(Consistency::OutOfRange { size }) => out_of_range(size),
        Err(error) => failed(error),
    }
}

fn proof(proof: &serde_json::Value) -> Response {
    ([(CACHE_CONTROL, FOR_GOOD)], Json(proof)).into_response()
}

fn out_of_range(size: u64) -> Response {
    problem(
        StatusCode::NOT_FOUND,
        &format!("The log has {size} entries; what was asked for lies outside it."),
    )
}

fn failed(error: AuditError) -> Response {
    let answer = match error {
        AuditError::Storage(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment."),
        _ => problem(StatusCode::INTERNAL_SERVER_ERROR, "The log could not be read."),
    };
    because(answer, error)
}
