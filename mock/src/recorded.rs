//! The calls that a server has seen, and assertions about them.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A call that arrived. Its serialized form leaves out the headers, which may change from run to run, so that it fits snapshots.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordedCall {
    /// The operation, such as `contacts.update`; `None` where method and path lead to none.
    pub operation: Option<String>,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The values of the path's parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The query in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// The body, where it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The body as it was sent.
    #[serde(skip)]
    pub(crate) bytes: Bytes,
    /// The headers in the order of their names, without `authorization`, `proxy-authorization` and `cookie`.
    #[serde(skip)]
    pub headers: BTreeMap<String, String>,
    /// The status of the answer; 0 where the connection was cut before one.
    pub status: u16,
    /// What is wrong with the request: why it was refused, or would have been without a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Whether the call had a fault, planned or at random; one that only delays the answer does not count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fault: bool,
}

impl RecordedCall {
    /// The body as a type, such as one of a generated crate.
    ///
    /// # Errors
    /// Where the body does not fit the type. A body that is missing or not JSON is read as null.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_value(self.body.clone().unwrap_or_default())
    }

    /// The body as it was sent, such as a form with files.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn line(&self) -> String {
        let operation = self.operation.as_deref().unwrap_or("no operation");
        let body = self.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        let problem = self.problem.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{} {} {} {operation}{body}{problem}", self.status, self.method, self.path)
    }
}

/// The calls of one operation, for further assertions.
#[derive(Clone, Debug)]
pub struct Calls {
    operation: String,
    calls: Vec<RecordedCall>,
}

impl Calls {
    pub(crate) fn of(operation: &str, all: Vec<RecordedCall>, expected: usize) -> Result<Self, String> {
        let (calls, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|call| call.operation.as_deref() == Some(operation));
        if calls.len() == expected {
            return Ok(Self { operation: operation.to_owned(), calls });
        }
        let other = format!("{operation} was called {} times, expected {expected}", calls.len());
        Err(format!("{other}; calls of it:\n{}other calls:\n{}", lines(&calls), lines(&others)))
    }

    /// The calls.
    pub fn calls(&self) -> &[RecordedCall] {
        &self.calls
    }

    /// Asserts that each call had a body that contains this one: the same values under the same keys. Other keys are ignored.
    ///
    /// # Panics
    /// Where a call did not.
    #[track_caller]
    pub fn with_body(self, expected: Value) -> Self {
        self.all(&format!("the body {expected}"), |call| {
            call.body.as_ref().is_some_and(|body| contains(body, &expected))
        })
    }

    /// Asserts that each call had this value of a query parameter.
    ///
    /// # Panics
    /// Where a call did not.
    #[track_caller]
    pub fn with_query(self, name: &str, value: &str) -> Self {
        self.all(&format!("{name}={value}"), |call| call.query.iter().any(|(key, it)| key == name && it == value))
    }

    /// Asserts that each call had this value of a path parameter.
    ///
    /// # Panics
    /// Where a call did not.
    #[track_caller]
    pub fn with_path(self, name: &str, value: &str) -> Self {
        let expected = format!("{name} {value} in the path");
        self.all(&expected, |call| call.parameters.get(name).is_some_and(|it| it == value))
    }

    #[track_caller]
    fn all(self, what: &str, holds: impl Fn(&RecordedCall) -> bool) -> Self {
        let wrong: Vec<RecordedCall> = self.calls.iter().filter(|call| !holds(call)).cloned().collect();
        assert!(wrong.is_empty(), "calls of {} without {what}:\n{}", self.operation, lines(&wrong));
        self
    }
}

pub(crate) fn lines(calls: &[RecordedCall]) -> String {
    if calls.is_empty() {
        return "  none\n".to_owned();
    }
    calls.iter().map(|call| format!("  {}\n", call.line())).collect()
}

/// Whether a value has everything that another one has: objects may have more keys, all else is equal.
fn contains(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(values), Value::Object(expected)) => {
            expected.iter().all(|(key, expected)| values.get(key).is_some_and(|value| contains(value, expected)))
        }
        (Value::Array(values), Value::Array(expected)) => {
            values.len() == expected.len() && values.iter().zip(expected).all(|(value, it)| contains(value, it))
        }
        _ => value == expected,
    }
}
