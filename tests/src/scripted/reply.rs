//! What the server does about one request.

use std::time::Duration;

/// One thing that the server does with a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends the same bytes many times, without keeping them all.
    Repeat {
        /// What is sent.
        bytes: Vec<u8>,
        /// How often.
        times: usize,
    },
    /// Sends bytes a few at a time.
    Drip {
        /// What is sent.
        bytes: Vec<u8>,
        /// How many bytes at a time.
        size: usize,
        /// The pause before each piece.
        every: Duration,
    },
    /// Waits.
    Sleep(Duration),
    /// Breaks the connection off with a reset.
    Reset,
    /// Closes the connection in an orderly way.
    Close,
    /// Says nothing more and waits for the client to go away.
    Hang,
}

/// What the server does about one request, or about a connection as soon as it is there.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// In place of the answer made of the fields above.
    acts: Option<Vec<Act>>,
    /// After the answer.
    then: Vec<Act>,
    pub(super) at_accept: bool,
}

impl Reply {
    /// An answer with that status, without a body.
    pub fn new(status: u16) -> Self {
        let (headers, body, then) = (Vec::new(), Vec::new(), Vec::new());
        Self { status, headers, body, acts: None, then, at_accept: false }
    }

    /// 200 with a JSON body.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).header("content-type", "application/json").body(body)
    }

    /// These acts once a request has been read.
    pub fn acts(acts: impl Into<Vec<Act>>) -> Self {
        Self { acts: Some(acts.into()), ..Self::new(0) }
    }

    /// These bytes once a request has been read, and then the end of the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::acts([Act::Send(bytes.into()), Act::Close])
    }

    /// These acts as soon as a connection is there, before anything is read.
    pub fn at_accept(acts: impl Into<Vec<Act>>) -> Self {
        Self { at_accept: true, ..Self::acts(acts) }
    }

    /// The same with another status.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets the body; its length is told.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Does something after the answer.
    pub fn then(mut self, act: Act) -> Self {
        self.then.push(act);
        self
    }

    /// The head of the answer, up to and with the empty line.
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
