//! Who is signed in, and what the issuer told about her.

use std::time::Duration;

use openidconnect::core::CoreGenderClaim;
use openidconnect::{IdTokenClaims, Scope, UserInfoClaims};
use serde_json::{Map, Value};
use time::{OffsetDateTime, UtcOffset};

use super::language::Language;
use super::provider::{OtherClaims, RawIdToken};
use crate::base::Timestamp;
use crate::base::encoding::from_base64url;

/// A person signed in to this system.
pub(super) struct SignedIn {
    /// For signing out at the issuer.
    pub id_token: RawIdToken,
    header: Map<String, Value>,
    token: Map<String, Value>,
    shared: Map<String, Value>,
    scope: String,
    access_until: Option<Timestamp>,
}

/// A line of the page: what it is called, what it says, and the standard's name for it.
pub(super) struct Fact {
    pub label: String,
    pub value: String,
    pub name: String,
}

impl SignedIn {
    pub fn new(
        id_token: RawIdToken,
        claims: &IdTokenClaims<OtherClaims, CoreGenderClaim>,
        shared: &UserInfoClaims<OtherClaims, CoreGenderClaim>,
        access_for: Option<Duration>,
        scopes: Option<&Vec<Scope>>,
        now: Timestamp,
    ) -> Result<Self, serde_json::Error> {
        let header = id_token.to_string().split('.').next().and_then(from_base64url).unwrap_or_default();
        Ok(Self {
            header: serde_json::from_slice(&header)?,
            token: object(serde_json::to_value(claims)?),
            shared: object(serde_json::to_value(shared)?),
            scope: scopes.into_iter().flatten().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            access_until: access_for.map(|span| now + span),
            id_token,
        })
    }

    /// What to call her: her name as given, else a name that tells nothing.
    pub fn name(&self, language: Language) -> &str {
        let told = self.shared.get("name").or_else(|| self.token.get("name")).and_then(Value::as_str);
        told.unwrap_or(language.say("bạn", "you"))
    }

    /// One claim as shown in the system's own forms; empty where it was not shared.
    pub fn claim(&self, name: &str, language: Language) -> String {
        self.shared.get(name).map(|value| shown(name, value, language)).unwrap_or_default()
    }

    /// Everything that was shared, in the order it came.
    pub fn shared(&self, language: Language) -> Vec<Fact> {
        facts(&self.shared, language)
    }

    /// Header and claims of the ID token, and what is known of the access token.
    pub fn token(&self, language: Language) -> Vec<Fact> {
        let mut all = facts(&self.header, language);
        all.extend(facts(&self.token, language));
        if !self.scope.is_empty() {
            all.push(fact("scope", &Value::String(self.scope.clone()), language));
        }
        if let Some(until) = self.access_until {
            all.push(fact("access_until", &Value::from(until.seconds()), language));
        }
        all
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        // The crate writes claims that were not sent as null.
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn facts(map: &Map<String, Value>, language: Language) -> Vec<Fact> {
    map.iter().map(|(name, value)| fact(name, value, language)).collect()
}

fn fact(name: &str, value: &Value, language: Language) -> Fact {
    Fact {
        label: label(name, language).to_owned(),
        value: shown(name, value, language),
        name: name.to_owned(),
    }
}

fn label(name: &str, language: Language) -> &str {
    let (vietnamese, english) = match name {
        "sub" => ("Mã người dùng ở hệ thống này", "Person's code at this system"),
        "name" => ("Họ và tên", "Full name"),
        "birthdate" => ("Ngày sinh", "Date of birth"),
        "gender" => ("Giới tính", "Gender"),
        "email" => ("Thư điện tử", "Email"),
        "email_verified" => ("Thư điện tử đã xác minh", "Email verified"),
        "phone_number" => ("Số điện thoại", "Phone number"),
        "phone_number_verified" => ("Số điện thoại đã xác minh", "Phone number verified"),
        "address" => ("Địa chỉ", "Address"),
        "locale" => ("Ngôn ngữ", "Language"),
        "updated_at" => ("Cập nhật lúc", "Updated at"),
        "iss" => ("Nơi cấp", "Issuer"),
        "aud" => ("Cấp cho", "Audience"),
        "exp" => ("Hết hạn lúc", "Expires at"),
        "iat" => ("Cấp lúc", "Issued at"),
        "auth_time" => ("Đăng nhập lúc", "Signed in at"),
        "acr" => ("Mức xác thực", "Authentication level"),
        "amr" => ("Cách xác thực", "Authentication methods"),
        "sid" => ("Mã phiên", "Session code"),
        "alg" => ("Thuật toán ký", "Signature algorithm"),
        "kid" => ("Mã khóa ký", "Signing key"),
        "typ" => ("Loại", "Type"),
        "nonce" => ("Số chống phát lại", "Replay guard"),
        "at_hash" => ("Dấu vân tay mã truy cập", "Access token fingerprint"),
        "age_over_14" => ("Đủ 14 tuổi", "At least 14 years old"),
        "age_over_16" => ("Đủ 16 tuổi", "At least 16 years old"),
        "age_over_18" => ("Đủ 18 tuổi", "At least 18 years old"),
        proofing if proofing.ends_with("/claims/ial") => ("Mức định danh", "Proofing level"),
        "scope" => ("Phạm vi được cấp", "Granted scope"),
        "access_until" => ("Quyền truy cập hết hạn lúc", "Access ends at"),
        other => (other, other),
    };
    language.say(vietnamese, english)
}

fn shown(name: &str, value: &Value, language: Language) -> String {
    match (name, value) {
        ("exp" | "iat" | "nbf" | "auth_time" | "updated_at" | "access_until", Value::Number(seconds)) => {
            seconds.as_i64().map(moment).unwrap_or_default()
        }
        ("birthdate", Value::String(date)) => day(date),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => language.say("Có", "Yes").to_owned(),
        (_, Value::Bool(false)) => language.say("Không", "No").to_owned(),
        (_, Value::Array(several)) => {
            several.iter().map(|one| shown("", one, language)).collect::<Vec<_>>().join(", ")
        }
        (_, Value::Object(parts)) => match parts.get("formatted") {
            Some(formatted) => shown("", formatted, language),
            None => parts.values().map(|one| shown("", one, language)).collect::<Vec<_>>().join(", "),
        },
        (_, other) => other.to_string(),
    }
}

/// dd/mm/yyyy hh:mm:ss in Vietnam, which has kept one offset since 1975.
fn moment(seconds: i64) -> String {
    let hanoi = UtcOffset::from_hms(7, 0, 0).unwrap_or(UtcOffset::UTC);
    let at =
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(hanoi);
    let (year, month, day) = at.to_calendar_date();
    format!("{day:02}/{:02}/{year} {:02}:{:02}:{:02}", u8::from(month), at.hour(), at.minute(), at.second())
}

/// ISO 8601 to dd/mm/yyyy; as it came where it is not a whole date (OIDC Core §5.1 allows a year alone).
fn day(iso: &str) -> String {
    match iso.splitn(3, '-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}
