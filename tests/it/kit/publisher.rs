//! A server of a client's, on this machine, at which it publishes documents.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers every request alike, and counts them.
pub struct Publisher {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    answer: String,
    asked: usize,
}

impl Publisher {
    /// One that publishes `body` as JSON.
    pub async fn of(body: &impl ToString) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { answer: String::new(), asked: 0 }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = {
                    let mut state = shared.lock().unwrap();
                    state.asked += 1;
                    state.answer.clone()
                };
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let publisher = Self { port, state };
        publisher.publish(body);
        publisher
    }

    /// From now on this.
    pub fn publish(&self, body: &impl ToString) {
        self.answer("200 OK", "application/json; charset=utf-8", &body.to_string());
    }

    /// From now on any answer.
    pub fn answer(&self, status: &str, content_type: &str, body: &str) {
        self.state.lock().unwrap().answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/published", self.port)
    }
}
