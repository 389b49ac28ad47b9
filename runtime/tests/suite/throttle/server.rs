//! A server that counts calls in windows, and functions that call it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::throttle::Paced;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, RetryPolicy};

use crate::common::FIND;

/// Counts calls in windows of ten seconds, and responds with 429 beyond the limit.
#[derive(Clone, Debug)]
pub struct Enforcing {
    pub clock: VirtualClock,
    pub limit: u32,
    /// The number of calls of another program for each of ours.
    pub others: u32,
    /// Whether responses have the rate limit headers.
    pub headers: bool,
    /// Whether 429 responses have `Retry-After`.
    pub retry_after: bool,
    /// The difference of the server's clock in seconds. If there is one, responses have `Date`.
    pub skew: i64,
    /// The latency in each direction, by the number of the call.
    pub latency: fn(u32) -> Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    window: u64,
    used: u32,
    calls: u32,
    refused: u32,
    order: Vec<String>,
}

impl Enforcing {
    pub fn new(clock: &VirtualClock, limit: u32) -> Self {
        Self {
            clock: clock.clone(),
            limit,
            others: 0,
            headers: true,
            retry_after: false,
            skew: 0,
            latency: |_| Duration::from_millis(50),
            state: Arc::default(),
        }
    }

    fn answer(&self) -> http::Response<Body> {
        let mut state = self.state.lock().unwrap();
        let now = self.clock.unix_time().as_secs().saturating_add_signed(self.skew);
        if state.window != now / 10 {
            state.window = now / 10;
            state.used = 0;
        }
        state.used = (state.used + self.others).min(self.limit);
        let status = if state.used < self.limit {
            state.used += 1;
            200
        } else {
            state.refused += 1;
            429
        };
        let end = (state.window + 1) * 10;
        let mut answer = http::Response::builder().status(status);
        if self.headers {
            answer = answer
                .header("x-ratelimit-limit", self.limit)
                .header("x-ratelimit-remaining", self.limit - state.used)
                .header("x-ratelimit-reset", end);
        }
        if self.retry_after && status == 429 {
            answer = answer.header("retry-after", end - now);
        }
        if self.skew != 0 {
            answer = answer.header("date", date(now));
        }
        answer.body("{}".into()).unwrap()
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_version("2.15", "test/1.0")
            .token("t")
            .transport(self.clone())
            .clock(self.clock.clone())
            .throttle(Paced::new())
            .retry(RetryPolicy::never())
            .timeout(None)
            .attempt_timeout(None)
    }

    /// Makes `calls` calls in each of `tasks` tasks with one client. Returns the elapsed time.
    pub async fn load(&self, tasks: u32, calls: u32) -> Duration {
        self.load_with(self.client(), tasks, calls).await
    }

    pub async fn load_with(&self, client: Client, tasks: u32, calls: u32) -> Duration {
        let begun = self.clock.now();
        let tasks: Vec<_> = (0..tasks)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    for _ in 0..calls {
                        // The server counts the calls that it refuses.
                        let _ = call(&client, 1).send_empty().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        self.clock.now() - begun
    }

    pub fn refused(&self) -> u32 {
        self.state.lock().unwrap().refused
    }

    /// The number of received requests, including refused ones.
    pub fn calls(&self) -> u32 {
        self.state.lock().unwrap().calls
    }

    /// The paths of the requests, in the order in which they were sent.
    pub fn order(&self) -> Vec<String> {
        self.state.lock().unwrap().order.clone()
    }
}

impl Transport for Enforcing {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let latency = {
                let mut state = self.state.lock().unwrap();
                state.calls += 1;
                state.order.push(request.uri().path().to_owned());
                (self.latency)(state.calls - 1)
            };
            self.clock.sleep(latency).await;
            let answer = self.answer();
            self.clock.sleep(latency).await;
            Ok(answer)
        })
    }
}

pub fn call(client: &Client, id: u32) -> Call {
    let mut call = Call::new(client, &FIND);
    call.path("contact_id", id);
    call
}

/// A time on 14 or 15 November 2023 as an HTTP date. The virtual clock starts at 22:13:20 on the 14th.
fn date(unix: u64) -> String {
    let (day, second) = (unix / 86_400 - 19_675, unix % 86_400);
    let name = ["Tue", "Wed"][day as usize];
    format!("{name}, {:02} Nov 2023 {:02}:{:02}:{:02} GMT", 14 + day, second / 3_600, second / 60 % 60, second % 60)
}
