//! Exit codes, and the message that says what went wrong: one line, and for some mistakes the place below it.

use std::fmt;
use std::io;

use intercom_catalog::call::Refusal;
use intercom_runtime::Error;

/// The exit codes. They are part of the interface: scripts branch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Anything that has no code of its own: a server error, a file that cannot be written.
    Other = 1,
    /// The command line, an argument or a file that it needs is not valid.
    Usage = 2,
    /// 404 or 410: there is no such object.
    NotFound = 3,
    /// There is no token, or it is not valid or not allowed to do this.
    Auth = 4,
    /// The rate limit is exceeded, even after retries.
    RateLimit = 5,
    /// The server cannot be reached, or the connection was lost.
    Network = 6,
    /// The API refused the request for its content: 400, 409, 422 and their like.
    Refused = 7,
    /// Ctrl-C.
    Interrupted = 130,
}

/// What each exit code means, for the documentation.
pub const CODES: &[(u8, &str)] = &[
    (0, "success"),
    (Code::Other as u8, "another failure: a server error, a file that cannot be read or written"),
    (Code::Usage as u8, "usage: the command, an argument or a file that it needs is not valid"),
    (Code::NotFound as u8, "not found (404, 410)"),
    (Code::Auth as u8, "no token, or the token is not valid or not allowed to do this (401, 402, 403)"),
    (Code::RateLimit as u8, "the rate limit is exceeded, even after retries (429)"),
    (Code::Network as u8, "network: no connection, a timeout, or a lost connection"),
    (Code::Refused as u8, "refused: the API does not accept the content of the request (400, 409, 422, …)"),
    (Code::Interrupted as u8, "interrupted by Ctrl-C; exports, imports and lists can be continued"),
];

/// Why the program ends without success.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    /// Printed after `error: `, except for [`Code::Interrupted`].
    pub message: String,
    quiet: bool,
}

/// The result of a command.
pub type Result<T = (), E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), quiet: false }
    }

    /// A failure with the code [`Code::Usage`].
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// A closed pipe, as with `| head`. It ends the program like a failure, but with exit code 0 and without a message (see
    /// [`is_quiet`](Self::is_quiet)).
    fn closed_pipe() -> Self {
        Self { code: Code::Other, message: String::new(), quiet: true }
    }

    /// Whether the program ends with exit code 0 and without a message.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A file or stream that cannot be read or written. A closed pipe ends the program without a message.
    pub fn io(what: impl fmt::Display, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::closed_pipe();
        }
        Self::new(Code::Other, format!("{what}: {}", reason(error)))
    }

    /// A file that is needed and cannot be read, as a usage error.
    pub fn unreadable(path: &str, error: &io::Error) -> Self {
        Self::usage(format!("cannot read {path}: {}", reason(error)))
    }
}

/// The system's message, without the number that the standard library adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::usage(refusal.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = error.status().map_or(0, |status| status.as_u16());
        let code = if error.is_not_found() {
            Code::NotFound
        } else if error.is_unauthorized() || error.is_forbidden() {
            Code::Auth
        } else if error.is_status() && status == 429 {
            Code::RateLimit
        } else if error.is_connect() || error.is_timeout() || error.is_connection_lost() {
            Code::Network
        } else if error.is_request() || error.is_config() || error.is_checkpoint() {
            Code::Usage
        } else if error.is_status() && (400..500).contains(&status) {
            Code::Refused
        } else {
            Code::Other
        };
        let hint = match code {
            Code::Auth if error.is_unauthorized() => "; run `intercom login`, or set INTERCOM_ACCESS_TOKEN",
            _ => "",
        };
        Self::new(code, format!("{error}{hint}"))
    }
}
