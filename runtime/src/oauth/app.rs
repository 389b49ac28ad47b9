//! The exchange of a code for a token. Its request is sent without a token.

use std::fmt;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::Code;
use crate::client::{Client, ClientBuilder};
use crate::clock::timeout;
use crate::error::Error;
use crate::percent;
use crate::transport::Body;

/// An OAuth app.
pub struct App {
    client_id: String,
    client_secret: SecretString,
    /// A client, for its transport, clock, limits, base URL and headers. Its token is not used.
    client: Client,
}

/// The access token of a workspace that has installed the app. Store it like a password.
#[derive(Clone)]
pub struct AccessToken(SecretString);

/// How many bytes of a response are read.
const MAX_BODY: usize = 64 << 10;

impl App {
    /// Makes an app with the client id and the client secret from the Developer Hub. `builder` contains the settings of its requests:
    /// transport, timeouts, user agent, and the base URL for tests. It needs no token.
    ///
    /// # Errors
    /// As for [`ClientBuilder::build`].
    pub fn new<C: From<Client>>(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        builder: ClientBuilder<C>,
    ) -> Result<Self, Error> {
        let client = builder.only_token("none").build_core()?;
        let client_secret = SecretString::from(client_secret.into());
        Ok(Self { client_id: client_id.into(), client_secret, client })
    }

    /// Exchanges a code for the token of the workspace. It is not retried, since a code can be exchanged only once.
    ///
    /// # Errors
    /// If the code is not accepted, or no response with a token is received.
    pub async fn exchange(&self, code: &Code) -> Result<AccessToken, ExchangeError> {
        let client = &*self.client.0;
        let limit = client.limits.timeout.into_iter().chain(client.limits.attempt_timeout).min();
        let exchange = pin!(self.send(code));
        let outcome = timeout(&*client.clock, limit, exchange).await;
        let timed_out = |_| ExchangeError::Transport(Error::timeout("the exchange timed out"));
        let (status, body) = outcome.map_err(timed_out)??;
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status == StatusCode::UNAUTHORIZED {
            return Err(ExchangeError::Unauthorized);
        }
        if !status.is_success() {
            return Err(ExchangeError::Refused { status, code: error_code(&json) });
        }
        // The API has used both keys for the token at different times.
        let token = ["access_token", "token"].into_iter().find_map(|key| json.get(key)?.as_str());
        match token {
            Some(token) if !token.is_empty() => Ok(AccessToken::new(token)),
            _ => Err(ExchangeError::Unreadable { status }),
        }
    }

    async fn send(&self, code: &Code) -> Result<(StatusCode, Bytes), ExchangeError> {
        let client = &*self.client.0;
        let mut form = String::new();
        percent::pair(&mut form, "code", code.expose());
        percent::pair(&mut form, "client_id", &self.client_id);
        percent::pair(&mut form, "client_secret", self.client_secret.expose_secret());
        let mut request = Request::new(Body::from(form));
        *request.method_mut() = Method::POST;
        // The path is the one that Intercom documents.
        *request.uri_mut() = format!("{}/auth/eagle/token", client.base_url.as_str())
            .try_into()
            .map_err(|_| ExchangeError::Transport(Error::request("the URL of the request is not valid")))?;
        *request.headers_mut() = client.headers.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let transport = |error| ExchangeError::Transport(Error::transport(error));
        let response = client.transport.send(request).await.map_err(transport)?;
        let status = response.status();
        let mut body = response.into_body();
        let mut whole = BytesMut::new();
        while let Some(chunk) = body.next_chunk().await {
            let chunk = chunk.map_err(|error| ExchangeError::Transport(Error::lost(error)))?;
            if whole.len() + chunk.len() > MAX_BODY {
                // Without its end the body is not JSON, so no token is found in it. For an error the status is enough.
                break;
            }
            whole.extend_from_slice(&chunk);
        }
        Ok((status, whole.freeze()))
    }
}

/// The code of an error body. The message is not kept, since it may repeat the request.
fn error_code(json: &Value) -> Option<String> {
    let code = json.pointer("/errors/0/code").or_else(|| json.get("code")).or_else(|| json.get("error"))?.as_str()?;
    let plain = |c: char| c.is_ascii_lowercase() || c == '_';
    (code.len() <= 64 && code.chars().all(plain)).then(|| code.to_owned())
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl AccessToken {
    /// Makes a token from its stored text.
    pub fn new(token: impl Into<String>) -> Self {
        Self(SecretString::from(token.into()))
    }

    /// The text of the token, to store it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// Why a code was not exchanged.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExchangeError {
    /// 401: the code is wrong, has expired or was exchanged before, so the admin has to start the installation again; or the client id
    /// or secret is wrong. If it happens to every admin, check the client id and the client secret.
    Unauthorized,
    /// The response has another status than 2xx.
    Refused {
        /// The status.
        status: StatusCode,
        /// The error code of the API.
        code: Option<String>,
    },
    /// The response has a 2xx status but contains no token.
    Unreadable {
        /// The status.
        status: StatusCode,
    },
    /// No complete response was received. The code may have been used.
    Transport(Error),
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str(
                "the exchange was refused (401): a wrong, expired or used code, or a wrong client id or secret",
            ),
            Self::Refused { status, code: None } => write!(f, "the exchange was refused: {status}"),
            Self::Refused { status, code: Some(code) } => write!(f, "the exchange was refused: {status}, {code}"),
            Self::Unreadable { status } => write!(f, "the response to the exchange ({status}) has no token"),
            Self::Transport(error) => write!(f, "the exchange failed: {error}"),
        }
    }
}

impl std::error::Error for ExchangeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            _ => None,
        }
    }
}
