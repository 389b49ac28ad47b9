//! What the server says about how much may still be called.

use std::time::Duration;

use http::HeaderMap;

/// The state of the rate limit window as a response reported it.
///
/// The API counts calls in windows of ten seconds, for an app and for a workspace. Each part is `None` where the
/// response lacks the header or its value is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Calls allowed in the window, `X-RateLimit-Limit`.
    pub limit: Option<u32>,
    /// Calls left in the window, `X-RateLimit-Remaining`.
    pub remaining: Option<u32>,
    /// When the window ends, in seconds since the epoch, `X-RateLimit-Reset`.
    pub reset: Option<u64>,
}

impl RateLimit {
    /// Reads the `X-RateLimit-…` headers; `None` where there is none of them.
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

    /// How long from `now` (since the epoch) until the window ends; zero where it has ended.
    pub fn reset_in(&self, now: Duration) -> Option<Duration> {
        self.reset.map(|reset| Duration::from_secs(reset).saturating_sub(now))
    }
}

/// A header as a whole number; a fraction is cut off, anything else is as good as absent.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let whole = text
        .split_once('.')
        .map_or(text, |(whole, rest)| if rest.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text });
    whole.parse().ok()
}
