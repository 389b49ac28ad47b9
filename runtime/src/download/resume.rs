//! Resuming a download whose connection was lost or has stalled.
//!
//! The rest must belong to the same file. It is only accepted if the server confirms with a strong validator that the file has not
//! changed (RFC 9110, 13.1.5 and 15.3.7), and if it is exactly the requested range.

use std::sync::Arc;
use std::time::Duration;

use http::header::{
    ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RANGE,
};

use crate::call::Call;
use crate::error::Error;
use crate::http_date;
use crate::meta::Meta;
use crate::retry::{Budget, Failure};
use crate::send;
use crate::transport::{Body, BoxFuture};

/// What is needed to request the rest of the same file.
pub(super) struct Resume {
    validator: Validator,
    encoding: Option<String>,
    /// The number of connections in a row that were lost or stalled without sufficient progress.
    failures: u32,
    /// The number of bytes since `failures` was last reset, over all connections.
    bytes_since_reset: u64,
}

/// A strong validator of the file, for `If-Range`.
#[derive(Clone)]
enum Validator {
    Tag(String),
    Modified(String),
}

/// The rest of a file.
pub(super) struct Rest {
    pub(super) body: Body,
    /// The length of the whole file.
    pub(super) total: u64,
}

/// The number of bytes that count as progress. Without a minimum, a server that sends one byte for each request would cause as many
/// requests as the file has bytes.
const MIN_PROGRESS: u64 = 64 << 10;

impl Resume {
    /// Returns `None` if the download cannot be resumed: the server does not support ranges or sends no strong validator, the status is
    /// not 200, the caller has set `Range`, or the operation is not idempotent.
    pub(super) fn new(call: &Call, meta: &Meta) -> Option<Self> {
        let headers = &meta.headers;
        let ranges = text(headers, &ACCEPT_RANGES).is_some_and(|unit| unit.eq_ignore_ascii_case("bytes"));
        if !ranges || call.has_header(&RANGE) || meta.status != http::StatusCode::OK || !call.endpoint.idempotent {
            return None;
        }
        let encoding = text(headers, &CONTENT_ENCODING).map(str::to_owned);
        Some(Self { validator: Validator::of(headers)?, encoding, failures: 0, bytes_since_reset: 0 })
    }

    pub(super) fn progressed(&mut self, bytes: usize) {
        self.bytes_since_reset += bytes as u64;
        if self.bytes_since_reset >= MIN_PROGRESS {
            (self.bytes_since_reset, self.failures) = (0, 0);
        }
    }

    /// Requests the rest of the file after `received` bytes of `total`. Returns `None` if the retry policy does not allow a retry after
    /// `error`.
    pub(super) fn resume(
        &mut self,
        call: &Call,
        received: u64,
        total: Option<u64>,
        error: &Error,
    ) -> Option<BoxFuture<'static, Result<Rest, Error>>> {
        self.failures += 1;
        let client = &*call.client.0;
        let policy = call.options.retry.as_ref().unwrap_or(&client.retry);
        let budget: Arc<dyn Budget> = policy.own_budget().unwrap_or_else(|| client.budget.clone());
        let failure = Failure::new(&call.endpoint, error, self.failures, true, &*client.clock);
        let (wait, cost) = policy.next_wait(&failure, None, &budget)?;
        let mut call = call.clone();
        let (validator, encoding) = (self.validator.clone(), self.encoding.clone());
        call.options.headers.push(("range".into(), format!("bytes={received}-")));
        call.options.headers.push(("if-range".into(), validator.text().to_owned()));
        Some(Box::pin(async move {
            call.client.0.clock.sleep(wait).await;
            let endpoint = call.endpoint.clone();
            let (meta, body) = match send::streamed(call).await {
                Ok(response) => response,
                Err(error) => {
                    cost.spend();
                    return Err(error);
                }
            };
            // The cost is returned to the retry budget although the retry was made: the server works, and downloads that are often
            // interrupted must not use up the budget of all calls.
            drop(cost);
            let same = meta.status == http::StatusCode::PARTIAL_CONTENT
                && validator.is_in(&meta.headers)
                && text(&meta.headers, &CONTENT_ENCODING) == encoding.as_deref();
            let range = text(&meta.headers, &CONTENT_RANGE).and_then(Range::parse);
            match range {
                Some(range) if same && range.is_rest_after(received, total) => Ok(Rest { body, total: range.total }),
                _ => Err(Error::unusable("the file has changed, or the server did not send the rest of it".into())
                    .at(&endpoint, meta.attempts)),
            }
        }))
    }
}

impl Validator {
    /// The strong validator of a response. If there is an entity tag, `Last-Modified` is ignored. A weak tag is not used, since it does
    /// not guarantee that the bytes are the same. A date is only a strong validator if the file was not changed shortly before the
    /// response: otherwise it may have changed again within the same second.
    fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(ETAG) {
            let tag = text(headers, &ETAG)?;
            let opaque = tag.strip_prefix('"')?.strip_suffix('"')?;
            return (!opaque.contains('"')).then(|| Self::Tag(tag.to_owned()));
        }
        let modified = text(headers, &LAST_MODIFIED)?;
        let age = http_date::parse(text(headers, &DATE)?)?.checked_sub(http_date::parse(modified)?)?;
        const OLD_ENOUGH: Duration = Duration::from_secs(60);
        (age >= OLD_ENOUGH.as_secs()).then(|| Self::Modified(modified.to_owned()))
    }

    fn text(&self) -> &str {
        match self {
            Self::Tag(text) | Self::Modified(text) => text,
        }
    }

    /// Whether a response has the same validator.
    fn is_in(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Tag(tag) => text(headers, &ETAG) == Some(tag),
            Self::Modified(date) => !headers.contains_key(ETAG) && text(headers, &LAST_MODIFIED) == Some(date),
        }
    }
}

/// The value of a header; `None` if it is empty or occurs more than once.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

/// A value of `Content-Range`, such as `bytes 5-9/10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    first: u64,
    last: u64,
    total: u64,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (unit, rest) = text.split_once(' ')?;
        let (range, total) = rest.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let range = Self { first: number(first)?, last: number(last)?, total: number(total)? };
        (unit.eq_ignore_ascii_case("bytes") && range.first <= range.last && range.last < range.total).then_some(range)
    }

    /// Whether it is exactly the part of the file after `received` bytes.
    fn is_rest_after(self, received: u64, total: Option<u64>) -> bool {
        self.first == received && self.last + 1 == self.total && total.is_none_or(|total| total == self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_ranges_are_refused() {
        assert_eq!(Range::parse("bytes 5-9/10"), Some(Range { first: 5, last: 9, total: 10 }));
        for bad in [
            "bytes 5-9",
            "bytes 5-9/*",
            "bytes 10-zz",
            "bytes 5-10/10",
            "bytes 9-5/10",
            "items 5-9/10",
            "bytes +5-9/10",
            "bytes */10",
            "bytes -9/10",
            "5-9/10",
            "bytes 5-9/10 ",
            "bytes 5-99999999999999999999/10",
            "",
        ] {
            assert_eq!(Range::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_strong_validators_are_used() {
        let validator = |pairs: &[(&'static str, &str)]| {
            let headers: HeaderMap =
                pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
            Validator::of(&headers).map(|validator| validator.text().to_owned())
        };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(validator(&[("etag", "\"1\"")]).as_deref(), Some("\"1\""));
        assert_eq!(
            validator(&[("last-modified", date), ("date", "Sun, 06 Nov 1994 08:50:37 GMT")]).as_deref(),
            Some(date)
        );
        for bad in [
            &[("etag", "W/\"1\"")][..],
            &[("etag", "1")],
            &[("etag", "\"1\", \"2\"")],
            &[("etag", "W/\"1\""), ("last-modified", date), ("date", "Sun, 06 Nov 1994 08:50:37 GMT")],
            &[("last-modified", date)],
            &[("last-modified", date), ("date", date)],
            &[("last-modified", date), ("date", "Sun, 06 Nov 1994 08:50:36 GMT")],
            &[("last-modified", "yesterday"), ("date", date)],
        ] {
            assert_eq!(validator(bad), None, "{bad:?}");
        }
    }
}
