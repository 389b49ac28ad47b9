//! A loopback server that sends scripted bytes, with one connection for each response.

#![allow(unreachable_pub, dead_code, reason = "each test crate uses a part of it")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The bytes that are sent on one connection.
#[derive(Clone, Debug)]
pub struct Script {
    pub parts: Vec<Vec<u8>>,
    /// Keeps the connection open after the last part.
    pub stays_open: bool,
}

impl Script {
    /// Sends these parts one by one, then closes the connection.
    pub fn parts(parts: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        Self { parts: parts.into_iter().map(Into::into).collect(), stays_open: false }
    }

    /// A response with a body of known length.
    pub fn response(status: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
        Self::parts([format!("{head}connection: close\r\n\r\n{body}")])
    }

    /// The head of an event stream, and its parts.
    pub fn events(parts: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_vec();
        let mut script = Self::parts(parts);
        script.parts.insert(0, head);
        script
    }

    pub fn stays_open(mut self) -> Self {
        self.stays_open = true;
        self
    }
}

/// The server. It runs until the tokio runtime shuts down.
#[derive(Clone, Debug)]
pub struct Loopback {
    pub url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Loopback {
    /// Starts a server that uses the scripts in order, and responds with 503 after the last one.
    pub async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, seen: Arc::default() };
        let (seen, mut scripts) = (server.seen.clone(), scripts.into_iter().collect::<VecDeque<_>>());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let script = scripts.pop_front().unwrap_or_else(|| Script::response("503 Service Unavailable", "{}"));
                tokio::spawn(serve(connection, script, seen.clone()));
            }
        });
        server
    }

    /// The received requests as text.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(mut connection: TcpStream, script: Script, seen: Arc<Mutex<Vec<String>>>) {
    connection.set_nodelay(true).unwrap();
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while !is_whole(&request) {
        match connection.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&chunk[..count]),
        }
    }
    seen.lock().unwrap().push(String::from_utf8(request).unwrap());
    for part in &script.parts {
        if connection.write_all(part).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    if script.stays_open {
        // Waits until the client closes the connection.
        let _ = connection.read(&mut chunk).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    body.len() >= length
}
