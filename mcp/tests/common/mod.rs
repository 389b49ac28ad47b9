//! A client whose API is a function of the test, and a session that speaks the protocol line by line.

#![allow(unreachable_pub, dead_code, reason = "each test crate uses a part of it")]

use std::fmt;
use std::sync::{Arc, Mutex};

use intercom_mcp::{Options, Server};
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Client, ClientBuilder, RetryPolicy};
use rmcp::ServiceExt as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf};

/// A request that the API got.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub body: Value,
}

type Answer = dyn Fn(&Seen) -> (u16, Vec<(&'static str, String)>, Value) + Send + Sync;

/// The API: a function from requests to answers.
#[derive(Clone)]
pub struct Api {
    answer: Arc<Answer>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Api {
    pub fn new(answer: impl Fn(&Seen) -> (u16, Vec<(&'static str, String)>, Value) + Send + Sync + 'static) -> Self {
        Self { answer: Arc::new(answer), seen: Arc::default() }
    }

    /// One that gives every request the same JSON.
    pub fn always(value: Value) -> Self {
        Self::new(move |_| (200, Vec::new(), value.clone()))
    }

    pub fn failing(status: u16, headers: &[(&'static str, &str)], body: Value) -> Self {
        let headers: Vec<(&'static str, String)> =
            headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self::new(move |_| (status, headers.clone(), body.clone()))
    }

    /// Takes the requests that came since the last call of this.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    pub fn client(&self, version: &'static str) -> Client {
        ClientBuilder::for_version(version, "test/1.0")
            .token("hunter2")
            .retry(RetryPolicy::never())
            .transport(self.clone())
            .build()
            .unwrap()
    }

    pub fn server(&self, version: &'static str, options: Options) -> Server {
        Server::new(self.client(version), intercom_catalog::load(version).unwrap(), options).unwrap()
    }

    pub async fn session(&self, version: &'static str, options: Options) -> Session {
        Session::start(self.server(version, options)).await
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

impl Transport for Api {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let bytes = request.body().as_bytes().unwrap_or_default();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(bytes).unwrap_or(Value::Null) };
        let seen = Seen { method: request.method().to_string(), path, body };
        let (status, headers, body) = (self.answer)(&seen);
        self.seen.lock().unwrap().push(seen);
        let mut response = http::Response::builder().status(status).header("content-type", "application/json");
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Box::pin(async move { Ok(response.body(body.to_string().into_bytes().into()).unwrap()) })
    }
}

/// A session with a server, message by message.
pub struct Session {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    writer: WriteHalf<DuplexStream>,
    id: u64,
}

impl Session {
    /// Connects without the handshake.
    pub fn connect(server: Server) -> Self {
        let (client, own) = tokio::io::duplex(1 << 20);
        tokio::spawn(async move {
            if let Ok(running) = server.serve(tokio::io::split(own)).await {
                let _ = running.waiting().await;
            }
        });
        let (reader, writer) = tokio::io::split(client);
        Self { lines: BufReader::new(reader).lines(), writer, id: 0 }
    }

    pub async fn start(server: Server) -> Self {
        let mut session = Self::connect(server);
        let client = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let answer = session.request("initialize", client).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "intercom", "{answer}");
        session.write(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
        session
    }

    pub async fn write(&mut self, line: &str) {
        self.writer.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// The next message of the server; `None` where it says nothing for a while or has closed.
    pub async fn read(&mut self) -> Option<Value> {
        let line = tokio::time::timeout(std::time::Duration::from_secs(20), self.lines.next_line()).await.ok()?;
        Some(serde_json::from_str(&line.unwrap()?).expect("the server writes JSON"))
    }

    pub async fn request(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let message = json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params});
        self.write(&message.to_string()).await;
        let answer = self.read().await.expect("the server answers");
        assert_eq!(answer["id"], self.id, "{answer}");
        answer
    }

    /// Calls a tool: whether it worked, and its text.
    pub async fn call(&mut self, tool: &str, arguments: Value) -> (bool, String) {
        let answer = self.request("tools/call", json!({"name": tool, "arguments": arguments})).await;
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{tool}: {answer}"));
        (result["isError"] != true, text.to_owned())
    }

    pub async fn ok(&mut self, tool: &str, arguments: Value) -> Value {
        let (worked, text) = self.call(tool, arguments.clone()).await;
        assert!(worked, "{tool} {arguments}: {text}");
        serde_json::from_str(&text).expect("results are JSON")
    }

    pub async fn failure(&mut self, tool: &str, arguments: Value) -> String {
        let (worked, text) = self.call(tool, arguments).await;
        assert!(!worked, "{tool} works: {text}");
        text
    }
}
