//! The address of an event stream: validation, and the lifetime of its token.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Uri;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;

/// The lifetime of a token that does not contain it, or that has expired by the local clock.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(180);
/// The maximum lifetime of a token. A longer one is reduced to it, so that every stream ends.
const MAX_LIFETIME: Duration = Duration::from_secs(3600);

/// A validated address.
#[derive(Clone)]
pub(super) struct StreamAddress {
    pub(super) uri: Uri,
    /// The remaining lifetime of the token.
    pub(super) lifetime: Duration,
}

impl StreamAddress {
    /// Validates the address from a response.
    ///
    /// # Errors
    /// If it is not a URL, or if the client would not follow a redirect to it ([`BaseUrl::allows`](crate::client::BaseUrl::allows)). The
    /// error does not contain the address.
    pub(super) fn parse(url: &str, client: &Client) -> Result<Self, Error> {
        let uri: Uri =
            url.trim().parse().map_err(|_| Error::request("the address of the event stream is not a URL"))?;
        let client = &*client.0;
        if let Err(why) = client.base_url.allows(&uri, client.allow_http) {
            return Err(Error::request(format!("the address of the event stream is not allowed: {why}")));
        }
        let token = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("accessToken=")));
        let stated = token.and_then(|token| lifetime(token, client.clock.unix_time()));
        let lifetime = stated.unwrap_or(DEFAULT_LIFETIME).min(MAX_LIFETIME);
        Ok(Self { uri, lifetime })
    }
}

/// The remaining lifetime that a token (JWT) contains. If it contains the time at which it was issued, the local clock is not used,
/// since it may be wrong.
fn lifetime(token: &str, now: Duration) -> Option<Duration> {
    let token = percent_decode_str(token).decode_utf8().ok()?;
    let payload = token.split('.').nth(1)?.trim_end_matches('=');
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let time = |claim: &str| claims.get(claim).and_then(Value::as_u64).map(Duration::from_secs);
    let left = time("exp")?.saturating_sub(time("iat").unwrap_or(now));
    // A token that has expired by the local clock may still be valid on the server, so it gets the default lifetime.
    (!left.is_zero()).then_some(left)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(claims: &Value) -> String {
        format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn the_lifetime_is_read_from_the_token() {
        let now = Duration::from_secs(1_000);
        let seconds = |claims: Value| lifetime(&token(&claims), now).map(|left| left.as_secs());
        assert_eq!(seconds(json!({"exp": 1_100})), Some(100));
        assert_eq!(seconds(json!({"exp": 9_180, "iat": 9_000})), Some(180));
        assert_eq!(seconds(json!({"exp": 900})), None);
        assert_eq!(seconds(json!({"exp": "soon"})), None);
        assert_eq!(seconds(json!([])), None);
        for unreadable in ["", "a", "a.b", "a.!.c", "%ff.%ff", "a.e30.c"] {
            assert_eq!(lifetime(unreadable, now), None, "{unreadable}");
        }
    }
}
