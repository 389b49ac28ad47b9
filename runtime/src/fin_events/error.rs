//! The errors of event streams.

use std::fmt;

use http::StatusCode;

use crate::data::DecodeError;
use crate::error::Error;

/// The error of an event stream that ended before Fin was done, or of an event that could not be decoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// The token of the address expired before Fin was done, or the server refused it while more events were expected. Later events are
    /// only sent to the callback address.
    TokenExpired,
    /// Fin was probably done ([`Progress::ProbablyDone`](super::Progress::ProbablyDone)), but the event that says so was not received
    /// within the timeout. Some workspaces never get that event, so their streams usually end with this error.
    TimedOut,
    /// The server refused the subscription: at once for a permanent failure such as 404, after all attempts for a temporary one.
    Refused {
        /// The status of the response.
        status: StatusCode,
    },
    /// The response is not an event stream.
    NotAStream,
    /// An event is larger than [`max_event`](super::EventStream::max_event).
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Connections could not be opened or were lost, as many times in a row as [`attempts`](super::EventStream::attempts) allows.
    Lost {
        /// The number of attempts that failed in a row.
        attempts: u32,
        /// The error of the last one.
        source: Error,
    },
    /// An event could not be decoded as the requested type. The stream continues after it.
    Unreadable(DecodeError),
}

impl StreamError {
    /// Whether the stream ended with [`TimedOut`](Self::TimedOut).
    pub fn is_timed_out(&self) -> bool {
        matches!(self, Self::TimedOut)
    }

    /// Whether this error ends the stream.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unreadable(_))
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenExpired => {
                f.write_str("the token of the event stream has expired or was revoked before Fin was done")
            }
            Self::TimedOut => f.write_str("Fin was probably done, but nothing more was received within the timeout"),
            Self::Refused { status } => write!(f, "the event stream was refused: {status}"),
            Self::NotAStream => f.write_str("the response is not an event stream"),
            Self::TooLarge { limit } => write!(f, "an event is larger than {limit} bytes"),
            Self::Lost { attempts, source } => {
                write!(
                    f,
                    "there is no connection to the event stream after {attempts} failed attempts in a row: {source}"
                )
            }
            Self::Unreadable(error) => write!(f, "an event could not be decoded: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Lost { source, .. } => Some(source),
            Self::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}
