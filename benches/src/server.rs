//! A server on loopback that answers every request with the same page, so that only the client makes a difference.

#![allow(clippy::unwrap_used, reason = "a benchmark panics if its setup is broken")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::{Deviation, Kind, page};

/// Starts a server that answers every request on every connection with a page of conversations. Returns its address. Requests must have no
/// body.
///
/// # Panics
/// If it cannot listen on loopback.
pub fn serve(items: usize) -> SocketAddr {
    let body = page(Kind::Conversations, items, Deviation::None);
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())
            .into_bytes();
    answer.extend(body);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            thread::spawn(move || {
                stream.set_nodelay(true).unwrap();
                let (mut buffer, mut seen) = ([0; 4096], Vec::new());
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    seen.extend_from_slice(&buffer[..count]);
                    if seen.ends_with(b"\r\n\r\n") {
                        seen.clear();
                        stream.write_all(&answer).unwrap();
                    }
                }
            });
        }
    });
    address
}
