//! Access tokens: a fixed one, or one from a source that can renew it.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use crate::error::Error;
use crate::transport::{BoxError, BoxFuture};

/// An access token, ready to be sent.
///
/// Its `Debug` does not show it. Cloning is cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(HeaderValue);

impl Token {
    /// Validates a token, which is given without `Bearer`. White space around it is removed.
    ///
    /// # Errors
    /// [`Error::is_config`] if it is empty, begins with `Bearer`, or contains characters other than visible ASCII characters. The error
    /// does not contain the token.
    pub fn new(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let scheme = text.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default();
        if text.is_empty() {
            return Err(Error::config("the access token is empty"));
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::config(
                "the access token begins with `Bearer`, which the client adds; pass only the token",
            ));
        }
        if text.contains(char::is_whitespace) {
            return Err(Error::config(
                "the access token contains white space; pass only the token, without a scheme such as `Basic`",
            ));
        }
        // Redaction finds only ASCII tokens.
        let invalid = || Error::config("the access token contains a character that is not a visible ASCII character");
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid());
        }
        let mut value = HeaderValue::try_from(format!("Bearer {text}")).map_err(|_| invalid())?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// A source of access tokens, such as a secret store or a database of tenants.
///
/// It is called before every attempt, except one with a token from [`renew`](Self::renew), so it should cache tokens.
///
/// ```
/// use intercom_runtime::transport::{BoxError, BoxFuture};
/// use intercom_runtime::{Token, TokenSource};
///
/// /// The token of a workspace, from the store of an application.
/// struct Tenant(String);
///
/// impl TokenSource for Tenant {
///     fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
///         Box::pin(async { Ok(Token::new(&look_up(&self.0).await?)?) })
///     }
/// }
/// # async fn look_up(_: &str) -> Result<String, BoxError> { Ok(String::new()) }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Returns the token to send.
    ///
    /// # Errors
    /// If there is no token. The attempt then fails ([`Error::is_token`]) with this error as its source, and is not sent. The default retry
    /// policy does not retry it.
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>>;

    /// Called when the API has refused a token with a 401, at most once for each call. Returns a new token, with which the call is sent
    /// again. This is safe with any method, since the API has not carried out the call. If it returns the same token or an error, the retry
    /// policy decides what happens after the 401; by default the call fails. It is not called if the call has its own `Authorization`
    /// header or a streamed body.
    fn renew<'a>(&'a self, refused: &'a Token) -> BoxFuture<'a, Result<Token, BoxError>> {
        let _ = refused;
        self.token()
    }
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        (**self).token()
    }

    fn renew<'a>(&'a self, refused: &'a Token) -> BoxFuture<'a, Result<Token, BoxError>> {
        (**self).renew(refused)
    }
}

/// The credentials of a client.
pub(crate) enum Credentials {
    Fixed(Token),
    Source(Arc<dyn TokenSource>),
}

impl Credentials {
    pub(crate) async fn token(&self) -> Result<Token, Error> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Source(source) => source.token().await.map_err(Error::token),
        }
    }

    /// A new token after one was refused; `None` if there is none.
    pub(crate) async fn renew(&self, refused: &Token) -> Option<Token> {
        match self {
            Self::Fixed(_) => None,
            Self::Source(source) => source.renew(refused).await.ok().filter(|renewed| renewed != refused),
        }
    }
}
