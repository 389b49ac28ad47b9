//! A loopback server that responds as a test scripts it, down to single bytes.
//!
//! It uses threads and plain sockets: there is no HTTP library between the script and the wire, and it does not run on the runtime of
//! the client under test. It records all requests.

mod reply;
mod request;

pub use reply::{Act, Reply};
pub use request::Seen;

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// A scripted server. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

type Answer = dyn Fn(&Seen) -> Reply + Send + Sync;

struct Shared {
    script: Mutex<VecDeque<Reply>>,
    /// Responds to requests after the end of the script.
    otherwise: Option<Box<Answer>>,
    seen: Mutex<Vec<Seen>>,
    /// Received data that are not a request.
    other_bytes: Mutex<Vec<u8>>,
    accepted: AtomicUsize,
    open: AtomicUsize,
    sent: AtomicU64,
    stop: AtomicBool,
}

impl Server {
    /// Starts a server that sends these replies in order. Further requests get status 599.
    pub fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        Self::listen(script.into_iter().collect(), None)
    }

    /// Starts a server that responds to every request by `answer`.
    pub fn answering(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(VecDeque::new(), Some(Box::new(answer)))
    }

    fn listen(script: VecDeque<Reply>, otherwise: Option<Box<Answer>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no loopback socket: {error}"));
        Self::on(listener, script, otherwise)
    }

    fn on(listener: TcpListener, script: VecDeque<Reply>, otherwise: Option<Box<Answer>>) -> Self {
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no address: {error}"));
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            otherwise,
            seen: Mutex::default(),
            other_bytes: Mutex::default(),
            accepted: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            sent: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        });
        let accepting = shared.clone();
        thread::spawn(move || accepting.accept(&listener));
        Self { address, shared }
    }

    /// An address on which nothing listens at the moment.
    pub fn unused_address() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        listener.unwrap_or_else(|error| panic!("no loopback socket: {error}"))
    }

    /// Starts a server on `address` after `delay`.
    pub fn start_later(address: SocketAddr, delay: Duration, script: Vec<Reply>) -> thread::JoinHandle<Self> {
        thread::spawn(move || {
            thread::sleep(delay);
            let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("{address} is taken: {error}"));
            Self::on(listener, script.into(), None)
        })
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The complete requests that were received, in order.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// The number of complete requests that were received.
    pub fn count(&self) -> usize {
        lock(&self.shared.seen).len()
    }

    /// Received data that are not a request.
    pub fn other_bytes(&self) -> Vec<u8> {
        lock(&self.shared.other_bytes).clone()
    }

    /// The number of accepted connections.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// The number of bytes that were sent to clients.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// The number of open connections.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for socket in listener.incoming() {
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            let Ok(socket) = socket else { continue };
            self.accepted.fetch_add(1, Ordering::SeqCst);
            self.open.fetch_add(1, Ordering::SeqCst);
            let shared = self.clone();
            thread::spawn(move || {
                // Many tests are about clients that close the connection, so this is not an error.
                let _ = shared.serve(socket);
                shared.open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    }

    fn serve(&self, mut socket: TcpStream) -> io::Result<()> {
        socket.set_nodelay(true)?;
        let first = {
            let mut script = lock(&self.script);
            if script.front().is_some_and(|reply| reply.at_accept) { script.pop_front() } else { None }
        };
        if let Some(reply) = first {
            return self.play(&mut socket, &reply).map(|_| ());
        }
        let mut reader = BufReader::new(socket.try_clone()?);
        loop {
            let seen = match request::read(&mut reader)? {
                Ok(seen) => seen,
                Err(noise) => {
                    lock(&self.other_bytes).extend(noise);
                    return Ok(());
                }
            };
            let reply = lock(&self.script).pop_front();
            let reply = match (reply, &self.otherwise) {
                (Some(reply), _) => reply,
                (None, Some(answer)) => answer(&seen),
                (None, None) => Reply::new(599).body("not in the script"),
            };
            lock(&self.seen).push(seen);
            if !self.play(&mut socket, &reply)? {
                return Ok(());
            }
        }
    }

    /// Takes the steps of a reply. Returns whether the connection can be used for another request.
    fn play(&self, socket: &mut TcpStream, reply: &Reply) -> io::Result<bool> {
        for act in reply.acts_in_order() {
            match act {
                Act::Send(bytes) => self.send(socket, &bytes)?,
                Act::Repeat { bytes, times } => {
                    for _ in 0..times {
                        self.send(socket, &bytes)?;
                    }
                }
                Act::Drip { bytes, size, every } => {
                    for piece in bytes.chunks(size.max(1)) {
                        thread::sleep(every);
                        self.send(socket, piece)?;
                    }
                }
                Act::Sleep(time) => thread::sleep(time),
                Act::Reset => {
                    // With a linger time of zero, closing the socket sends a reset.
                    socket2::SockRef::from(&*socket).set_linger(Some(Duration::ZERO))?;
                    return Ok(false);
                }
                Act::Close => {
                    socket.shutdown(Shutdown::Write)?;
                    drain(socket);
                    return Ok(false);
                }
                Act::Hang => {
                    drain(socket);
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn send(&self, socket: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
        socket.write_all(bytes)?;
        self.sent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        Ok(())
    }
}

/// Reads until the client closes the connection, or sends nothing for a minute.
fn drain(socket: &mut TcpStream) {
    let mut buffer = [0; 4096];
    if socket.set_read_timeout(Some(Duration::from_secs(60))).is_ok() {
        while matches!(socket.read(&mut buffer), Ok(count) if count > 0) {}
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("accepted", &self.accepted).finish_non_exhaustive()
    }
}
