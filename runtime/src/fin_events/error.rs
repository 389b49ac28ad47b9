//! Why a stream of events has ended early.

use std::fmt;

use http::StatusCode;

use crate::data::DecodeError;
use crate::error::Error;

/// Why a stream of events ended before Fin was done, or why an event could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// The token of the address has expired, or was revoked, before Fin was done. What comes later comes to the callback address
    /// alone.
    TokenExpired,
    /// A reply was complete, and then nothing came: neither another event nor the signal that Fin is done. Some workspaces do not
    /// get that signal; there this is how a stream ends.
    TimedOut,
    /// The server does not accept the subscription, after all attempts where another attempt made sense.
    Refused {
        /// The status that it answered with.
        status: StatusCode,
    },
    /// The answer is no event stream.
    NotAStream,
    /// An event is larger than [`max_event`](super::EventStream::max_event).
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The connection was lost, and so was each attempt to make it again.
    Lost {
        /// How many attempts failed in a row.
        attempts: u32,
        /// How the last one failed.
        source: Error,
    },
    /// An event is nothing like the type that was asked for. The stream goes on after it.
    Unreadable(DecodeError),
}

impl StreamError {
    /// Whether a reply had come and Fin then said nothing more.
    pub fn is_timed_out(&self) -> bool {
        matches!(self, Self::TimedOut)
    }

    /// Whether the stream is at its end, so that polling it again gives nothing.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unreadable(_))
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenExpired => f.write_str("the token of the event stream has expired before Fin was done"),
            Self::TimedOut => f.write_str("no event came after a reply, and no signal that Fin is done"),
            Self::Refused { status } => write!(f, "the event stream was refused: {status}"),
            Self::NotAStream => f.write_str("the answer is no event stream"),
            Self::TooLarge { limit } => write!(f, "an event is larger than {limit} bytes"),
            Self::Lost { attempts, source } => {
                write!(f, "the event stream was lost, {attempts} attempts in a row: {source}")
            }
            Self::Unreadable(error) => write!(f, "an event is not of the type that was asked for: {error}"),
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
