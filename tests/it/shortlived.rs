//! The short-lived store: the same tests in process and on Redis.

use std::sync::Arc;
use std::time::Duration;

use khue::base::encoding::base64url;
use khue::base::entropy::random_bytes;
use khue::base::{Secret, SystemClock, SystemEntropy};
use khue::shortlived::{LARGEST_KEY, LARGEST_VALUE, ShortLived, Unavailable};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::parts;

const MINUTE: Duration = Duration::from_secs(60);

fn in_process() -> ShortLived {
    ShortLived::in_process(Arc::new(SystemClock), 1 << 20)
}

fn redis() -> ShortLived {
    redis_with_prefix(&fresh_prefix())
}

fn redis_with_prefix(prefix: &str) -> ShortLived {
    ShortLived::redis(&Secret::new(parts::redis_url()), prefix, Duration::from_secs(5)).unwrap()
}

fn fresh_prefix() -> String {
    format!("test:{}:", base64url(random_bytes::<9>(&SystemEntropy::new())))
}

/// One test for each store.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod in_process_store { $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)] async fn $name() { super::$name(super::in_process()).await })* }
        mod redis_store { $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)] async fn $name() { super::$name(super::redis()).await })* }
    };
}

on_both! {
    what_is_there_is_not_replaced
    what_is_read_stays
    what_is_taken_is_gone
    one_of_sixteen_inserts_wins
    one_of_sixteen_takes_wins
    any_bytes_come_back_as_they_went_in
    counts_go_up_by_one_for_each_caller
    what_is_too_large_is_refused
    a_store_that_works_is_ready
}

async fn what_is_there_is_not_replaced(store: ShortLived) {
    assert_eq!(store.insert_if_absent("key", b"first", MINUTE).await, Ok(true));
    assert_eq!(store.insert_if_absent("key", b"second", MINUTE).await, Ok(false));
    assert_eq!(store.insert_if_absent("other", b"third", MINUTE).await, Ok(true));
    assert_eq!(store.take("key").await, Ok(Some(b"first".to_vec())));
}

async fn what_is_read_stays(store: ShortLived) {
    assert_eq!(store.read("key").await, Ok(None));
    store.insert_if_absent("key", b"value", Duration::from_millis(300)).await.unwrap();
    assert_eq!(store.read("key").await, Ok(Some(b"value".to_vec())));
    assert_eq!(store.read("key").await, Ok(Some(b"value".to_vec())));
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(store.read("key").await, Ok(None), "and dies in its time");
}

async fn what_is_taken_is_gone(store: ShortLived) {
    assert_eq!(store.take("key").await, Ok(None));
    assert_eq!(store.insert_if_absent("key", b"value", MINUTE).await, Ok(true));
    assert_eq!(store.take("key").await, Ok(Some(b"value".to_vec())));
    assert_eq!(store.take("key").await, Ok(None));
    assert_eq!(store.insert_if_absent("key", b"again", MINUTE).await, Ok(true));
}

async fn counts_go_up_by_one_for_each_caller(store: ShortLived) {
    let counts = sixteen(|| {
        let store = store.clone();
        async move { store.count("key", MINUTE).await }
    })
    .await;
    let mut counts: Vec<u64> = counts.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=16).collect::<Vec<u64>>());
    assert_eq!(store.count("other", MINUTE).await, Ok(1));
}

async fn one_of_sixteen_inserts_wins(store: ShortLived) {
    let won = sixteen(|| {
        let store = store.clone();
        async move { store.insert_if_absent("key", b"value", MINUTE).await }
    })
    .await;
    assert_eq!(won.iter().filter(|won| **won == Ok(true)).count(), 1, "{won:?}");
    assert_eq!(won.iter().filter(|won| **won == Ok(false)).count(), 15, "{won:?}");
}

async fn one_of_sixteen_takes_wins(store: ShortLived) {
    store.insert_if_absent("key", b"value", MINUTE).await.unwrap();
    let taken = sixteen(|| {
        let store = store.clone();
        async move { store.take("key").await }
    })
    .await;
    assert_eq!(taken.iter().filter(|taken| **taken == Ok(Some(b"value".to_vec()))).count(), 1, "{taken:?}");
    assert_eq!(taken.iter().filter(|taken| **taken == Ok(None)).count(), 15, "{taken:?}");
}

/// Sixteen at once, on threads of their own, let go together.
async fn sixteen<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    attempt: impl Fn() -> F,
) -> Vec<T> {
    let start = Arc::new(tokio::sync::Barrier::new(16));
    let tasks = (0..16).map(|_| {
        let (start, attempt) = (Arc::clone(&start), attempt());
        tokio::spawn(async move {
            start.wait().await;
            attempt.await
        })
    });
    let tasks: Vec<_> = tasks.collect();
    futures_util::future::join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

async fn any_bytes_come_back_as_they_went_in(store: ShortLived) {
    let bytes: Vec<u8> = (0..=255).collect();
    for (key, value) in [("all", &bytes[..]), ("none", &[]), ("khoá\r\n", b"\r\n")] {
        assert_eq!(store.insert_if_absent(key, value, MINUTE).await, Ok(true));
        assert_eq!(store.take(key).await, Ok(Some(value.to_vec())));
    }
}

async fn what_is_too_large_is_refused(store: ShortLived) {
    let (key, value) = ("k".repeat(LARGEST_KEY), vec![0; LARGEST_VALUE]);
    assert_eq!(store.insert_if_absent(&key, &value, MINUTE).await, Ok(true));
    let too_large = Err(Unavailable::TooLarge);
    assert_eq!(store.insert_if_absent(&format!("{key}k"), b"", MINUTE).await, too_large);
    assert_eq!(store.insert_if_absent("key", &[&value[..], b"0"].concat(), MINUTE).await, too_large);
}

async fn a_store_that_works_is_ready(store: ShortLived) {
    assert_eq!(store.ping().await, Ok(()));
}

#[tokio::test]
async fn redis_forgets_by_itself() {
    let prefix = fresh_prefix();
    redis_with_prefix(&prefix).insert_if_absent("key", b"value", MINUTE).await.unwrap();
    let mut connection =
        redis::Client::open(parts::redis_url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    let left: i64 =
        redis::cmd("PTTL").arg(format!("{prefix}key")).query_async(&mut connection).await.unwrap();
    assert!((1..=60_000).contains(&left), "{left} ms left");
}

#[tokio::test]
async fn a_store_that_is_down_is_never_taken_for_success_or_absence() {
    // A port that was free a moment ago and that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Secret::new(format!("redis://:s3cret@{}", listener.local_addr().unwrap()));
    drop(listener);
    let store = ShortLived::redis(&url, "test:", Duration::from_millis(200)).unwrap();
    let error = store.insert_if_absent("key", b"value", MINUTE).await.unwrap_err();
    assert!(matches!(&error, Unavailable::Down(_)) && !error.to_string().contains("s3cret"), "{error}");
    assert!(matches!(store.take("key").await, Err(Unavailable::Down(_))));
    assert!(matches!(store.ping().await, Err(Unavailable::Down(_))));
}

#[tokio::test]
async fn a_store_that_accepts_and_never_answers_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Secret::new(format!("redis://{}", listener.local_addr().unwrap()));
    let store = ShortLived::redis(&url, "test:", Duration::from_millis(200)).unwrap();
    assert!(matches!(store.take("key").await, Err(Unavailable::Down(_))));
}

#[tokio::test]
async fn a_store_that_comes_back_is_found_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Secret::new(format!("redis://{}", listener.local_addr().unwrap()));
    let store = ShortLived::redis(&url, "test:", Duration::from_secs(5)).unwrap();
    let (restart, mut restarted) = tokio::sync::mpsc::channel::<()>(1);
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            tokio::select! {
                () = answer_everything(connection) => {}
                // Dropping the connection is what clients see of a restart.
                _ = restarted.recv() => {}
            }
        }
    });
    assert_eq!(store.ping().await, Ok(()));
    restart.send(()).await.unwrap();
    for _ in 0..100 {
        if store.ping().await.is_ok() && restart.capacity() == 1 {
            return;
        }
    }
    panic!("never found again");
}

/// Says yes to every command of one connection.
async fn answer_everything(mut connection: tokio::net::TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = connection.read(&mut buffer).await {
        let commands = buffer[..length].iter().filter(|byte| **byte == b'*').count();
        let _ = connection.write_all("+PONG\r\n".repeat(commands).as_bytes()).await;
    }
}
