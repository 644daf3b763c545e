use std::net::SocketAddr;
use std::sync::Mutex;

use reqwest::dns::{Addrs, Name, Resolving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::*;

/// A listener on this machine: it gives each of its callers the same answer and tells what they sent first.
struct Listener {
    port: u16,
    heard: mpsc::UnboundedReceiver<Vec<u8>>,
}

impl Listener {
    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, answer) = (listener.local_addr().unwrap().port(), answer.into());
        let (tell, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), tell.clone()));
            }
        });
        Self { port, heard }
    }

    fn url(&self, host: &str) -> Url {
        Url::parse(&format!("http://{host}:{}/there", self.port)).unwrap()
    }
}

async fn serve(mut stream: TcpStream, answer: Vec<u8>, tell: mpsc::UnboundedSender<Vec<u8>>) {
    let mut first = vec![0; 4096];
    let length = stream.read(&mut first).await.unwrap_or(0);
    first.truncate(length);
    let _ = tell.send(first);
    if answer.is_empty() {
        // Says nothing, and stays.
        let _ = stream.read(&mut [0; 1]).await;
        return;
    }
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

fn ok(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

fn soon() -> Limits {
    Limits { time: Duration::from_millis(200), ..Limits::default() }
}

/// Answers with one list after the other, and the last one for ever.
struct Scripted(Mutex<Vec<Vec<SocketAddr>>>);

impl Resolve for Scripted {
    fn resolve(&self, _: Name) -> Resolving {
        let mut left = self.0.lock().unwrap();
        let answer = if left.len() > 1 { left.remove(0) } else { left[0].clone() };
        let answer: Addrs = Box::new(answer.into_iter());
        Box::pin(async move { Ok(answer) })
    }
}

#[tokio::test]
async fn no_notation_of_an_inner_address_brings_a_connection() {
    let mut listener = Listener::answering(ok("", "secret")).await;
    let outbound = Outbound::new(Reach::Public);
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.255.255.254",
        "0.0.0.0",
        "0",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "１２７.0.0.1",
        "127。0。0。1",
        "10.0.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ];
    for host in hosts {
        let mut url = listener.url(host);
        url.set_scheme("https").unwrap();
        let refused = outbound.get(&url, soon()).await.unwrap_err();
        assert!(
            matches!(refused, OutboundError::OutOfReach | OutboundError::Unresolved),
            "{host}: {refused}"
        );
        let refused = outbound.post_form(&url, "a=b", soon()).await.unwrap_err();
        assert!(
            matches!(refused, OutboundError::OutOfReach | OutboundError::Unresolved),
            "{host}: {refused}"
        );
        // Plain HTTP is refused before anything is looked up.
        assert_eq!(outbound.get(&listener.url(host), soon()).await.unwrap_err(), OutboundError::NotHttps);
    }
    assert!(listener.heard.try_recv().is_err(), "somebody knocked");
}

#[tokio::test]
async fn a_name_that_answers_otherwise_the_next_time_gains_nothing() {
    let mut listener = Listener::answering(ok("", "secret")).await;
    let here: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let outside: SocketAddr = "1.1.1.1:0".parse().unwrap();
    for script in
        [vec![vec![here]], vec![vec![outside, here]], vec![vec!["[::ffff:127.0.0.1]:0".parse().unwrap()]]]
    {
        let outbound = Outbound::asking(Reach::Public, Scripted(Mutex::new(script)));
        let url = Url::parse(&format!("https://rebinding.example:{}/", listener.port)).unwrap();
        assert_eq!(outbound.get(&url, soon()).await.unwrap_err(), OutboundError::OutOfReach);
    }
    // Looked up once a call: what is checked is what is called. The second answer is never asked for.
    let names = Scripted(Mutex::new(vec![vec![here], vec!["10.0.0.1:0".parse().unwrap()]]));
    let outbound = Outbound::asking(Reach::ThisMachineToo, names);
    let url = Url::parse(&format!("https://rebinding.example:{}/", listener.port)).unwrap();
    assert_eq!(outbound.get(&url, soon()).await.unwrap_err(), OutboundError::Unreachable);
    // A TLS handshake came, and nothing of the request.
    assert_eq!(listener.heard.recv().await.unwrap()[0], 0x16);
    assert_eq!(outbound.get(&url, soon()).await.unwrap_err(), OutboundError::OutOfReach);
}

#[tokio::test]
async fn while_trying_out_this_machine_answers_in_plain_http() {
    let listener = Listener::answering(ok("Content-Type: Application/JSON; charset=utf-8\r\n", "{}")).await;
    let outbound = Outbound::new(Reach::ThisMachineToo);
    for host in ["127.0.0.1", "localhost"] {
        let fetched = outbound.get(&listener.url(host), Limits::default()).await.unwrap();
        assert_eq!((fetched.status, &fetched.body[..]), (200, &b"{}"[..]));
        assert_eq!(fetched.media_type().as_deref(), Some("application/json"));
    }
    let elsewhere = Url::parse("http://public.example/").unwrap();
    assert_eq!(outbound.get(&elsewhere, soon()).await.unwrap_err(), OutboundError::NotHttps);
}

#[tokio::test]
async fn a_form_goes_out_as_it_was_given() {
    let mut listener = Listener::answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno").await;
    let outbound = Outbound::new(Reach::ThisMachineToo);
    let answer =
        outbound.post_form(&listener.url("127.0.0.1"), "logout_token=a.b.c", Limits::default()).await;
    assert_eq!(answer.unwrap().status, 400);
    let heard = String::from_utf8(listener.heard.recv().await.unwrap()).unwrap();
    assert!(heard.starts_with("POST /there HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("content-type: application/x-www-form-urlencoded\r\n"), "{heard}");
    assert!(heard.ends_with("\r\n\r\nlogout_token=a.b.c"), "{heard}");
}

#[tokio::test]
async fn redirects_are_answers_and_not_followed() {
    let listener = Listener::answering(ok("", "inside")).await;
    let there = listener.url("127.0.0.1");
    let redirect = format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n");
    let mut target = listener;
    let redirecting = Listener::answering(redirect).await;
    let outbound = Outbound::new(Reach::ThisMachineToo);
    let url = redirecting.url("127.0.0.1");
    assert_eq!(outbound.get(&url, Limits::default()).await.unwrap_err(), OutboundError::Status(302));
    assert_eq!(outbound.post_form(&url, "", Limits::default()).await.unwrap().status, 302);
    assert!(target.heard.try_recv().is_err(), "the redirect was followed");
}

#[tokio::test]
async fn an_answer_over_its_limit_is_left_unread() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let outbound = Outbound::new(Reach::ThisMachineToo);
    let fits = Listener::answering(ok("", "0123456789")).await;
    assert_eq!(&outbound.get(&fits.url("127.0.0.1"), limits).await.unwrap().body[..], b"0123456789");
    let over = Listener::answering(ok("", "0123456789a")).await;
    assert_eq!(outbound.get(&over.url("127.0.0.1"), limits).await.unwrap_err(), OutboundError::TooLarge);
    // Said to be short and sent in pieces without end.
    let pieces =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned() + &"5\r\nabcde\r\n".repeat(99);
    let endless = Listener::answering(pieces).await;
    assert_eq!(outbound.get(&endless.url("127.0.0.1"), limits).await.unwrap_err(), OutboundError::TooLarge);
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_blocks_nobody() {
    let (silent, quick) = (Listener::answering("").await, Listener::answering(ok("", "here")).await);
    let outbound = Outbound::new(Reach::ThisMachineToo);
    let (silent, quick) = (silent.url("127.0.0.1"), quick.url("127.0.0.1"));
    let waiting = (0..64).map(|_| outbound.get(&silent, soon()));
    let waiting = futures_util::future::join_all(waiting);
    let answered = async {
        for _ in 0..8 {
            assert_eq!(&outbound.get(&quick, Limits::default()).await.unwrap().body[..], b"here");
        }
    };
    let (given_up, ()) = tokio::join!(waiting, answered);
    assert!(given_up.iter().all(|one| matches!(one, Err(OutboundError::TooLate))));
}

#[tokio::test]
async fn other_schemes_and_user_information_are_refused() {
    let outbound = Outbound::new(Reach::ThisMachineToo);
    for url in [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "data:,x",
        "https://user@example.com/",
        "https://:p@example.com/",
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!(outbound.get(&url, soon()).await.unwrap_err(), OutboundError::NotHttps, "{url}");
    }
}
