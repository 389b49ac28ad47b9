//! One attempt: sending the request, following redirects, and reading the body.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, HeaderMap, LOCATION};
use http::{Method, Request, Response, Uri};

use super::{Mode, Prepared, inflate};
use crate::call::Call;
use crate::client::resolve;
use crate::data::DecodeOptions;
use crate::error::Error;
use crate::meta::Meta;
use crate::rate_limit::{RateLimit, retry_after, server_time};
use crate::secret::Secret;
use crate::throttle::Observation;
use crate::token::Token;
use crate::transport::Body;

/// The maximum number of redirects that are followed; more are an error.
const MAX_REDIRECTS: usize = 5;

/// Sends the request once. A status other than 2xx is an error.
pub(super) async fn run(call: &Call, prepared: &mut Prepared, mode: Mode) -> Result<(Box<Meta>, Body), Error> {
    let mut secret = Secret::default();
    let result = send(call, prepared, mode, &mut secret).await;
    result.map_err(|error| error.hiding(secret))
}

async fn send(
    call: &Call,
    prepared: &mut Prepared,
    mode: Mode,
    secret: &mut Secret,
) -> Result<(Box<Meta>, Body), Error> {
    let client = &*call.client.0;
    let token = prepared.token(call).await?;
    let (response, is_api) = exchange(call, prepared, &token, secret).await?;
    let (mut head, body) = response.into_parts();
    let body = inflate::decode(&mut head.headers, body, mode);
    let server_time = server_time(&head.headers, client.clock.unix_time());
    let mut observation = Observation::new(head.status, server_time);
    // The rate limit headers of another server do not apply to the API.
    observation.rate_limit = if is_api { RateLimit::from_headers(&head.headers) } else { None };
    observation.retry_after = retry_after(&head.headers, server_time);
    let rate_limit = observation.rate_limit;
    if !head.status.is_success() {
        let (bytes, truncated) = read_some(body, call.limits().max_error_body).await;
        let mut error = Error::status_error(head.status, head.headers, bytes, truncated, secret);
        error.set_limits(rate_limit, observation.retry_after);
        observation.refused = error.is_rate_limited();
        if is_api && error.is_unauthorized() {
            prepared.record_refused_token(call, token);
        }
        if is_api {
            call.client.observe(&observation);
        }
        return Err(error);
    }
    if is_api {
        call.client.observe(&observation);
    }
    let mut meta = Box::new(Meta {
        endpoint: call.endpoint.clone(),
        status: head.status,
        headers: Arc::new(head.headers),
        body: Bytes::new(),
        rate_limit,
        attempts: 1,
        decoding: DecodeOptions::from(call.options.decoding.unwrap_or(client.decoding))
            .max_mismatches(call.limits().max_mismatches),
        mismatches: Vec::new(),
        secret: secret.clone(),
        omitted_mismatches: 0,
    });
    if mode == Mode::Stream {
        return Ok((meta, body));
    }
    let limit = call.limits().max_body;
    match read_all(body, &meta.headers, limit).await {
        Ok(bytes) => meta.body = bytes,
        Err(Unread::Lost(error)) => return Err(error),
        Err(Unread::TooLarge) => return Err(Error::too_large(*meta, limit)),
    }
    Ok((meta, Body::empty()))
}

/// Sends the request, and follows redirects if the method is GET. Also returns whether the response is from the API, and not from another
/// server after a redirect.
async fn exchange(
    call: &Call,
    prepared: &mut Prepared,
    token: &Token,
    secret: &mut Secret,
) -> Result<(Response<Body>, bool), Error> {
    let client = &*call.client.0;
    let method = &call.endpoint.method;
    let mut request = prepared.request(call, token)?;
    *secret = Secret::of(request.headers().get(AUTHORIZATION));
    // The headers of the previous request; `None` before the first redirect.
    let mut headers: Option<HeaderMap> = None;
    let mut is_api = true;
    for _ in 0..=MAX_REDIRECTS {
        let here = request.uri().clone();
        let response = client.transport.send(request).await.map_err(Error::transport)?;
        let Some(next) = redirect(&here, &response).filter(|_| *method == Method::GET) else {
            return Ok((response, is_api));
        };
        if let Err(why) = client.base_url.allows(&next, client.allow_http) {
            let (status, headers) = (response.status(), response.headers().clone());
            let refused = Error::status_error(status, headers, Bytes::new(), true, secret);
            let why = format!("the redirect to {} is not followed: {why}", next.host().unwrap_or_default());
            return Err(refused.with_source(secret.redact(&why).into_owned().into()));
        }
        let mut kept = match headers.take() {
            Some(kept) => kept,
            None => prepared.headers(call, token)?,
        };
        is_api = client.base_url.is_same_server(&next);
        if !is_api {
            // Another server must not receive the token or other headers of the caller. They are not restored by a redirect back to the
            // API.
            kept = foreign(&kept);
        }
        request = Request::new(Body::empty());
        *request.method_mut() = method.clone();
        *request.uri_mut() = next;
        *request.headers_mut() = headers.insert(kept).clone();
    }
    Err(Error::too_many_redirects())
}

/// The target of a redirect; `None` if the response is not a redirect.
fn redirect(from: &Uri, response: &Response<Body>) -> Option<Uri> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    resolve(from, response.headers().get(LOCATION)?.to_str().ok()?)
}

/// The headers that are sent to another server: only those that a download needs, none of which is meant for secrets.
fn foreign(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [http::header::ACCEPT, http::header::RANGE, http::header::IF_RANGE, http::header::USER_AGENT] {
        if let Some(value) = headers.get(&name) {
            kept.insert(name, value.clone());
        }
    }
    debug_assert!(!kept.contains_key(AUTHORIZATION) && !kept.contains_key(COOKIE));
    kept
}

/// Why a body was not read completely.
enum Unread {
    Lost(Error),
    TooLarge,
}

/// Reads the whole body. A body of more than `limit` bytes is an error.
async fn read_all(mut body: Body, headers: &HeaderMap, limit: u64) -> Result<Bytes, Unread> {
    let announced = body.len().or_else(|| headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Unread::TooLarge);
    }
    let Some(first) = body.next_chunk().await else { return Ok(Bytes::new()) };
    let first = first.map_err(|error| Unread::Lost(Error::lost(error)))?;
    let mut whole = BytesMut::new();
    let mut next = Some(Ok(first.clone()));
    let mut single = true;
    while let Some(chunk) = next {
        let chunk = chunk.map_err(|error| Unread::Lost(Error::lost(error)))?;
        if whole.len() as u64 + chunk.len() as u64 > limit {
            return Err(Unread::TooLarge);
        }
        next = body.next_chunk().await;
        // Most bodies are a single chunk, which is returned without a copy.
        if single && next.is_none() {
            return Ok(first);
        }
        if single {
            // `Content-Length` may be wrong, so at most 1 MiB is reserved in advance.
            whole.reserve(announced.unwrap_or(0).min(1 << 20) as usize);
        }
        single = false;
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// Reads the body of an error response up to the limit, and returns whether it was truncated. If the connection is lost, the bytes that
/// were received before are returned.
async fn read_some(mut body: Body, limit: u64) -> (Bytes, bool) {
    let mut whole = BytesMut::new();
    while let Some(chunk) = body.next_chunk().await {
        let Ok(chunk) = chunk else { return (whole.freeze(), true) };
        let room = usize::try_from(limit).unwrap_or(usize::MAX) - whole.len();
        if chunk.len() > room {
            whole.extend_from_slice(&chunk[..room]);
            return (whole.freeze(), true);
        }
        whole.extend_from_slice(&chunk);
    }
    (whole.freeze(), false)
}
