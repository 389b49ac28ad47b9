//! The rate limit headers of responses.

use std::time::Duration;

use http::HeaderMap;

use crate::http_date;

/// The state of the rate limit window as a response reported it.
///
/// The API counts calls in windows of ten seconds, for an app and for a workspace. A field is `None` if the response does not have
/// the header, or its value is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of calls allowed in the window, `X-RateLimit-Limit`.
    pub limit: Option<u32>,
    /// The number of calls left in the window, `X-RateLimit-Remaining`.
    pub remaining: Option<u32>,
    /// When the window ends, in seconds since the epoch, `X-RateLimit-Reset`.
    pub reset: Option<u64>,
}

impl RateLimit {
    /// Reads the `X-RateLimit-…` headers; `None` if none of them is there with a number.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let limit = number(headers, "x-ratelimit-limit");
        let remaining = number(headers, "x-ratelimit-remaining");
        let reset = number(headers, "x-ratelimit-reset");
        if limit.is_none() && remaining.is_none() && reset.is_none() {
            return None;
        }
        let small = |value: Option<u64>| value.map(|value| u32::try_from(value).unwrap_or(u32::MAX));
        Some(Self { limit: small(limit), remaining: small(remaining), reset })
    }

    /// The time from `now` (since the epoch) until the window ends; zero if it has ended, and `None` if the response does not say when it
    /// ends.
    pub fn reset_in(&self, now: Duration) -> Option<Duration> {
        self.reset.map(|reset| Duration::from_secs(reset).saturating_sub(now))
    }
}

/// The time since 1970-01-01 UTC on the server's clock, with which `X-RateLimit-Reset` is compared. It is the header `Date`, if that
/// differs from `local` by more than its resolution and the usual latency; otherwise it is `local`, which is more precise.
pub(crate) fn server_time(headers: &HeaderMap, local: Duration) -> Duration {
    const TOLERANCE: Duration = Duration::from_secs(2);
    let date = headers.get(http::header::DATE).and_then(|date| http_date::parse(date.to_str().ok()?.trim()));
    date.map(Duration::from_secs).filter(|date| date.abs_diff(local) > TOLERANCE).unwrap_or(local)
}

/// `Retry-After` as a delay from `now` (since the epoch). The header contains seconds (a fraction is rounded up) or a date (a past one
/// gives zero). `None` if it is missing or has another format.
pub(crate) fn retry_after(headers: &HeaderMap, now: Duration) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(date) = http_date::parse(text) {
        return Some(Duration::from_secs(date).saturating_sub(now));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let seconds: u64 = whole.parse().ok().filter(|_| !whole.starts_with('+'))?;
    let fraction: u64 = fraction.parse().ok()?;
    Some(Duration::from_secs(seconds.saturating_add(u64::from(fraction > 0))))
}

/// A header as an integer; a fraction is ignored. `None` if it is missing, negative or not a decimal number.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let whole = text
        .split_once('.')
        .map_or(text, |(whole, rest)| if rest.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text });
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn headers_that_are_not_numbers_are_ignored() {
        let read = |value: &str| RateLimit::from_headers(&headers(&[("x-ratelimit-remaining", value)]));
        assert_eq!(read("12").unwrap().remaining, Some(12));
        assert_eq!(read(" 12.0 ").unwrap().remaining, Some(12));
        assert_eq!(read("99999999999").unwrap().remaining, Some(u32::MAX));
        for bad in ["", "-1", "many", "1.x", "1e3", "0x10"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        let reset = RateLimit::from_headers(&headers(&[("x-ratelimit-reset", "1700000010")])).unwrap();
        assert_eq!(reset.reset_in(Duration::from_secs(1_700_000_003)), Some(Duration::from_secs(7)));
        assert_eq!(reset.reset_in(Duration::from_secs(1_800_000_000)), Some(Duration::ZERO));
    }

    #[test]
    fn the_date_of_the_response_replaces_a_wrong_local_clock() {
        let local = Duration::from_millis(784_111_777_400);
        let read = |value: &str| server_time(&headers(&[("date", value)]), local);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:36 GMT"), local);
        assert_eq!(read("Sun, 06 Nov 1994 08:51:17 GMT").as_secs(), 784_111_877);
        assert_eq!(read("Sun, 06 Nov 1994 08:39:37 GMT").as_secs(), 784_111_177);
        assert_eq!(read("yesterday"), local);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Duration::from_secs(784_111_770);
        let read = |value: &str| retry_after(&headers(&[("retry-after", value)]), now).map(|wait| wait.as_secs());
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("1.2"), Some(2));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:20 GMT"), Some(0));
        for bad in ["", "-1", "soon", "+5", "Sun, 06 Nov 1994", "99999999999999999999999"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
