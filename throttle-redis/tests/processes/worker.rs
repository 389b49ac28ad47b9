//! The worker processes, each of which calls as often as its throttle allows, and the code that starts and stops them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint};
use intercom_throttle_redis::{Options, RedisThrottle};

use crate::redis_server::RedisServer;
use crate::{LIMIT, PROCESSES, WINDOW};

const ROLE: &str = "THROTTLE_WORKER_REDIS";
const TASKS: usize = 40;

static ME: Endpoint = Endpoint::new("admins.identify", http::Method::GET, "/me").version("2.15");

pub fn is_worker() -> bool {
    std::env::var_os(ROLE).is_some()
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

/// Writes the time of each request to stdout, and responds 20 milliseconds later.
#[derive(Debug)]
struct Recorder;

impl Transport for Recorder {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        println!("{}", now().as_micros());
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let response = http::Response::builder().header("x-ratelimit-limit", LIMIT).body(Body::from("{}"));
            Ok(response.unwrap())
        })
    }
}

/// The main function of a worker: sends calls until its stdin is closed.
pub fn run() {
    tracing::subscriber::set_global_default(Lines).unwrap();
    let options = Options::new().window(WINDOW).limit(LIMIT).local_share(1.0 / f64::from(PROCESSES));
    let throttle = RedisThrottle::open(&std::env::var(ROLE).unwrap(), "app", options).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client: Client = ClientBuilder::for_version("2.15", "test/1.0")
        .token("t")
        .transport(Recorder)
        .throttle(throttle)
        .build()
        .unwrap();
    for _ in 0..TASKS {
        let client = client.clone();
        runtime.spawn(async move {
            loop {
                let _ = Call::new(&client, &ME).send_empty().await;
            }
        });
    }
    let (end, ended) = tokio::sync::oneshot::channel();
    spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = end.send(());
    });
    let _ = runtime.block_on(ended);
    // Calls that are in flight when the test ends do not matter.
    let _ = std::io::stdout().flush();
    std::process::exit(0);
}

/// Writes log events to stderr, one line each.
struct Lines;

impl tracing::Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO && metadata.target() == "intercom::throttle"
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Text(String);
        impl tracing::field::Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!(" {field}={value:?}"));
            }
        }
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        eprintln!("{}", text.0);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// The workers of a test.
pub struct Workers {
    begun: Duration,
    workers: Vec<Worker>,
}

/// A process, and the threads that read its output: the times of its calls, and its log.
type Worker = (Child, JoinHandle<Vec<Duration>>, JoinHandle<Vec<String>>);

impl Workers {
    pub fn start(redis: &RedisServer, count: u32) -> Self {
        let begun = now();
        let start = |_| {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .env(ROLE, redis.url())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let (times, lines) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
            let times = spawn(move || {
                let times = BufReader::new(times).lines().map_while(Result::ok);
                times.filter_map(|line| Duration::from_micros(line.parse().ok()?).checked_sub(begun)).collect()
            });
            let lines = spawn(move || BufReader::new(lines).lines().map_while(Result::ok).collect());
            (child, times, lines)
        };
        Self { begun, workers: (0..count).map(start).collect() }
    }

    /// Waits until `time` has passed since the start.
    pub fn until(&self, time: Duration) {
        sleep((self.begun + time).saturating_sub(now()));
    }

    /// Kills the first worker.
    pub fn kill_one(&mut self) {
        self.workers[0].0.kill().unwrap();
    }

    /// Stops the workers. Returns the times at which each has sent its calls, since the start, and the lines of all logs.
    pub fn end(self) -> (Vec<Vec<Duration>>, Vec<String>) {
        let (mut sent, mut lines) = (Vec::new(), Vec::new());
        for (mut child, times, log) in self.workers {
            drop(child.stdin.take());
            sent.push(times.join().unwrap());
            lines.extend(log.join().unwrap());
            child.wait().unwrap();
        }
        (sent, lines)
    }
}

/// All calls in the order in which they were sent.
pub fn merged(sent: &[Vec<Duration>]) -> Vec<Duration> {
    let mut all: Vec<Duration> = sent.iter().flatten().copied().collect();
    all.sort();
    all
}
