//! One HTTP/1.1 connection that is kept alive. As lean as it can be: what the driver costs, the server does not get.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fault::Fault;

/// A connection and the last answer that came over it.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer, whole.
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self, Fault> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(8 * 1024) })
    }

    /// Sends a request and waits for the answer to it.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, Fault> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let body_at = self.read_head().await?;
        let head = std::str::from_utf8(self.received.get(..body_at).unwrap_or_default())?;
        let length = header(head, "content-length").map_or(Ok(0), str::parse::<usize>)?;
        while self.received.len() < body_at + length {
            self.read_more().await?;
        }
        let head = std::str::from_utf8(self.received.get(..body_at).unwrap_or_default())?;
        let status = head.get(9..12).ok_or("an answer without status")?.parse()?;
        Ok(Answer { status, head, body: self.received.get(body_at..body_at + length).unwrap_or_default() })
    }

    async fn read_head(&mut self) -> Result<usize, Fault> {
        loop {
            if let Some(at) = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                return Ok(at + 4);
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> Result<(), Fault> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }
}

impl Answer<'_> {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The body of an answer that must have gone well.
    pub fn expect(&self, status: u16) -> Result<&[u8], Fault> {
        if self.status == status {
            return Ok(self.body);
        }
        let body: String = String::from_utf8_lossy(self.body).chars().take(300).collect();
        Err(format!("status {} instead of {status}: {body}", self.status).into())
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
