//! Closed lists of words of the protocol: one table per list gives its type, its texts and its parser.

/// Declares a closed enum whose variants each have one text on the wire.
///
/// Gives `ALL` in the order of the table, `as_str`, `parse`, `Display`, and serde as that text. Discovery
/// publishes `ALL`, so that what is announced is what is understood.
macro_rules! wire_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $wire:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every one, in the order in which it is published.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The text on the wire and in storage.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }

            /// Reads exactly that text; `None` for every other.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($wire => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| {
                    serde::de::Error::custom(concat!("not a known ", stringify!($name)))
                })
            }
        }
    };
}

pub(crate) use wire_enum;

#[cfg(test)]
mod tests {
    wire_enum! {
        /// Two words.
        Word {
            /// First.
            One = "one",
            /// Second.
            Two = "two",
        }
    }

    #[test]
    fn every_word_reads_back_and_no_other() {
        for word in Word::ALL {
            assert_eq!(Word::parse(word.as_str()), Some(*word));
        }
        for text in ["", "One", "one ", "three"] {
            assert_eq!(Word::parse(text), None, "{text:?}");
        }
        assert!(serde_json::from_str::<Word>("\"three\"").is_err());
    }
}
