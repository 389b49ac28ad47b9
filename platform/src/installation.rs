//! Requests about the installation of an app: the notice that a workspace has uninstalled it, and the health check.
//!
//! Both are signed in `X-Body-Signature`, unlike webhook notifications. [`receive`] verifies and reads them.

use std::fmt;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::signature::{Scheme, Secrets, SignatureError};

/// The maximum length of the message, label or URL of a [`Health`], in characters.
pub const MAX_TEXT: usize = 2_084;

/// A request about the installation in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstallationRequest {
    /// The workspace has uninstalled the app. Its access token is no longer valid.
    Uninstalled {
        /// The id of the workspace, which Intercom calls `app_id` here.
        app_id: String,
    },
    /// The health check, which Intercom sends at least once a day. Respond with [`Health::to_json`].
    HealthCheck {
        /// The id of the workspace.
        workspace_id: String,
    },
}

/// Verifies and reads a request about an installation.
///
/// # Errors
/// If the signature is not valid, or the body is not one of the two requests.
pub fn receive(
    client_secrets: &Secrets,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<InstallationRequest, InstallationError> {
    Scheme::Body.verify(client_secrets, headers, body).map_err(InstallationError::Signature)?;
    let body: Value = serde_json::from_slice(body).map_err(|_| InstallationError::Unreadable)?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(workspace_id) = text("workspace_id") {
        return Ok(InstallationRequest::HealthCheck { workspace_id });
    }
    let app_id = text("app_id").ok_or(InstallationError::Unreadable)?;
    Ok(InstallationRequest::Uninstalled { app_id })
}

/// Why a request about an installation was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstallationError {
    /// The signature is missing or wrong.
    Signature(SignatureError),
    /// The body is not JSON, or has neither a `workspace_id` nor an `app_id` that is a string.
    Unreadable,
}

impl InstallationError {
    /// The status of the HTTP response to send.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Signature(error) => error.status(),
            Self::Unreadable => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for InstallationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(error) => error.fmt(f),
            Self::Unreadable => {
                f.write_str("the body is not JSON with a `workspace_id` or an `app_id` that is a string")
            }
        }
    }
}

impl std::error::Error for InstallationError {}

/// The health of an installation: the response to a health check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health(State);

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Unknown,
    Unhealthy { message: String, action: Option<Action> },
}

/// What an admin can do about an unhealthy installation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Open a page.
    Open {
        /// The text of the link.
        label: String,
        /// The address of the page.
        url: String,
    },
    /// Install the app again.
    Reinstall,
}

impl Health {
    /// Says that the installation works.
    pub fn ok() -> Self {
        Self(State::Ok)
    }

    /// Says that the app does not know whether the installation works.
    pub fn unknown() -> Self {
        Self(State::Unknown)
    }

    /// Says that the installation does not work. The admins of the workspace get an email about it within a day.
    ///
    /// # Errors
    /// If the message, the label or the URL is empty or longer than [`MAX_TEXT`] characters.
    pub fn unhealthy(message: impl Into<String>, action: Option<Action>) -> Result<Self, HealthError> {
        let message = message.into();
        limit("message", &message)?;
        if let Some(Action::Open { label, url }) = &action {
            limit("label", label)?;
            limit("url", url)?;
        }
        Ok(Self(State::Unhealthy { message, action }))
    }

    /// The health as JSON: the response to a health check, and the body of `POST /app_install/status`.
    pub fn to_json(&self) -> Value {
        match &self.0 {
            State::Ok => json!({"state": "OK"}),
            State::Unknown => json!({"state": "UNKNOWN"}),
            State::Unhealthy { message, action } => {
                let mut body = json!({"state": "UNHEALTHY", "message": message});
                match action {
                    Some(Action::Open { label, url }) => {
                        body["cta_type"] = json!("URL_CTA");
                        body["cta_label"] = json!(label);
                        body["cta_url"] = json!(url);
                    }
                    Some(Action::Reinstall) => body["cta_type"] = json!("REINSTALL_CTA"),
                    None => {}
                }
                body
            }
        }
    }
}

fn limit(field: &'static str, text: &str) -> Result<(), HealthError> {
    let length = text.chars().count();
    if length == 0 || length > MAX_TEXT { Err(HealthError { field, length }) } else { Ok(()) }
}

/// The error of a [`Health`] whose message, label or URL is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthError {
    field: &'static str,
    length: usize,
}

impl fmt::Display for HealthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has {} characters; 1 to {MAX_TEXT} are allowed", self.field, self.length)
    }
}

impl std::error::Error for HealthError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(body: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(Scheme::Body.header(), Scheme::Body.sign("secret", body.as_bytes()).parse().unwrap());
        headers
    }

    #[test]
    fn receive_distinguishes_the_two_requests() {
        let receive = |body: &str| receive(&Secrets::new("secret"), &signed(body), body.as_bytes());
        let uninstalled = InstallationRequest::Uninstalled { app_id: "abc123".to_owned() };
        assert_eq!(receive(r#"{"app_id":"abc123"}"#), Ok(uninstalled));
        let check = InstallationRequest::HealthCheck { workspace_id: "abc123".to_owned() };
        assert_eq!(receive(r#"{"workspace_id":"abc123"}"#), Ok(check));
        for body in ["", "[]", "{}", r#"{"app_id":1}"#] {
            assert_eq!(receive(body), Err(InstallationError::Unreadable), "{body}");
        }
    }

    #[test]
    fn a_request_without_a_signature_is_refused() {
        let refused = receive(&Secrets::new("secret"), &HeaderMap::new(), br#"{"app_id":"abc123"}"#).unwrap_err();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn health_has_the_keys_that_intercom_expects() {
        assert_eq!(Health::ok().to_json(), json!({"state": "OK"}));
        let action = Action::Open { label: "Log in".to_owned(), url: "https://example.com".to_owned() };
        assert_eq!(
            Health::unhealthy("The key has expired", Some(action)).unwrap().to_json(),
            json!({"state": "UNHEALTHY", "message": "The key has expired", "cta_type": "URL_CTA", "cta_label": "Log in",
                   "cta_url": "https://example.com"})
        );
        assert_eq!(Health::unhealthy("x", Some(Action::Reinstall)).unwrap().to_json()["cta_type"], "REINSTALL_CTA");
        assert!(Health::unhealthy("", None).is_err() && Health::unhealthy("x".repeat(MAX_TEXT + 1), None).is_err());
    }
}
