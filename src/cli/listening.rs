//! Every port that this program takes.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// How many connections may wait to be taken up. With the usual 128 one address that opens them faster than we take them
/// up has everybody else wait for seconds. The kernel may have its own limit (`net.core.somaxconn`, mostly 4096).
const WAITING: u32 = 4_096;

/// Takes `address`.
pub fn take(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart does not wait until the connections from before are forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}
