//! What can be told about a person.

use std::borrow::Cow;

use super::Prefixes;
use super::wire_enum::wire_enum;

wire_enum! {
    /// A claim about a person that the provider serves. Its text is the stored name; see [`ClaimName::wire_name`].
    ClaimName {
        /// Full name, never split (OIDC Core §5.1).
        Name = "name",
        /// `YYYY` or `YYYY-MM-DD`.
        Birthdate = "birthdate",
        /// Gender.
        Gender = "gender",
        /// Email address.
        Email = "email",
        /// Whether the email address was confirmed.
        EmailVerified = "email_verified",
        /// Phone number in E.164 form.
        PhoneNumber = "phone_number",
        /// Whether the phone number was confirmed.
        PhoneNumberVerified = "phone_number_verified",
        /// Postal address, a JSON object (OIDC Core §5.1.1).
        Address = "address",
        /// Preferred language.
        Locale = "locale",
        /// When the data last changed, in seconds.
        UpdatedAt = "updated_at",
        /// Whether the person is at least 14.
        AgeOver14 = "age_over_14",
        /// Whether the person is at least 16.
        AgeOver16 = "age_over_16",
        /// Whether the person is at least 18.
        AgeOver18 = "age_over_18",
        /// How the identity was proofed; ours, so under our namespace on the wire.
        Ial = "ial",
    }
}

impl ClaimName {
    /// The name in tokens, userinfo and `claims` requests.
    pub fn wire_name(self, prefixes: &Prefixes) -> Cow<'static, str> {
        match self {
            Self::Ial => Cow::Owned(format!("{}{}", prefixes.claims, self.as_str())),
            standard => Cow::Borrowed(standard.as_str()),
        }
    }

    /// Reads a name from a `claims` request.
    pub fn parse_wire(text: &str, prefixes: &Prefixes) -> Option<Self> {
        match text.strip_prefix(prefixes.claims.as_str()) {
            Some("ial") => Some(Self::Ial),
            _ => Self::parse(text).filter(|name| *name != Self::Ial),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_from_the_wire() {
        let prefixes = Prefixes::default();
        for name in ClaimName::ALL {
            assert_eq!(ClaimName::parse_wire(&name.wire_name(&prefixes), &prefixes), Some(*name));
        }
        assert_eq!(ClaimName::Ial.wire_name(&prefixes), "https://id.moet.gov.vn/claims/ial");
        for text in ["ial", "sub", "https://id.moet.gov.vn/claims/name", "https://elsewhere.example/ial"] {
            assert_eq!(ClaimName::parse_wire(text, &prefixes), None, "{text:?}");
        }
    }
}
