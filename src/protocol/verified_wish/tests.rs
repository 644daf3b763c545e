use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(member: &Value) -> Result<Vec<VerifiedWish>, ClaimsRequestError> {
    VerifiedWish::parse_all(member, &Prefixes::default())
}

fn under(verification: &Value) -> Value {
    json!({ "verification": verification, "claims": { "name": null } })
}

const VERIFIED: Verification = Verification {
    trust_framework: TrustFramework::Sandbox,
    time: Timestamp::from_micros(1_795_000_000_999_999),
};

#[test]
fn one_or_several_are_asked_for__ida_5_6() {
    let one = json!({
        "verification": { "trust_framework": null, "time": null },
        "claims": { "name": { "essential": true }, "birthdate": null, "email": null, "given_name": null },
    });
    let wishes = parse(&one).unwrap();
    let names: Vec<_> = wishes[0].names().collect();
    assert_eq!(names, [ClaimName::Name, ClaimName::Birthdate], "what nobody verifies is left out");
    assert_eq!(parse(&json!([one, under(&json!({ "trust_framework": null }))])).unwrap().len(), 2);
    let stored = serde_json::to_string(&wishes).unwrap();
    assert_eq!(serde_json::from_str::<Vec<VerifiedWish>>(&stored).unwrap(), wishes);
}

#[test]
fn what_cannot_be_met_is_no_error__ida_5_7() {
    for verification in [
        json!({ "trust_framework": { "value": "eidas" } }),
        json!({ "trust_framework": { "values": [] } }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" } }] }),
        json!({ "trust_framework": null, "assurance_level": { "value": "high" } }),
        json!({ "trust_framework": null, "assurance_process": { "policy": { "values": ["x"] } } }),
        json!({ "trust_framework": null, "unknown": { "max_age": 1 } }),
    ] {
        assert_eq!(parse(&under(&verification)), Ok(vec![]), "{verification}");
    }
    let unknown = json!({ "verification": { "trust_framework": null }, "claims": { "given_name": null } });
    assert_eq!(parse(&unknown), Ok(vec![]));
}

#[test]
fn what_is_merely_asked_for_may_be_missing__ida_5_7() {
    for verification in [
        json!({ "trust_framework": { "values": ["eidas", "sandbox"] } }),
        json!({ "trust_framework": null, "verification_process": null, "assurance_level": { "essential": true } }),
        json!({ "trust_framework": { "value": "sandbox", "essential": true }, "unknown": 5 }),
        json!({ "trust_framework": null, "assurance_process": {
            "assurance_details": [{ "assurance_type": { "value": "evidence_validation" } }],
        } }),
    ] {
        let wishes = parse(&under(&verification)).unwrap();
        let told = wishes[0].met_by(&VERIFIED, VERIFIED.time).unwrap();
        assert_eq!(
            serde_json::to_string(&told).unwrap(),
            r#"{"trust_framework":"sandbox"}"#,
            "{verification}"
        );
    }
}

#[test]
fn a_time_is_told_and_may_be_too_long_ago__ida_5_5_2() {
    let met = |time: Value, seconds| {
        let wishes = parse(&under(&json!({ "trust_framework": null, "time": time }))).unwrap();
        wishes[0]
            .met_by(&VERIFIED, VERIFIED.time + Duration::from_secs(seconds))
            .map(|told| told.time.unwrap())
    };
    assert_eq!(met(Value::Null, 10_000).as_deref(), Some("2026-11-18T11:06:40Z"));
    assert!(met(json!({ "max_age": 60 }), 60).is_some());
    assert!(met(json!({ "max_age": 60.5 }), 60).is_some());
    assert!(met(json!({ "max_age": 6e1 }), 60).is_some());
    assert!(met(json!({ "max_age": 1e300 }), 10_000).is_some());
    assert_eq!(met(json!({ "max_age": 0.5 }), 1), None);
    assert_eq!(met(json!({ "max_age": 60 }), 61), None);
    assert!(met(json!({ "value": "2026-11-18T11:06:40Z" }), 0).is_some());
    assert_eq!(met(json!({ "values": ["2026-11-18"] }), 0), None);
}

#[test]
fn values_restrict_claims__ida_5_7_4() {
    let wish = json!({
        "verification": { "trust_framework": null },
        "claims": {
            "name": { "value": "A" }, "gender": { "values": ["male", "female"] }, "birthdate": null,
            "age_over_18": { "max_age": 5 },
        },
    });
    let wish = &parse(&wish).unwrap()[0];
    for (name, value, is_wanted) in [
        (ClaimName::Name, "A", true),
        (ClaimName::Name, "B", false),
        (ClaimName::Gender, "female", true),
        (ClaimName::Birthdate, "1988", true),
        (ClaimName::Address, "x", false),
        (ClaimName::AgeOver18, "x", false),
    ] {
        assert_eq!(wish.wants(name, &value.into()), is_wanted, "{name} {value}");
    }
}

#[test]
fn what_is_malformed_is_refused__ida_5_4() {
    let any = json!({ "trust_framework": null });
    for malformed in [
        json!(null),
        json!(true),
        json!([]),
        json!([null]),
        json!({}),
        json!({ "verification": null, "claims": { "name": null } }),
        json!({ "verification": {}, "claims": { "name": null } }),
        json!({ "claims": { "name": null } }),
        json!({ "verification": any }),
        json!({ "verification": any, "claims": {} }),
        json!({ "verification": any, "claims": null }),
        json!([under(&any), { "verification": any, "claims": {} }]),
    ] {
        assert_eq!(parse(&malformed), Err(ClaimsRequestError::NotVerifiable), "{malformed}");
    }
    for verification in [
        json!({ "trust_framework": { "value": 1 } }),
        json!({ "trust_framework": null, "time": { "max_age": -1 } }),
        json!({ "trust_framework": null, "time": { "max_age": "1" } }),
        json!({ "trust_framework": null, "evidence": null }),
        json!({ "trust_framework": null, "evidence": [] }),
        json!({ "trust_framework": null, "evidence": [{ "type": null }] }),
    ] {
        assert_eq!(parse(&under(&verification)), Err(ClaimsRequestError::NotVerification), "{verification}");
    }
    for wish in [
        under(&json!({ "trust_framework": "sandbox" })),
        under(&json!({ "trust_framework": null, "time": 5 })),
        json!({ "verification": any, "claims": { "name": true } }),
    ] {
        assert!(parse(&wish).is_err(), "{wish}");
    }
}

#[test]
fn only_what_can_be_told_is_kept() {
    let wishes = parse(&under(&json!({ "trust_framework": null }))).unwrap();
    let wishes = VerifiedWishes { userinfo: wishes.clone(), id_token: wishes };
    assert!(wishes.clone().under(&[]).is_empty());
    assert_eq!(wishes.clone().under(TrustFramework::ALL), wishes);
    assert_eq!(wishes.clone().limited(|name| *name == ClaimName::Name), wishes);
    assert!(wishes.limited(|_| false).is_empty());
}

fn json_value() -> impl Strategy<Value = Value> {
    let word = proptest::sample::select(vec![
        "verification",
        "claims",
        "trust_framework",
        "time",
        "max_age",
        "evidence",
        "type",
        "value",
        "values",
        "essential",
        "name",
        "sandbox",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec((word.clone(), inner), 0..4).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_member_is_read_or_refused(member in json_value()) {
        for wish in parse(&member).unwrap_or_default() {
            prop_assert!(wish.names().next().is_some() && !wish.frameworks.is_empty());
        }
    }

    #[test]
    fn nothing_older_than_wanted_is_told(max_age in 0_u64..100_000, elapsed in 0_u64..100_000) {
        let wish = under(&json!({ "trust_framework": null, "time": { "max_age": max_age } }));
        let now = VERIFIED.time + Duration::from_secs(elapsed);
        prop_assert_eq!(parse(&wish).unwrap()[0].met_by(&VERIFIED, now).is_some(), elapsed <= max_age);
    }
}
