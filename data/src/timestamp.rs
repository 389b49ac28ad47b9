//! Points in time, which the API writes as Unix seconds, as numeric strings, or as ISO 8601 text.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// A point in time in seconds since the Unix epoch. It is read from an integer, a string with an integer, or ISO 8601 text, is written in
/// the same form, and compares by time.
#[derive(Clone)]
pub struct Timestamp(Repr);

#[derive(Clone)]
enum Repr {
    Seconds(i64),
    /// Boxed, because most times are integers.
    Text(Box<Text>),
}

/// A time that was read from text.
#[derive(Clone)]
struct Text {
    seconds: i64,
    text: Box<str>,
}

impl Timestamp {
    /// Makes a time from seconds since the Unix epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(Repr::Seconds(seconds))
    }

    /// The current time.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// The seconds since the Unix epoch. A fraction of a second in the original text is ignored.
    pub const fn as_seconds(&self) -> i64 {
        match &self.0 {
            Repr::Seconds(seconds) => *seconds,
            Repr::Text(text) => text.seconds,
        }
    }

    /// The original text; `None` if the time was not read from text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Repr::Seconds(_) => None,
            Repr::Text(text) => Some(&text.text),
        }
    }

    /// Converts the time to [`SystemTime`]; `None` if the platform cannot represent it.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let seconds = self.as_seconds();
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_text() {
            Some(text) => write!(f, "{text:?}"),
            None => write!(f, "{}", self.as_seconds()),
        }
    }
}

/// The form in which the time is sent: the seconds, or the original text.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_text() {
            Some(text) => f.pad(text),
            None => fmt::Display::fmt(&self.as_seconds(), f),
        }
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Self::from_seconds(0)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.as_seconds() == other.as_seconds()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_seconds().cmp(&other.as_seconds())
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_seconds().hash(state);
    }
}

impl From<i64> for Timestamp {
    fn from(seconds: i64) -> Self {
        Self::from_seconds(seconds)
    }
}

impl From<i32> for Timestamp {
    fn from(seconds: i32) -> Self {
        Self::from_seconds(seconds.into())
    }
}

impl From<u32> for Timestamp {
    fn from(seconds: u32) -> Self {
        Self::from_seconds(seconds.into())
    }
}

/// Seconds beyond `i64` become `i64::MAX`.
impl From<u64> for Timestamp {
    fn from(seconds: u64) -> Self {
        Self::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
        };
        Self::from_seconds(seconds)
    }
}

/// The error of parsing a text that is not a point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimestampError(());

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected Unix seconds or an ISO 8601 time such as 2024-12-18T15:40:43Z")
    }
}

impl std::error::Error for ParseTimestampError {}

impl std::str::FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = text.parse::<i64>().ok().or_else(|| iso_seconds(text)).ok_or(ParseTimestampError(()))?;
        Ok(Self(Repr::Text(Box::new(Text { seconds, text: text.into() }))))
    }
}

/// Seconds since the epoch of `YYYY-MM-DD[THH:MM[:SS[.fff]][Z|±HH:MM|±HHMM| UTC]]`. Without an offset, the time is in UTC. A fraction
/// after the minutes is accepted and ignored; a space in place of the `T`, a lower-case `t` or `z`, and white space before a numeric
/// offset are accepted, too.
fn iso_seconds(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * 86_400;
    if rest.is_empty() {
        return Some(midnight);
    }
    let (time, offset) = split_offset(rest.strip_prefix(['T', 't', ' '])?)?;
    let time = time.split_once('.').map_or(Some(time), |(whole, fraction)| {
        (!fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())).then_some(whole)
    })?;
    let mut parts = time.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
    let valid = parts.next().is_none() && hour < 24 && minute < 60 && second <= 60;
    valid.then_some(midnight + hour * 3600 + minute * 60 + second - offset)
}

/// Splits a time from its offset, given in seconds east of UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    for suffix in ["Z", "z", " UTC"] {
        if let Some(time) = text.strip_suffix(suffix) {
            return Some((time, 0));
        }
    }
    let Some(sign) = text.rfind(['+', '-']) else { return Some((text, 0)) };
    let (time, offset) = text.split_at_checked(sign)?;
    let compact: String = offset.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = (digits(compact.get(..2)?, 2)?, digits(compact.get(2..)?, 2)?);
    let seconds = hours * 3600 + minutes * 60;
    Some((time.trim_end(), if offset.starts_with('-') { -seconds } else { seconds }))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, by Howard Hinnant's algorithm `days_from_civil`: years begin in March, and
/// 719,468 is the number of days from 0000-03-01 to 1970-01-01.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_text() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_i64(self.as_seconds()),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimestampVisitor;

        impl Visitor<'_> for TimestampVisitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time (Unix seconds or ISO 8601)")
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Timestamp, E> {
                Ok(Timestamp::from_seconds(seconds))
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Timestamp, E> {
                i64::try_from(seconds)
                    .map(Timestamp::from_seconds)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(seconds), &self))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(TimestampVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    fn seconds(text: &str) -> Option<i64> {
        text.parse::<Timestamp>().ok().map(|time| time.as_seconds())
    }

    #[test]
    fn every_supported_format_gives_the_same_time() {
        for text in [
            "1734536443",
            "2024-12-18T15:40:43Z",
            "2024-12-18 15:40:43 UTC",
            "2024-12-18T17:40:43.999+02:00",
            "2024-12-18T10:40:43-0500",
        ] {
            assert_eq!(seconds(text), Some(1_734_536_443), "{text}");
        }
        assert_eq!(seconds("2000-02-29"), Some(951_782_400));
        assert_eq!(seconds("1969-12-31T23:59:59Z"), Some(-1));
    }

    #[test]
    fn invalid_texts_are_refused() {
        for text in
            ["", "yesterday", "2023-02-29", "2024-13-01", "2024-12-18T25:00:00Z", "2024-12-18T15:40:43+2", "2024-12-1é"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_written_in_its_original_form() {
        for json in ["1734536443", "\"1734536443\"", "\"2024-12-18T15:40:43Z\""] {
            let time: Timestamp = serde_json::from_str(json).expect(json);
            assert_eq!(serde_json::to_string(&time).expect(json), json);
        }
    }
}
