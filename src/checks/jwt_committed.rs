//! `jwt-committed`: what a token that stands in a file is worth to who finds it, by its own claims.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::formats::verify::jwt;
use crate::model::Severity;

/// The check.
pub const ID: &str = "jwt-committed";
/// So long after its end a token is of no more use, and its key is likely another one.
const LONG: i64 = 90;

/// Whether `token` says that it works on the day `today` and for how long: then it is no sample.
pub fn is_live(token: &[u8], today: Date) -> bool {
    let end = jwt::decode(token).and_then(|jwt| Timestamp::from_second(jwt.expires?).ok());
    end.is_some_and(|end| end.to_zoned(TimeZone::UTC).date() >= today)
}

/// How bad it is that `token` can be read on the day `today`; nothing where its claims do not change it.
pub fn severity(token: &[u8], today: Date) -> Option<Severity> {
    let jwt = jwt::decode(token)?;
    if jwt.is_public() || jwt.is_demo() {
        return Some(Severity::Info);
    }
    let end = Timestamp::from_second(jwt.expires?).ok()?;
    let end = end.to_zoned(TimeZone::UTC).date();
    let days = today.since(end).ok()?.get_days();
    match i64::from(days) {
        ..=0 => None,
        days if days <= LONG => Some(Severity::Medium),
        _ => Some(Severity::Low),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    fn told(claims: &str) -> Option<Severity> {
        let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let token = format!(
            "{}.{}.{}",
            part(r#"{"alg":"HS256"}"#),
            part(claims),
            BASE64URL_NOPAD.encode(&[7; 32])
        );
        severity(token.as_bytes(), Date::constant(2026, 6, 1))
    }

    #[test]
    fn the_end_of_a_token_decides() {
        assert_eq!(told("{}"), None);
        assert_eq!(told(r#"{"exp":4102444800}"#), None, "2100");
        assert_eq!(told(r#"{"exp":1777593600}"#), Some(Severity::Medium), "May");
        assert_eq!(told(r#"{"exp":1546300800}"#), Some(Severity::Low), "2019");
        assert_eq!(told(r#"{"exp":1e300}"#), None);
        assert_eq!(told(r#"{"role":"anon"}"#), Some(Severity::Info));
    }
}
