//! The receiver of requests. It verifies the signature of the raw body, then decodes it. The request that opens a sheet has no
//! signature: it is verified by decrypting its user.

use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, StatusCode};
use intercom_data::{Decode, DecodeError, Decoded, Decoding, Mismatch, Value, from_slice};

use super::sheet::{self, SheetUserError};
use crate::signature::{Scheme, Secrets, SignatureError};

/// The default of [`Receiver::max_body`]: 1 MiB. The content and the stored data of a canvas have at most 64 KiB each.
pub const DEFAULT_MAX_BODY: usize = 1 << 20;

/// The form field of the request that opens a sheet.
const SHEET_FIELD: &[u8] = b"intercom_data";

/// Receives the requests of Canvas Kit and decodes them as `R`: a type of a generated crate, or [`Value`].
pub struct Receiver<R> {
    client_secrets: Secrets,
    max_body: usize,
    request: PhantomData<fn() -> R>,
}

/// The request that opens a sheet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OpenSheet<R> {
    /// The request. Its `user` is the encrypted text.
    pub request: R,
    /// The contact for whom the sheet is opened, decrypted.
    pub user: Value,
    /// The values that did not fit their declared type, at most 100.
    pub mismatches: Vec<Mismatch>,
}

impl<R: Decode> Receiver<R> {
    /// Makes a receiver with the client secret of the app.
    pub fn new(client_secret: impl Into<String>) -> Self {
        Self::with_secrets(Secrets::new(client_secret))
    }

    /// Makes a receiver that accepts several secrets, for the time of a rotation.
    pub fn with_secrets(client_secrets: Secrets) -> Self {
        Self { client_secrets, max_body: DEFAULT_MAX_BODY, request: PhantomData }
    }

    /// Sets the maximum size of a body in bytes. Set a limit in the web framework, too, because it reads the body first.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies and decodes a request: initialize, configure, submit, live canvas, or submit sheet.
    ///
    /// # Errors
    /// If the body is too large, the signature is not valid, or the body is not a request. [`ReceiveError::status`] is the status
    /// of the HTTP response.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Decoded<R>, ReceiveError> {
        self.limit(body)?;
        Scheme::Body.verify(&self.client_secrets, headers, body).map_err(ReceiveError::Signature)?;
        read(body)
    }

    /// Decodes the request that opens a sheet. `form` is the raw body of the form that the visitor's browser posts. The form has no
    /// signature. Instead, its user is encrypted with a key that only Intercom and the app have.
    ///
    /// # Errors
    /// If the form is too large, the user was not encrypted with a secret of the app, or the form does not contain a request.
    pub fn open_sheet(&self, form: &[u8]) -> Result<OpenSheet<R>, ReceiveError> {
        self.limit(form)?;
        let data = form_urlencoded::parse(form).find(|(name, _)| name.as_bytes() == SHEET_FIELD);
        let data = data.ok_or_else(|| ReceiveError::Unreadable("the form has no `intercom_data`".to_owned()))?.1;
        let encrypted = read::<Value>(data.as_bytes())?.value;
        let encrypted = encrypted.get("user").and_then(Value::as_str).unwrap_or_default();
        let user = sheet::decrypt_with_any(&self.client_secrets, encrypted).map_err(ReceiveError::SheetUser)?;
        let Decoded { value, mismatches, .. } = read::<R>(data.as_bytes())?;
        Ok(OpenSheet { request: value, user, mismatches })
    }

    fn limit(&self, body: &[u8]) -> Result<(), ReceiveError> {
        if body.len() > self.max_body { Err(ReceiveError::TooLarge { limit: self.max_body }) } else { Ok(()) }
    }
}

fn read<R: Decode>(json: &[u8]) -> Result<Decoded<R>, ReceiveError> {
    from_slice(json, Decoding::Tolerant).map_err(|error: DecodeError| ReceiveError::Unreadable(error.to_string()))
}

impl<R> Clone for Receiver<R> {
    fn clone(&self) -> Self {
        Self { client_secrets: self.client_secrets.clone(), max_body: self.max_body, request: PhantomData }
    }
}

impl<R> fmt::Debug for Receiver<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("max_body", &self.max_body).finish_non_exhaustive()
    }
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The body is too large.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature is missing or wrong.
    Signature(SignatureError),
    /// The user of a sheet is missing or cannot be decrypted.
    SheetUser(SheetUserError),
    /// The body is not a Canvas Kit request, for this reason.
    Unreadable(String),
}

impl ReceiveError {
    /// The status of the HTTP response to send.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Signature(error) => error.status(),
            Self::SheetUser(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            Self::Signature(error) => error.fmt(f),
            Self::SheetUser(error) => error.fmt(f),
            Self::Unreadable(why) => write!(f, "the body is not a Canvas Kit request: {why}"),
        }
    }
}

impl std::error::Error for ReceiveError {}

#[cfg(test)]
mod tests {
    use intercom_data::Attributes;
    use serde_json::json;

    use super::super::encrypt_user;
    use super::*;

    const SUBMIT: &[u8] = br#"{"component_id":"book","input_values":{"day":"tue"}}"#;

    fn receiver() -> Receiver<Attributes> {
        Receiver::with_secrets(Secrets::new("new").or("old"))
    }

    fn signed(secret: &str, body: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(
            Scheme::Body.header().parse().unwrap(),
            Scheme::Body.sign(secret, body).parse().unwrap(),
        )])
    }

    fn form(data: &Value) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("intercom_data", &data.to_string()).finish()
    }

    #[test]
    fn receive_accepts_each_secret_and_refuses_others() {
        for secret in ["new", "old"] {
            let request = receiver().receive(&signed(secret, SUBMIT), SUBMIT).unwrap();
            assert_eq!(request.value.get("component_id"), Some(&json!("book")));
        }
        let refused = receiver().receive(&signed("other", SUBMIT), SUBMIT).unwrap_err();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        assert!(!format!("{:?}", receiver()).contains("new"));
    }

    #[test]
    fn receive_refuses_large_and_unreadable_bodies() {
        let large = vec![b' '; DEFAULT_MAX_BODY + 1];
        let refused = receiver().receive(&HeaderMap::new(), &large).unwrap_err();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        for body in [&b""[..], b"{", b"\xff", b"[1]"] {
            let refused = receiver().receive(&signed("new", body), body).unwrap_err();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{refused}");
        }
    }

    #[test]
    fn open_sheet_decrypts_the_user_with_each_secret() {
        for secret in ["new", "old"] {
            let user = encrypt_user(secret, [7; 12], &json!({"name": "Grüße"}));
            let form = form(&json!({"component_id": "open", "user": user}));
            let sheet = receiver().open_sheet(form.as_bytes()).unwrap();
            assert_eq!(
                (sheet.user, sheet.request.get("component_id")),
                (json!({"name": "Grüße"}), Some(&json!("open")))
            );
        }
    }

    #[test]
    fn open_sheet_refuses_users_that_intercom_has_not_encrypted() {
        let forged = encrypt_user("other", [7; 12], &json!({"name": "Joe"}));
        for user in [json!(forged), json!("made up"), json!({"name": "Joe"}), Value::Null] {
            let form = form(&json!({"component_id": "open", "user": user}));
            let refused = receiver().open_sheet(form.as_bytes()).unwrap_err();
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{user}");
        }
        for form in ["", "intercom_data", "intercom_data=%7B", "other=1", "intercom_data=%ff"] {
            assert_eq!(receiver().open_sheet(form.as_bytes()).unwrap_err().status(), StatusCode::BAD_REQUEST, "{form}");
        }
    }
}
