//! Which addresses lie outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The public internet, over TLS.
    Public,
    /// This machine too, and plain HTTP there: for trying out, never for serving people.
    ThisMachineToo,
}

impl Reach {
    /// Whether a connection to `address` may be made.
    pub fn allows(self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.allows_v4(address),
            IpAddr::V6(address) => self.allows_v6(address),
        }
    }

    fn allows_v4(self, address: Ipv4Addr) -> bool {
        is_public_v4(address) || (self == Self::ThisMachineToo && address.is_loopback())
    }

    fn allows_v6(self, address: Ipv6Addr) -> bool {
        match embedded_v4(address) {
            Some(inner) => self.allows_v4(inner),
            None => is_public_v6(address) || (self == Self::ThisMachineToo && address == Ipv6Addr::LOCALHOST),
        }
    }
}

/// Everything that the IPv4 special-purpose registry (RFC 6890) does not call globally reachable is refused.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        // "This network", private, loopback.
        0 | 10 | 127 => true,
        // Shared by carriers (RFC 6598).
        100 => (64..128).contains(&b),
        // Link-local, where clouds keep their metadata.
        169 => b == 254,
        172 => (16..32).contains(&b),
        // Protocol assignments, documentation, the retired 6to4 anycast, private.
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)),
        // Benchmarks, documentation.
        198 => matches!((b, c), (18 | 19, _) | (51, 100)),
        203 => (b, c) == (0, 113),
        // Multicast, reserved, broadcast.
        224.. => true,
        _ => false,
    };
    !special
}

/// Only global unicast (2000::/3) without its special parts: loopback, unique local, link- and site-local, multicast and
/// all that is not given out yet lie elsewhere.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = match a {
        // Protocol assignments with Teredo and ORCHID (2001::/23), documentation.
        0x2001 => b < 0x0200 || b == 0x0db8,
        // 6to4 leads to any IPv4 address, private ones too.
        0x2002 => true,
        // Documentation (RFC 9637).
        0x3fff => b < 0x1000,
        _ => false,
    };
    (0x2000..0x4000).contains(&a) && !special
}

/// The IPv4 address that a packet to `address` ends at: mapped (::ffff:0:0/96) or translated (64:ff9b::/96, RFC 6052).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let translated = match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            let [.., a, b, c, d] = address.octets();
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    };
    address.to_ipv4_mapped().or(translated)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSIDE: [&str; 44] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    const OUTSIDE: [&str; 12] = [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:200::1",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ];

    #[test]
    fn only_what_is_public_is_reached() {
        for text in INSIDE {
            assert!(!Reach::Public.allows(text.parse().unwrap()), "{text}");
        }
        for text in OUTSIDE {
            assert!(Reach::Public.allows(text.parse().unwrap()), "{text}");
            assert!(Reach::ThisMachineToo.allows(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn trying_out_adds_this_machine_and_nothing_else() {
        let added: Vec<_> =
            INSIDE.into_iter().filter(|text| Reach::ThisMachineToo.allows(text.parse().unwrap())).collect();
        assert_eq!(added, ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]);
    }
}
