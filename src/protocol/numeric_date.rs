//! Dates in JWTs of others.

use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

use crate::base::Timestamp;

/// What a claim that is no date is told.
const NOT_A_DATE: &str = "exp, iat and nbf are numbers of seconds since 1970.";

/// RFC 7519 §2: seconds since 1970, with or without a fraction. What is finer than a microsecond is rounded down; what lies
/// before or after all time that is reckoned with here is its beginning or its end.
pub fn numeric_date(claim: &Value) -> Result<Option<Timestamp>, &'static str> {
    match claim {
        Value::Null => Ok(None),
        Value::Number(number) => time(number).map(Some).ok_or(NOT_A_DATE),
        _ => Err(NOT_A_DATE),
    }
}

/// The same, of a claim that must be there.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    time(&Number::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom(NOT_A_DATE))
}

/// The same, of a claim that may be there.
pub(super) fn deserialize_optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    numeric_date(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn time(number: &Number) -> Option<Timestamp> {
    let whole = number.as_i64().map(Timestamp::from_seconds);
    // A conversion of a number that is too large gives the largest there is.
    let broken = || number.as_f64().map(|seconds| Timestamp::from_micros((seconds * 1e6).floor() as i64));
    whole.or_else(broken)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_date_may_have_a_fraction__rfc7519_2() {
        for (claim, micros) in [
            (json!(1_000_000), 1_000_000_000_000),
            (json!(1_000_000.0), 1_000_000_000_000),
            (json!(1_000_000.5), 1_000_000_500_000),
            (json!(0.000_000_9), 0),
            (json!(-0.5), -500_000),
            (json!(-0.000_000_1), -1),
            (json!(i64::MAX), i64::MAX),
            (json!(u64::MAX), i64::MAX),
            (json!(1e300), i64::MAX),
            (json!(-1e300), i64::MIN),
        ] {
            assert_eq!(numeric_date(&claim), Ok(Some(Timestamp::from_micros(micros))), "{claim}");
        }
        let mut reader = serde_json::Deserializer::from_str("7.25");
        assert_eq!(deserialize(&mut reader).unwrap(), Timestamp::from_micros(7_250_000));
        assert_eq!(numeric_date(&Value::Null), Ok(None));
        for other in [json!("1"), json!(true), json!([1]), json!({})] {
            assert_eq!(numeric_date(&other), Err(NOT_A_DATE), "{other}");
        }
    }
}
