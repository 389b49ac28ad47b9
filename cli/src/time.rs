//! Times, as they are written on the command line and shown in tables.

use std::time::{SystemTime, UNIX_EPOCH};

use intercom_runtime::data::Timestamp;

/// Parses a time to Unix seconds: `1700000000`, `2026-11-01`, `2026-11-01T08:00:00+01:00`, `now`, `today`, or an age such as
/// `7d`, `12h`, `30m` before now. Without a time zone it is UTC.
///
/// # Errors
/// What is expected, where it is none of these.
pub fn parse(text: &str) -> Result<i64, String> {
    let now = || Timestamp::now().as_seconds();
    match text {
        "now" => return Ok(now()),
        "today" => return Ok(now() - now().rem_euclid(DAY)),
        _ => {}
    }
    let unit = match text.chars().last() {
        Some('d') => DAY,
        Some('h') => 3600,
        Some('m') => 60,
        _ => 0,
    };
    let count = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    if let Some(ago) = count.parse::<u32>().ok().filter(|_| unit > 0) {
        return Ok(now() - i64::from(ago) * unit);
    }
    let parsed = text.parse::<Timestamp>().map(|time| time.as_seconds());
    parsed.map_err(|_| {
        format!("expected a time such as 2026-11-01, 2026-11-01T08:00:00Z, 1793491200, 7d or today, found `{text}`")
    })
}

const DAY: i64 = 86_400;

/// `2026-11-01 08:00` in UTC.
pub fn minutes(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / 3600, of_day / 60 % 60)
}

/// `2026-11-01T08:00:00Z`
pub fn date_and_time(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// Now, in Unix seconds.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Year, month and day of a number of days since 1970-01-01. The calculation uses years that begin in March, so that a leap day is the
/// last of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, seconds) in [
            ("0", 0),
            ("2026-11-01", 1_793_491_200),
            ("2026-11-01T01:00:00+01:00", 1_793_491_200),
            ("2024-02-29 23:59", 1_709_251_140),
        ] {
            assert_eq!(parse(text), Ok(seconds));
        }
        assert_eq!(minutes(1_709_251_140), "2024-02-29 23:59");
        assert_eq!(minutes(-1), "1969-12-31 23:59");
        assert_eq!(minutes(parse("2000-01-01").unwrap()), "2000-01-01 00:00");
        let ago = now() - parse("7d").unwrap();
        assert!((7 * DAY..7 * DAY + 5).contains(&ago), "{ago}");
        for bad in ["", "d", "2026-13-01", "yesterday", "-5d"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
