//! The texts of an error. The token of the request is in none of them, also where the server echoes it.

use std::fmt;

use super::Error;
use crate::secret::from_fn;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = from_fn(|f| self.line(f));
        self.0.secret.debug(f, &line)
    }
}

impl Error {
    /// The one line that `Display` prints.
    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(endpoint) = inner.endpoint {
            write!(f, "{}: ", endpoint.id)?;
        }
        let Some(http) = &inner.http else {
            f.write_str(&inner.message)?;
            return attempts(f, inner.attempts);
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
        attempts(f, inner.attempts)
    }
}

fn attempts(f: &mut fmt::Formatter<'_>, attempts: u32) -> fmt::Result {
    if attempts > 1 { write!(f, " after {attempts} attempts") } else { Ok(()) }
}

/// Text from the server on one line of bounded length: an error's text ends up in logs.
pub(super) struct Line<'a>(pub(super) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        for (count, c) in self.0.chars().enumerate() {
            if count == LONGEST {
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
    /// What `Debug` prints.
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
                .field("body", &Line(&inner.secret.out_of_cut(&String::from_utf8_lossy(&http.body))).to_string());
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}
