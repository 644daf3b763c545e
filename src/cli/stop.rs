//! Being asked to stop: SIGTERM from a supervisor, Ctrl-C from a person.

use std::process;

use tokio::sync::watch;

use super::output::note;

/// Tells everybody who waits that the process is to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. Asked a second time, the process ends where it stands: nothing acknowledged is lost by that.
    pub fn listen() -> Self {
        let (asked, receiver) = watch::channel(false);
        tokio::spawn(async move {
            signal().await;
            // Whoever waits holds the other end.
            let _ = asked.send(true);
            signal().await;
            note("Asked twice: stopped at once.");
            process::exit(1);
        });
        Self(receiver)
    }

    /// Waits until the process is to stop.
    pub async fn asked(mut self) {
        // The sender lives as long as the process; gone, there is nothing left to wait for either.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}

#[cfg(not(unix))]
async fn signal() {
    drop(tokio::signal::ctrl_c().await);
}
