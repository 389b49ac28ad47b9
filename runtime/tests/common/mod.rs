//! An in-memory transport with scripted responses, and two operations to call.

#![allow(unreachable_pub, dead_code, reason = "each test crate uses a part of it")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use intercom_runtime::transport::{Body, Transport, TransportError, TransportFuture};
use intercom_runtime::{Client, ClientBuilder, Endpoint};

pub static FIND: Endpoint = Endpoint::new("contacts.find", http::Method::GET, "/contacts/{contact_id}")
    .operation_id("ShowContact")
    .version("2.15");

pub static CREATE: Endpoint = Endpoint::new("contacts.create", http::Method::POST, "/contacts").version("2.15");

/// Records every request, and returns the scripted responses in order.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seen: Vec<http::Request<Body>>,
    answers: VecDeque<Result<http::Response<Body>, TransportError>>,
}

impl Memory {
    pub fn answer(self, status: u16, headers: &[(&str, &str)], body: &'static str) -> Self {
        let mut answer = http::Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        self.result(Ok(answer.body(body.into()).unwrap()))
    }

    pub fn fail(self, error: TransportError) -> Self {
        self.result(Err(error))
    }

    fn result(self, result: Result<http::Response<Body>, TransportError>) -> Self {
        self.0.lock().unwrap().answers.push_back(result);
        self
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_version("2.15", "test/1.0").token("hunter2").transport(self.clone())
    }

    /// The requests since the last call of this method.
    pub fn seen(&self) -> Vec<http::Request<Body>> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }
}

impl Transport for Memory {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let mut state = self.0.lock().unwrap();
            state.seen.push(request);
            state.answers.pop_front().unwrap_or_else(|| Err(TransportError::invalid("no answer left")))
        })
    }
}
