//! `Display` and `Debug` of errors. The output does not contain the token of the request, even if the server has echoed it.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use super::{Error, Kind};
use crate::data::DecodeError;
use crate::secret::from_fn;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `Secret::debug` redacts the output of a `Debug` value, so the line is wrapped in one.
        let line = from_fn(|f| self.line(f));
        self.0.secret.debug(f, &line)
    }
}

impl Error {
    /// The output of `Display`, which is one line.
    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(endpoint) = &inner.endpoint {
            write!(f, "{}: ", endpoint.id)?;
        }
        let Some(http) = &inner.http else {
            f.write_str(&inner.message)?;
            attempts(f, inner.attempts)?;
            return self.cause(f);
        };
        if inner.message.is_empty() {
            write!(f, "{}", http.status)?;
        } else {
            write!(f, "{} ({})", inner.message, http.status.as_u16())?;
        }
        if let Some(code) = self.code() {
            write!(f, ", {}", Line(code.as_str()))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", Line(message))?;
        }
        if let Some(id) = &http.request_id {
            write!(f, " [request {}]", Line(id))?;
        }
        attempts(f, inner.attempts)?;
        self.cause(f)
    }

    /// The cause, for example the error of the operating system for a connection, or what decoding expected of a body. It is left out
    /// in three cases: the error is about an incomplete or changed list, whose message says the same; the cause is the error of an earlier
    /// attempt; or it contains a URL. Values of bodies are removed.
    fn cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text_is_complete = matches!(self.0.kind, Kind::CutOff | Kind::ListChanged);
        // A token source may fail with an error of this crate, such as that of an invalid token.
        let is_earlier = |source: &(dyn StdError + 'static)| source.is::<Self>() && self.0.kind != Kind::Token;
        let source = self.0.source.as_deref().filter(|source| !text_is_complete && !is_earlier(*source));
        let Some(source) = source else { return Ok(()) };
        let text = match source.downcast_ref::<DecodeError>() {
            Some(error) => expectation(error),
            None => innermost(source),
        };
        // The error of a transport that is not ours may contain the URL with its query.
        match text.is_empty() || text.contains("://") {
            true => Ok(()),
            false => write!(f, ": {}", Line(&text)),
        }
    }
}

/// The text of the innermost cause.
fn innermost(source: &(dyn StdError + 'static)) -> String {
    let mut cause = source;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if let Some(error) = cause.downcast_ref::<io::Error>().filter(|error| error.raw_os_error().is_some()) {
        return error.kind().to_string();
    }
    match cause.downcast_ref::<serde_json::Error>() {
        Some(error) => without_values(error),
        None => cause.to_string(),
    }
}

/// What decoding expected, with the path if there is one.
fn expectation(error: &DecodeError) -> String {
    // An error of serde_json has no path.
    let source = error.source().and_then(|source| source.downcast_ref());
    source.map_or_else(|| error.to_string(), without_values)
}

/// The text of an error of serde_json. If it quotes a value, only the part about what was expected is kept.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if !error.is_data() {
        return text;
    }
    text.rfind("expected ").map(|at| text[at..].to_owned()).unwrap_or_default()
}

fn attempts(f: &mut fmt::Formatter<'_>, attempts: u32) -> fmt::Result {
    if attempts > 1 { write!(f, " after {attempts} attempts") } else { Ok(()) }
}

/// Text from the server, limited in length and without line breaks, since errors are written to logs.
pub(super) struct Line<'a>(pub(super) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARS: usize = 300;
        for (count, c) in self.0.chars().enumerate() {
            if count == MAX_CHARS {
                return f.write_str("…");
            }
            fmt::Write::write_char(f, if c.is_control() { ' ' } else { c })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = from_fn(|f| self.fields(f));
        self.0.secret.debug(f, &fields)
    }
}

impl Error {
    /// The `Debug` output.
    fn fields(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind).field("operation", &self.operation()).field("attempts", &inner.attempts);
        if !inner.message.is_empty() {
            debug.field("message", &inner.message);
        }
        if let Some(http) = &inner.http {
            debug
                .field("status", &http.status)
                .field("request_id", &http.request_id)
                .field("errors", &http.errors)
                .field("rate_limit", &http.rate_limit)
                .field("body", &Line(&inner.secret.redact_truncated(&String::from_utf8_lossy(&http.body))).to_string());
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}
