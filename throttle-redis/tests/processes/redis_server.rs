//! A Redis server for a test, on a free port and without persistence.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

pub struct RedisServer {
    port: u16,
    process: Child,
}

pub fn is_installed() -> bool {
    Command::new("redis-server").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

impl RedisServer {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { port, process: Self::run(port) }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts the server again on the same port, with empty memory.
    pub fn start_again(&mut self) {
        self.process = Self::run(self.port);
    }

    /// Suspends the process without closing its connections, or resumes it.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").arg(signal).arg(self.process.id().to_string()).status().unwrap().success());
    }

    fn run(port: u16) -> Child {
        let mut process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return process;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = process.kill().and_then(|()| process.wait());
        panic!("redis-server does not listen on port {port}");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.freeze(false);
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
