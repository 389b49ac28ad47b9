//! Settings of a server.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_catalog::LoadError;
use intercom_runtime::clock::VirtualClock;
use tokio::sync::{Notify, oneshot};

use crate::engine::{self, Store};
use crate::faults::Faults;
use crate::handle::{OnCall, Shared, State};
use crate::limits::{self, Limit};
use crate::recorded::RecordedCall;
use crate::server::Server;
use crate::time::Time;
use crate::{model, serve};

/// Settings of a [`Server`], to be chosen before it starts.
#[must_use = "a builder does nothing until `start` is called"]
pub struct ServerBuilder {
    version: String,
    address: SocketAddr,
    token: Option<String>,
    limit: Option<(u32, Duration)>,
    latency: Option<Duration>,
    chance: f64,
    seed: u64,
    kept: usize,
    search_delay: Duration,
    make_missing: bool,
    real_time: bool,
    threads: usize,
    on_call: Option<OnCall>,
}

impl ServerBuilder {
    pub(crate) fn new(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            token: None,
            limit: None,
            latency: None,
            chance: 0.0,
            seed: 0,
            kept: 10_000,
            search_delay: Duration::ZERO,
            make_missing: false,
            real_time: false,
            threads: 1,
            on_call: None,
        }
    }

    /// Listens on this port; without it, on any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Listens on this address, such as `0.0.0.0` in a container.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address.set_ip(address);
        self
    }

    /// Accepts this token only. Without it, any token is accepted, but there has to be one.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Refuses calls above `calls` in each window, of one millisecond at least, with status 429. Without it, the headers tell the
    /// limit of the API, and no call is refused.
    pub fn rate_limit(mut self, calls: u32, window: Duration) -> Self {
        self.limit = Some((calls, window));
        self
    }

    /// Waits before every answer. This takes real time.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// Sets the probability, in `0.0..=1.0`, that a call without a planned fault fails with 500 or 503. The same seed gives the
    /// same failures.
    pub fn fail_at_random(mut self, chance: f64, seed: u64) -> Self {
        (self.chance, self.seed) = (chance, seed);
        self
    }

    /// Keeps at least this many of the latest calls for assertions, and at most twice as many; 10,000 by default.
    pub fn keep_calls(mut self, calls: usize) -> Self {
        self.kept = calls.max(1);
        self
    }

    /// Lets searches find an item only this long after it was created or changed, by the server's clock, which counts whole seconds:
    /// Intercom's do not find it at once.
    pub fn search_delay(mut self, delay: Duration) -> Self {
        self.search_delay = delay;
        self
    }

    /// Creates an item, from the example of the description, when a call names one that does not exist. Without it, such a
    /// call gets 404.
    pub fn make_missing_items(mut self) -> Self {
        self.make_missing = true;
        self
    }

    /// Takes the time from the machine, as a program that runs for long does. Without it, the clock stands still until a
    /// test or a client's wait moves it.
    pub fn real_time(mut self) -> Self {
        self.real_time = true;
        self
    }

    /// Serves with this many threads; one by default.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Calls `listen` with each call once its answer is decided, before it is sent.
    pub fn on_call(mut self, listen: impl Fn(&RecordedCall) + Send + Sync + 'static) -> Self {
        self.on_call = Some(Box::new(listen));
        self
    }

    /// Starts the server on a thread of its own, so that it also answers while a test blocks.
    ///
    /// # Errors
    /// Where the version does not exist, the server cannot listen on the address, or its thread cannot be started.
    pub fn start(self) -> Result<Server, StartError> {
        let model = model::of(&self.version).map_err(StartError::version)?;
        let listener = TcpListener::bind(self.address).map_err(|error| StartError::address(self.address, error))?;
        listener.set_nonblocking(true).map_err(|error| StartError::address(self.address, error))?;
        let address = listener.local_addr().map_err(|error| StartError::address(self.address, error))?;
        let clock = VirtualClock::default();
        let time = if self.real_time { Time::System } else { Time::Virtual(clock.clone()) };
        let mut store = Store::default();
        engine::seed(&mut store, &model.collections, time.now().as_secs());
        let state = State {
            limit: Limit::new(self.limit.unwrap_or(limits::DEFAULT), self.limit.is_some()),
            faults: Faults::new(self.chance, self.seed),
            calls: Vec::new(),
            requests: 0,
            store,
            search_delay: self.search_delay,
            subscription: None,
            deliveries: Vec::new(),
            notifications: 0,
            on_the_way: 0,
        };
        let mut runtime = if self.threads == 1 {
            tokio::runtime::Builder::new_current_thread()
        } else {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            runtime.worker_threads(self.threads);
            runtime
        };
        let runtime = runtime.enable_all().build().map_err(StartError::thread)?;
        let shared = Arc::new(Shared {
            model,
            token: self.token.clone(),
            time,
            latency: self.latency,
            make_missing: self.make_missing,
            kept: self.kept,
            on_call: self.on_call,
            runtime: runtime.handle().clone(),
            delivered: Notify::new(),
            state: Mutex::new(state),
        });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("intercom-mock".to_owned());
        let thread = thread.spawn(move || runtime.block_on(serve::run(listener, served, stopped)));
        let thread = thread.map_err(StartError::thread)?;
        Ok(Server::new(address, clock, self.token, shared, stop, thread))
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("version", &self.version)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Why a server does not start.
#[derive(Debug)]
pub struct StartError(Kind);

#[derive(Debug)]
enum Kind {
    Version(LoadError),
    Address(SocketAddr, std::io::Error),
    Thread(std::io::Error),
}

impl StartError {
    fn version(error: LoadError) -> Self {
        Self(Kind::Version(error))
    }

    fn address(address: SocketAddr, error: std::io::Error) -> Self {
        Self(Kind::Address(address, error))
    }

    fn thread(error: std::io::Error) -> Self {
        Self(Kind::Thread(error))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Version(error) => error.fmt(f),
            Kind::Address(address, error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                write!(f, "port {} is already in use; choose another port", address.port())
            }
            Kind::Address(address, error) => write!(f, "the server cannot listen on {address}: {error}"),
            Kind::Thread(error) => write!(f, "the server's thread cannot be started: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Version(error) => Some(error),
            Kind::Address(_, error) | Kind::Thread(error) => Some(error),
        }
    }
}
