//! What the tests of the program share: running it, and a server whose answers a test decides.

#![allow(clippy::unwrap_used, dead_code, reason = "a test panics, and no test uses everything")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// The program, with a token, an address and no settings of the machine.
pub fn program(address: &str) -> Command {
    // Measurements are of an optimised program, whatever the tests are.
    let built = std::env::var("INTERCOM_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_intercom").to_owned());
    let mut command = Command::new(built);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("INTERCOM_ACCESS_TOKEN", "test-token").env("INTERCOM_BASE_URL", address);
    command.env("INTERCOM_CONFIG_DIR", "/nonexistent").stdin(Stdio::null());
    command
}

/// Runs the program with the words of a line; single quotes keep spaces together.
pub fn run(address: &str, line: &str) -> Output {
    program(address).args(words(line)).output().unwrap()
}

/// The words of a line, split at spaces outside of single quotes.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Standard output as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A request that the server got.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub body: String,
}

impl Seen {
    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

/// A server on loopback.
pub struct Server {
    pub address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers every request with a status and a JSON text.
    pub fn start(answer: impl Fn(&Seen) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), seen.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (answer.clone(), log.clone());
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { address, seen }
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Seen) -> (u16, String), log: &Mutex<Vec<Seen>>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let mut parts = line.split(' ');
        let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            if header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let seen = Seen { method, target, body: String::from_utf8_lossy(&body).into_owned() };
        let (status, text) = answer(&seen);
        {
            // Measurements send a million requests: the first ones are kept.
            let mut log = log.lock().ok()?;
            if log.len() < 10_000 {
                log.push(seen);
            }
        }
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nx-ratelimit-limit: 1000000\r\n\
             x-ratelimit-remaining: 999999\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        writer.write_all(head.as_bytes()).ok()?;
        writer.write_all(text.as_bytes()).ok()?;
    }
}
