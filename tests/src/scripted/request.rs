//! Reading of requests.

use std::io::{self, BufReader, Read};
use std::net::TcpStream;

/// A request that was received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The target: path and query.
    pub target: String,
    /// The headers in order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, with chunked transfer encoding removed.
    pub body: Vec<u8>,
}

impl Seen {
    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The largest head that is read.
const LONGEST_HEAD: usize = 1 << 20;

/// Reads the next request, or other data that were received instead. It is an error if the connection ends before any data.
pub(super) fn read(socket: &mut BufReader<TcpStream>) -> io::Result<Result<Seen, Vec<u8>>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match socket.read(&mut byte)? {
            0 if head.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            0 => return Ok(Err(head)),
            _ => head.push(byte[0]),
        }
        // The first byte of a TLS handshake, after which the client waits for a response.
        if head.len() > LONGEST_HEAD || (head.len() == 1 && head[0] == 0x16) {
            let mut rest = [0; 4096];
            let count = socket.read(&mut rest)?;
            head.extend(&rest[..count]);
            return Ok(Err(head));
        }
    }
    let Some(mut seen) = parse(&head) else { return Ok(Err(head)) };
    if seen.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let size = line(socket)?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            let mut chunk = vec![0; size + 2];
            socket.read_exact(&mut chunk)?;
            if size == 0 {
                break;
            }
            seen.body.extend(&chunk[..size]);
        }
    } else if let Some(length) = seen.header("content-length").and_then(|length| length.parse().ok()) {
        seen.body = vec![0; length];
        socket.read_exact(&mut seen.body)?;
    }
    Ok(Ok(seen))
}

fn line(socket: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn parse(head: &[u8]) -> Option<Seen> {
    let text = std::str::from_utf8(head).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target, version) = (first.next()?, first.next()?, first.next()?);
    if version != "HTTP/1.1" {
        return None;
    }
    let headers = lines
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())))
        .collect::<Option<_>>()?;
    Some(Seen { method: method.to_owned(), target: target.to_owned(), headers, body: Vec::new() })
}
