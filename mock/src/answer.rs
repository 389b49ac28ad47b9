//! Answers, and refusals of requests.

use bytes::Bytes;
use serde_json::{Value, json};

/// An answer before it is written.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Content,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Where the content comes from.
    pub(crate) source: Source,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Bytes(&'static str, Bytes),
}

impl Content {
    /// The JSON; null for other content.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Empty | Self::Bytes(..) => Value::Null,
        }
    }
}

/// Where the content of an answer comes from: the value of the header `x-intercom-mock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The state of the server.
    State,
    /// The example of the operation or a value made for its schema, whatever was sent.
    Example,
    /// A refusal of the server, such as for an item that does not exist.
    Error,
    /// A fault that a test asked for.
    Fault,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Example => "example",
            Self::Error => "error",
            Self::Fault => "fault",
        }
    }
}

impl Answer {
    pub(crate) fn new(status: u16, content: Content, source: Source) -> Self {
        Self { status, content, headers: Vec::new(), source }
    }
}

/// Why a request is refused; it is sent as an `error.list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) field: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), field: None }
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The answer, in the form of all errors of the API.
    pub(crate) fn answer(&self, request_id: &str) -> Answer {
        let mut error = json!({"code": self.code, "message": self.message});
        if let Some(field) = &self.field {
            error["field"] = json!(field);
        }
        let body = json!({"type": "error.list", "request_id": request_id, "errors": [error]});
        Answer::new(self.status, Content::Json(body), Source::Error)
    }
}
