//! Durations as programs write them down, in seconds.

/// The value of a string as the `ms` package reads it, which jsonwebtoken and its like use: `15m`, `30 days`, `1y`; a bare number is
/// milliseconds. <https://github.com/vercel/ms>
pub(super) fn of_text(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')
        .unwrap_or(text.len());
    let count: f64 = text[..end].parse().ok()?;
    Some(count * unit(text[end..].trim())?)
}

/// What a rule says: as [`of_text`], but a bare number is seconds.
pub(super) fn of_rule(text: &str) -> Option<f64> {
    match text.parse() {
        Ok(seconds) => Some(seconds),
        Err(_) => of_text(text.as_bytes()),
    }
}

fn unit(word: &str) -> Option<f64> {
    const DAY: f64 = 86_400.0;
    Some(match &*word.to_ascii_lowercase() {
        "" | "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7.0 * DAY,
        "mo" | "month" | "months" => 30.4375 * DAY,
        "y" | "yr" | "yrs" | "year" | "years" => 365.25 * DAY,
        _ => return None,
    })
}

/// A number, or a product of numbers, as it is written: `3600`, `60 * 60 * 24`, `1e3`, `86_400`.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    const LONGEST: usize = 80;
    let text = std::str::from_utf8(text.get(..text.len().min(LONGEST + 1))?).ok()?;
    if text.len() > LONGEST {
        return None;
    }
    let mut product = 1.0;
    for factor in text.split('*') {
        let factor = factor.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')');
        let digits = factor.replace('_', "");
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
            return None;
        }
        product *= digits.parse::<f64>().ok()?;
    }
    Some(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_ms_does() {
        for (text, wanted) in [
            ("15m", Some(900.0)),
            ("30 days", Some(2_592_000.0)),
            ("7d", Some(604_800.0)),
            ("1y", Some(31_557_600.0)),
            ("3600", Some(3.6)),
            ("1.5h", Some(5400.0)),
            ("soon", None),
            ("3 moons", None),
            ("", None),
        ] {
            assert_eq!(of_text(text.as_bytes()), wanted, "{text}");
        }
        assert_eq!(of_rule("3600"), Some(3600.0));
        assert_eq!(of_rule("30d"), Some(2_592_000.0));
        assert_eq!(of_rule("x"), None);
    }

    #[test]
    fn products_are_multiplied() {
        for (text, wanted) in [
            ("3600", Some(3600.0)),
            ("60 * 60 * 24", Some(86_400.0)),
            ("86_400", Some(86_400.0)),
            ("(60*60) * 2", Some(7200.0)),
            ("60 * DAY", None),
            ("60 + 60", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(number(text.as_bytes()), wanted, "{text}");
        }
    }
}
