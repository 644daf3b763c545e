//! How strongly a person signed in.

use super::Prefixes;
use super::wire_enum::wire_enum;

wire_enum! {
    /// A level of sign-in (Decree 69/2024 Art 20). Its text is the bare alias; see [`Acr::uri`].
    Acr {
        /// One factor.
        Xt1 = "xt1",
        /// Two different factors.
        Xt2 = "xt2",
        /// Two factors that resist phishing: a passkey with user verification.
        Xt2Phr = "xt2-phr",
        /// The same on an attested key that never leaves its device.
        Xt2Hw = "xt2-hw",
        /// Two factors, one of them biometric.
        Xt3 = "xt3",
        /// Biometric, possession and knowledge.
        Xt4 = "xt4",
    }
}

impl Acr {
    /// The value in tokens and discovery.
    pub fn uri(self, prefixes: &Prefixes) -> String {
        format!("{}{}", prefixes.acr, self.as_str())
    }

    /// Reads a value from a request: with our prefix or as the bare alias.
    pub fn parse_wire(text: &str, prefixes: &Prefixes) -> Option<Self> {
        Self::parse(text.strip_prefix(prefixes.acr.as_str()).unwrap_or(text))
    }

    /// Whether a sign-in at this level is enough where `wanted` is asked for.
    ///
    /// The levels are two ladders with a common foot: xt1, xt2, xt2-phr, xt2-hw, and xt1, xt2, xt3, xt4. Neither
    /// top stands for the other: a biometric sign-in need not resist phishing, and a key proves no biometric.
    pub const fn satisfies(self, wanted: Self) -> bool {
        match wanted {
            Self::Xt1 => true,
            Self::Xt2 => !matches!(self, Self::Xt1),
            Self::Xt2Phr => matches!(self, Self::Xt2Phr | Self::Xt2Hw),
            Self::Xt2Hw => matches!(self, Self::Xt2Hw),
            Self::Xt3 => matches!(self, Self::Xt3 | Self::Xt4),
            Self::Xt4 => matches!(self, Self::Xt4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladders_are_those_of_the_decree() {
        let above = |wanted: Acr| -> Vec<&str> {
            Acr::ALL.iter().filter(|level| level.satisfies(wanted)).map(|level| level.as_str()).collect()
        };
        assert_eq!(above(Acr::Xt1), ["xt1", "xt2", "xt2-phr", "xt2-hw", "xt3", "xt4"]);
        assert_eq!(above(Acr::Xt2), ["xt2", "xt2-phr", "xt2-hw", "xt3", "xt4"]);
        assert_eq!(above(Acr::Xt2Phr), ["xt2-phr", "xt2-hw"]);
        assert_eq!(above(Acr::Xt2Hw), ["xt2-hw"]);
        assert_eq!(above(Acr::Xt3), ["xt3", "xt4"]);
        assert_eq!(above(Acr::Xt4), ["xt4"]);
    }

    #[test]
    fn it_is_a_partial_order() {
        for a in Acr::ALL {
            assert!(a.satisfies(*a));
            for b in Acr::ALL {
                assert!(a == b || !(a.satisfies(*b) && b.satisfies(*a)));
                for c in Acr::ALL {
                    assert!(!(a.satisfies(*b) && b.satisfies(*c)) || a.satisfies(*c));
                }
            }
        }
    }

    #[test]
    fn both_forms_are_read() {
        let prefixes = Prefixes::default();
        assert_eq!(Acr::parse_wire("xt2-phr", &prefixes), Some(Acr::Xt2Phr));
        assert_eq!(Acr::parse_wire("https://id.moet.gov.vn/acr/xt2-phr", &prefixes), Some(Acr::Xt2Phr));
        assert_eq!(Acr::Xt4.uri(&prefixes), "https://id.moet.gov.vn/acr/xt4");
        for text in ["XT2", "https://elsewhere.example/xt2", "2", ""] {
            assert_eq!(Acr::parse_wire(text, &prefixes), None, "{text:?}");
        }
    }
}
