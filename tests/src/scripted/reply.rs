//! Replies: the reaction of the server to one request.

use std::time::Duration;

/// A step of a reply.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends the same bytes many times.
    Repeat {
        /// The bytes.
        bytes: Vec<u8>,
        /// The number of repetitions.
        times: usize,
    },
    /// Sends bytes a few at a time.
    Drip {
        /// The bytes.
        bytes: Vec<u8>,
        /// How many bytes at a time.
        size: usize,
        /// The pause before each piece.
        every: Duration,
    },
    /// Waits.
    Sleep(Duration),
    /// Resets the connection.
    Reset,
    /// Ends the response, then waits until the client closes the connection, too.
    Close,
    /// Sends nothing more, and waits until the client closes the connection.
    Hang,
}

/// The reaction of the server to one request, or to a new connection.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Steps in place of the response that the fields above describe.
    acts: Option<Vec<Act>>,
    /// Steps after the response.
    then: Vec<Act>,
    pub(super) at_accept: bool,
}

impl Reply {
    /// Makes a response with this status, without a body.
    pub fn new(status: u16) -> Self {
        let (headers, body, then) = (Vec::new(), Vec::new(), Vec::new());
        Self { status, headers, body, acts: None, then, at_accept: false }
    }

    /// Makes a response with status 200 and a JSON body.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).header("content-type", "application/json").body(body)
    }

    /// Takes these steps after a request was read.
    pub fn acts(acts: impl Into<Vec<Act>>) -> Self {
        Self { acts: Some(acts.into()), ..Self::new(0) }
    }

    /// Sends these bytes after a request was read, and closes the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::acts([Act::Send(bytes.into()), Act::Close])
    }

    /// Takes these steps on a new connection, before anything is read.
    pub fn at_accept(acts: impl Into<Vec<Act>>) -> Self {
        Self { at_accept: true, ..Self::acts(acts) }
    }

    /// Changes the status.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets the body. Its `Content-Length` is added, unless this header or `Transfer-Encoding` is set.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds a step after the response.
    pub fn then(mut self, act: Act) -> Self {
        self.then.push(act);
        self
    }

    /// The head of the response, with the empty line at its end.
    pub fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let own = |name: &str| self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        if !own("content-length") && !own("transfer-encoding") && self.status != 204 && self.status != 304 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head
    }

    pub(super) fn acts_in_order(&self) -> Vec<Act> {
        let mut acts = self.acts.clone().unwrap_or_else(|| {
            let mut bytes = self.head().into_bytes();
            bytes.extend(&self.body);
            vec![Act::Send(bytes)]
        });
        acts.extend(self.then.iter().cloned());
        acts
    }
}
