//! A server on loopback that does what a test scripts, byte by byte where that is wanted.
//!
//! It is made of threads and plain sockets: no HTTP library stands between the script and the wire, and nothing of it
//! runs on the runtime of the client under test. Everything that it saw can be asked for afterwards.

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
    /// Answers what the script does not.
    otherwise: Option<Box<Answer>>,
    seen: Mutex<Vec<Seen>>,
    /// What came that was not a request.
    noise: Mutex<Vec<u8>>,
    accepted: AtomicUsize,
    open: AtomicUsize,
    sent: AtomicU64,
    stop: AtomicBool,
}

impl Server {
    /// Answers requests in the order in which they come. What the script does not cover gets a 599.
    pub fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        Self::listen(script.into_iter().collect(), None)
    }

    /// Answers every request by `answer`.
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
            noise: Mutex::default(),
            accepted: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            sent: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        });
        let accepting = shared.clone();
        thread::spawn(move || accepting.accept(&listener));
        Self { address, shared }
    }

    /// A port of this machine on which nobody listens, for the moment.
    pub fn nobody() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        listener.unwrap_or_else(|error| panic!("no loopback socket: {error}"))
    }

    /// Starts on `address` after `delay`; what came of it is not asked for.
    pub fn start_later(address: SocketAddr, delay: Duration, script: Vec<Reply>) -> thread::JoinHandle<Self> {
        thread::spawn(move || {
            thread::sleep(delay);
            let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("{address} is taken: {error}"));
            Self::on(listener, script.into(), None)
        })
    }

    /// The address as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that came, whole, in order.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// How many requests came.
    pub fn count(&self) -> usize {
        lock(&self.shared.seen).len()
    }

    /// What came that was not a request.
    pub fn noise(&self) -> Vec<u8> {
        lock(&self.shared.noise).clone()
    }

    /// Connections that were accepted.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Bytes that the client's side of the connections took.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
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
                // A client that goes away is what many tests are about.
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
                    lock(&self.noise).extend(noise);
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

    /// Whether the connection is still good for another request.
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
                    // Closing with unsent data thrown away is what sends a reset.
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

/// Reads until the other side closes, a minute at most.
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
