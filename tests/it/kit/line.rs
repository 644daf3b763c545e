//! The line between the house and a store, which a test can cut and mend.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A line to a store.
pub struct Line {
    pub address: SocketAddr,
    state: Arc<watch::Sender<State>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections end, and new ones end at once: the server was stopped.
    Cut,
    /// Connections stay, and nothing comes through: the server hangs, or the network drops everything.
    Silent,
}

impl Line {
    /// A line to who listens on `store`.
    pub async fn to(store: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(watch::Sender::new(State::Whole));
        let seen = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((here, _)) = listener.accept().await {
                tokio::spawn(carry(here, store, seen.subscribe()));
            }
        });
        Self { address, state }
    }

    /// The store is gone.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// The store says nothing more.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// The store is back.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn carry(mut here: TcpStream, store: SocketAddr, mut state: watch::Receiver<State>) {
    let Ok(mut there) = TcpStream::connect(store).await else { return };
    loop {
        let now = *state.borrow_and_update();
        match now {
            State::Cut => return,
            // Held open; what is written waits in the sockets.
            State::Silent => drop(state.changed().await),
            State::Whole => {
                tokio::select! {
                    _ = copy_bidirectional(&mut here, &mut there) => return,
                    _ = state.changed() => {}
                }
            }
        }
    }
}
