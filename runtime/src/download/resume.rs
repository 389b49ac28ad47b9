//! Going on with a download that broke off.

use std::sync::Arc;

use http::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, HeaderMap, LAST_MODIFIED};

use crate::call::Call;
use crate::error::Error;
use crate::response::Meta;
use crate::retry::{Budget, Failure};
use crate::send;
use crate::transport::{Body, BoxFuture};

/// What is needed to ask for the rest of the same file.
pub(super) struct Resume {
    /// Identifies the file as it was, for `If-Range`.
    validator: String,
    /// Breaks in a row that brought nothing.
    fruitless: u32,
}

impl Resume {
    /// `None` where the server does not offer it, or the request may not be repeated.
    pub(super) fn new(call: &Call, meta: &Meta) -> Option<Self> {
        let headers = &meta.headers;
        let ranges = text(headers, &ACCEPT_RANGES).is_some_and(|unit| unit.eq_ignore_ascii_case("bytes"));
        let asked = call.options.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("range"));
        if !ranges || asked || meta.status != http::StatusCode::OK || !call.endpoint.idempotent {
            return None;
        }
        // A weak tag says that two files mean the same, not that their bytes are the same.
        let tag = text(headers, &ETAG).filter(|tag| !tag.starts_with("W/"));
        let validator = tag.or_else(|| text(headers, &LAST_MODIFIED))?.to_owned();
        Some(Self { validator, fruitless: 0 })
    }

    pub(super) fn progressed(&mut self) {
        self.fruitless = 0;
    }

    /// The rest of the file after `received` bytes, if the retry policy is for another attempt after `error`.
    pub(super) fn go_on(
        &mut self,
        call: &Call,
        received: u64,
        error: &Error,
    ) -> Option<BoxFuture<'static, Result<Body, Error>>> {
        self.fruitless += 1;
        let client = &*call.client.0;
        let policy = call.options.retry.as_ref().unwrap_or(&client.retry);
        let budget: Arc<dyn Budget> = policy.own_budget().unwrap_or_else(|| client.budget.clone());
        let failure = Failure::new(call.endpoint, error, self.fruitless, true, &*client.clock);
        let wait = policy.next_wait(&failure, None, &*budget)?;
        let mut call = call.clone();
        let (name, value) = ("range".into(), format!("bytes={received}-"));
        call.options.headers.push((name, value));
        call.options.headers.push(("if-range".into(), self.validator.clone()));
        Some(Box::pin(async move {
            call.client.0.clock.sleep(wait).await;
            let endpoint = call.endpoint;
            let (meta, body) = send::streamed(call).await?;
            let start = text(&meta.headers, &CONTENT_RANGE).and_then(range_start);
            if meta.status == http::StatusCode::PARTIAL_CONTENT && start == Some(received) {
                return Ok(body);
            }
            Err(Error::lost("the file has changed, or the server does not serve a part of it".into())
                .at(endpoint, meta.attempts))
        }))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

/// The first byte of `bytes 5-9/10`.
fn range_start(range: &str) -> Option<u64> {
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}
