//! The callback: the request to the redirect URI, to which Intercom redirects the browser.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};

use super::State;

/// An authorization code, which can be exchanged for a token once.
#[derive(Clone)]
pub struct Code(SecretString);

impl Code {
    /// Makes a code from the percent-decoded parameter `code`, including any `=` at its end. [`callback`] does the same.
    pub fn new(code: impl Into<String>) -> Self {
        Self(SecretString::from(code.into()))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// Reads the query of a request to the redirect URI. `query` is percent-encoded, with or without the `?`.
///
/// The state is compared before other parameters are read.
///
/// # Errors
/// If the state is not that of the session, if the admin or Intercom has refused the installation, if there is no code, or if a parameter
/// occurs twice or is not UTF-8.
pub fn callback(query: &str, expected: &State) -> Result<Code, CallbackError> {
    let state = decoded(query, "state")?.ok_or(CallbackError::StateMismatch)?;
    if !expected.matches(&state) {
        return Err(CallbackError::StateMismatch);
    }
    if let Some(error) = decoded(query, "error")? {
        let description =
            single_raw(query, "error_description")?.map(|text| decode(&text.replace('+', " "), "error_description"));
        return Err(CallbackError::Refused { error, description: description.transpose()? });
    }
    match decoded(query, "code")? {
        Some(code) if !code.is_empty() => Ok(Code::new(code)),
        _ => Err(CallbackError::NoCode),
    }
}

/// The value of a parameter.
///
/// A `+` is not decoded as a space. A state or a code contains no spaces, but a code in Base64 may contain a `+` that was not encoded.
fn decoded(query: &str, name: &'static str) -> Result<Option<String>, CallbackError> {
    single_raw(query, name)?.map(|value| decode(value, name)).transpose()
}

/// The value of a parameter as it is in the query. It is an error if it occurs twice, since another program may have checked the other
/// value.
fn single_raw<'q>(query: &'q str, name: &'static str) -> Result<Option<&'q str>, CallbackError> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut values = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then_some(value)
    });
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(CallbackError::Repeated { parameter: name });
    }
    Ok(Some(value))
}

fn decode(value: &str, name: &'static str) -> Result<String, CallbackError> {
    let text = percent_decode_str(value).decode_utf8();
    text.map(Cow::into_owned).map_err(|_| CallbackError::Unreadable { parameter: name })
}

/// Why a callback contains no valid code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// The state is missing or different: the request is forged, or belongs to another session.
    StateMismatch,
    /// The app was not installed.
    Refused {
        /// The error code, such as `access_denied`.
        error: String,
        /// The description, for people.
        description: Option<String>,
    },
    /// The query has no error, and its code is missing or empty.
    NoCode,
    /// A parameter occurs more than once.
    Repeated {
        /// The name of the parameter.
        parameter: &'static str,
    },
    /// A parameter is not UTF-8 text.
    Unreadable {
        /// The name of the parameter.
        parameter: &'static str,
    },
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StateMismatch => f.write_str("the state of the callback is not that of this session"),
            Self::Refused { error, description: None } => {
                write!(f, "the app was not installed: {}", error.escape_debug())
            }
            Self::Refused { error, description: Some(text) } => {
                write!(f, "the app was not installed: {}: {}", error.escape_debug(), text.escape_debug())
            }
            Self::NoCode => f.write_str("the callback has no code"),
            Self::Repeated { parameter } => write!(f, "the callback has more than one `{parameter}`"),
            Self::Unreadable { parameter } => write!(f, "`{parameter}` of the callback is not UTF-8"),
        }
    }
}

impl std::error::Error for CallbackError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<String, CallbackError> {
        callback(query, &State::from_text("s3cret")).map(|code| code.expose().to_owned())
    }

    #[test]
    fn the_code_is_percent_decoded() {
        assert_eq!(read("code=abc&state=s3cret").as_deref(), Ok("abc"));
        assert_eq!(read("?state=s3cret&x&code=dG9r==").as_deref(), Ok("dG9r=="));
        assert_eq!(read("code=dG9r%3D%3d&state=s3cret").as_deref(), Ok("dG9r=="));
        assert_eq!(read("code=a+b%2Bc&state=s3cret").as_deref(), Ok("a+b+c"));
    }

    #[test]
    fn a_callback_with_another_state_is_refused() {
        for query in ["", "code=abc", "code=abc&state=", "code=abc&state=S3cret", "error=x&state=s3cret1"] {
            assert_eq!(read(query), Err(CallbackError::StateMismatch), "{query}");
        }
        assert_eq!(callback("code=a&state=", &State::from_text("")).unwrap_err(), CallbackError::StateMismatch);
    }

    #[test]
    fn each_failure_has_its_error() {
        let refused = |description: Option<&str>| {
            Err(CallbackError::Refused {
                error: "access_denied".to_owned(),
                description: description.map(str::to_owned),
            })
        };
        assert_eq!(read("error=access_denied&state=s3cret"), refused(None));
        let query = "error=access_denied&error_description=1+%2B+1%21&state=s3cret&code=abc";
        assert_eq!(read(query), refused(Some("1 + 1!")));
        for query in ["state=s3cret", "state=s3cret&code", "state=s3cret&code="] {
            assert_eq!(read(query), Err(CallbackError::NoCode), "{query}");
        }
        assert_eq!(read("state=s3cret&state=s3cret&code=a"), Err(CallbackError::Repeated { parameter: "state" }));
        assert_eq!(read("state=s3cret&code=a&code=b"), Err(CallbackError::Repeated { parameter: "code" }));
        assert_eq!(read("state=s3cret&code=%ff"), Err(CallbackError::Unreadable { parameter: "code" }));
        let shown = format!("{:?}", callback("code=hunter2&state=s3cret", &State::from_text("s3cret")));
        assert!(!shown.contains("hunter2"));
    }
}
