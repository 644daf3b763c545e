//! A relying system's own server, as far as the house calls it: it answers as it is told to, and keeps what it heard.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::form_urlencoded;

/// What it does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Answers(u16),
    Silent,
}

/// It listens on this machine until it is dropped.
pub struct Receiver {
    pub address: String,
    mood: Arc<Mutex<Mood>>,
    heard: watch::Receiver<Vec<String>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Receiver {
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/backchannel", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(mood));
        let (tell, heard) = watch::channel(Vec::new());
        let (tell, shared) = (Arc::new(tell), Arc::clone(&mood));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tell, mood) = (Arc::clone(&tell), Arc::clone(&shared));
                tokio::spawn(serve(stream, tell, mood));
            }
        });
        Self { address, mood, heard, serving }
    }

    /// From now on it does something else.
    pub fn turns(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The requests that it heard so far, whole.
    pub fn heard(&self) -> Vec<String> {
        self.heard.borrow().clone()
    }

    /// The logout tokens that it heard so far.
    pub fn tokens(&self) -> Vec<String> {
        self.heard().iter().map(|request| token_of(request)).collect()
    }

    /// Waits until it has heard so many.
    pub async fn hears(&self, count: usize) -> Vec<String> {
        let mut heard = self.heard.clone();
        let enough = heard.wait_for(|heard| heard.len() >= count);
        tokio::time::timeout(Duration::from_secs(60), enough).await.expect("it is told").unwrap();
        self.tokens()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn token_of(request: &str) -> String {
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(fields.len(), 1, "{fields:?}");
    assert_eq!(fields[0].0, "logout_token");
    fields[0].1.clone()
}

async fn serve(mut stream: TcpStream, tell: Arc<watch::Sender<Vec<String>>>, mood: Arc<Mutex<Mood>>) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut piece).await {
            Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
            _ => return,
        }
    }
    let mood = *mood.lock().unwrap();
    tell.send_modify(|heard| heard.push(String::from_utf8(request).unwrap()));
    match mood {
        Mood::Answers(status) => {
            let answer =
                format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        Mood::Silent => drop(stream.read(&mut piece).await),
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}
