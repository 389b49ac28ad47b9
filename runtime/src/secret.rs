//! Redaction of the access token. A server may echo the token of a request, but errors and logs must not contain it.

use std::borrow::Cow;
use std::fmt;

use http::HeaderValue;

/// The replacement for the token.
const REPLACEMENT: &str = "[token]";
/// The minimum length of a token that is redacted: a shorter one may occur in a text by chance.
const MIN_LENGTH: usize = 6;

/// The value of the `Authorization` header that a request was sent with.
#[derive(Clone, Default)]
pub(crate) struct Secret(Option<HeaderValue>);

impl Secret {
    /// Makes the secret of a request with this `Authorization` header.
    pub(crate) fn of(authorization: Option<&HeaderValue>) -> Self {
        Self(authorization.cloned())
    }

    /// The token without the authentication scheme; `None` if it is too short to be redacted. [`Token::new`](crate::Token::new) accepts
    /// only visible ASCII, so `to_str` fails only for a header of the caller.
    fn token(&self) -> Option<&str> {
        let value = self.0.as_ref()?.to_str().ok()?.trim();
        let token = value.split_once(' ').map_or(value, |(_, token)| token.trim());
        (token.len() >= MIN_LENGTH).then_some(token)
    }

    /// Replaces the token in a text, even if it is escaped as in JSON, URLs, HTML or Rust.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.token() {
            Some(token) => without(text, token, false),
            None => Cow::Borrowed(text),
        }
    }

    /// As [`redact`](Self::redact), for a text that may end within the token.
    pub(crate) fn redact_truncated<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.token() {
            Some(token) => without(text, token, true),
            None => Cow::Borrowed(text),
        }
    }

    /// Writes the `Debug` output of `value` without the token.
    pub(crate) fn debug(&self, f: &mut fmt::Formatter<'_>, value: &dyn fmt::Debug) -> fmt::Result {
        if self.token().is_none() {
            return value.fmt(f);
        }
        let text = if f.alternate() { format!("{value:#?}") } else { format!("{value:?}") };
        f.write_str(&self.redact(&text))
    }
}

/// Replaces all occurrences of the token in a text and, if `truncated` is set, an incomplete occurrence at its end.
fn without<'t>(text: &'t str, token: &str, truncated: bool) -> Cow<'t, str> {
    let mut redacted = String::new();
    let mut done = 0;
    let mut at = 0;
    while at < text.len() {
        match matching_prefix(&text.as_bytes()[at..], token.as_bytes()) {
            Some((length, matched))
                if matched == token.len() || truncated && at + length == text.len() && matched >= MIN_LENGTH =>
            {
                redacted.push_str(&text[done..at]);
                redacted.push_str(REPLACEMENT);
                at += length;
                done = at;
            }
            _ => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    redacted.push_str(&text[done..]);
    Cow::Owned(redacted)
}

/// Compares the beginning of the text, which may contain escapes, with the token. Returns the number of bytes of the text that match, and
/// the number of bytes of the token that they represent; `None` if not even the first byte matches. The token must be ASCII.
fn matching_prefix(text: &[u8], token: &[u8]) -> Option<(usize, usize)> {
    let mut length = 0;
    for (matched, byte) in token.iter().enumerate() {
        match encoded_length(&text[length..], *byte) {
            Some(more) => length += more,
            None => return (matched > 0).then_some((length, matched)),
        }
    }
    Some((length, token.len()))
}

/// The length of a representation of the byte at the beginning of the text. For `/` these are `/`, `%2F`, `\/`, `\u002f`, `&#47;` and
/// `&#x2f;`. The case of a letter makes no difference: a server may redirect to a host that contains the token, and
/// errors show hosts in lower case. `None` if the text begins with something else.
fn encoded_length(text: &[u8], byte: u8) -> Option<usize> {
    let number = |digits: Option<&[u8]>, radix| {
        let digits = std::str::from_utf8(digits?).ok()?;
        u32::from_str_radix(digits, radix).ok().filter(|number| *number == u32::from(byte))
    };
    match text.first()? {
        first if first.eq_ignore_ascii_case(&byte) => Some(1),
        b'%' => number(text.get(1..3), 16).map(|_| 3),
        b'\\' => {
            // Escaped text may be escaped a second time when it is printed.
            let slashes = text.iter().take_while(|byte| **byte == b'\\').count();
            match text.get(slashes)? {
                b'u' => number(text.get(slashes + 1..slashes + 5), 16).map(|_| slashes + 5),
                next => (*next == byte).then_some(slashes + 1),
            }
        }
        b'&' => {
            let end = text.iter().take(8).position(|byte| *byte == b';')?;
            let code = match text.get(1..end)? {
                [b'#', b'x' | b'X', digits @ ..] => number(Some(digits), 16),
                [b'#', digits @ ..] => number(Some(digits), 10),
                _ => None,
            };
            code.map(|_| end + 1)
        }
        _ => None,
    }
}

/// A value whose `Debug` implementation is a function.
pub(crate) fn from_fn(text: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> impl fmt::Debug {
    struct FromFn<F>(F);

    impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Debug for FromFn<F> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    FromFn(text)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_redacted_also_if_it_is_escaped() {
        let secret = |header: &'static str| Secret::of(Some(&HeaderValue::from_static(header)));
        let token = secret("Bearer dG9r:abc/def=\"=");
        for text in [
            "dG9r:abc/def=\"=",
            r#"dG9r:abc/def=\"="#,
            r#"dG9r:abc\/def=\"\u003d"#,
            r#"dG9r:abc\\\/def=\\\"\\\u003D"#,
            "dG9r%3Aabc%2Fdef%3D%22%3D",
            "dG9r%3aabc%2fdef%3d%22%3d",
            "dG9r:abc&#x2F;def&#61;&#34;=",
            "dg9r:abc/def=\"=",
        ] {
            let text = format!("é {text}{text} dG9r:abc ü");
            assert_eq!(token.redact(&text), "é [token][token] dG9r:abc ü", "{text}");
        }
        assert_eq!(token.redact("nothing of it"), "nothing of it");
        assert_eq!(token.redact_truncated("cut: dG9r:abc/d"), "cut: [token]");
        assert_eq!(token.redact_truncated("cut: dG9"), "cut: dG9");
        assert_eq!(secret("Bearer t").redact("text"), "text");
        assert_eq!(secret("secret-of-its-own").redact("a secret-of-its-own"), "a [token]");
        assert_eq!(Secret::default().redact("text"), "text");
    }
}
