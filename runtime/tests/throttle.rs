//! The throttle against a server that counts calls in windows. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::FIND;
use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::throttle::Paced;
use intercom_runtime::transport::{Body, BoxFuture, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, RetryPolicy};

/// Counts calls in windows of ten seconds and answers 429 beyond the limit. `others` calls of somebody else come with
/// each of ours.
#[derive(Clone, Debug)]
struct Enforcing {
    clock: VirtualClock,
    limit: u32,
    others: u32,
    headers: bool,
    latency: fn(u32) -> Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    window: u64,
    used: u32,
    calls: u32,
    refused: u32,
    largest: u32,
}

impl Enforcing {
    fn new(clock: &VirtualClock, limit: u32) -> Self {
        let latency = |_| Duration::from_millis(50);
        Self { clock: clock.clone(), limit, others: 0, headers: true, latency, state: Arc::default() }
    }

    fn answer(&self) -> http::Response<Body> {
        let mut state = self.state.lock().unwrap();
        let now = self.clock.unix_time().as_secs();
        if state.window != now / 10 {
            state.window = now / 10;
            state.used = 0;
        }
        state.calls += 1;
        state.used = (state.used + self.others).min(self.limit);
        let status = if state.used < self.limit {
            state.used += 1;
            200
        } else {
            state.refused += 1;
            429
        };
        state.largest = state.largest.max(state.used);
        let mut answer = http::Response::builder().status(status);
        if self.headers {
            answer = answer
                .header("x-ratelimit-limit", self.limit)
                .header("x-ratelimit-remaining", self.limit - state.used)
                .header("x-ratelimit-reset", (state.window + 1) * 10);
        }
        answer.body("{}".into()).unwrap()
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_version("2.15", "test/1.0")
            .token("t")
            .transport(self.clone())
            .clock(self.clock.clone())
            .throttle(Paced::new())
            .retry(RetryPolicy::never())
            .timeout(None)
            .attempt_timeout(None)
    }

    /// Makes `calls` from each of `tasks` tasks on one client; the time that they took.
    async fn load(&self, tasks: u32, calls: u32) -> Duration {
        self.load_with(self.client(), tasks, calls).await
    }

    async fn load_with(&self, client: Client, tasks: u32, calls: u32) -> Duration {
        let begun = self.clock.now();
        let tasks: Vec<_> = (0..tasks)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    for _ in 0..calls {
                        let mut call = Call::new(&client, &FIND);
                        call.path("contact_id", 1);
                        // A refusal is counted by the server.
                        let _ = call.send_empty().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        self.clock.now() - begun
    }

    fn refused(&self) -> u32 {
        self.state.lock().unwrap().refused
    }
}

impl Transport for Enforcing {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let latency = (self.latency)(self.state.lock().unwrap().calls);
            self.clock.sleep(latency).await;
            let answer = self.answer();
            self.clock.sleep(latency).await;
            Ok(answer)
        })
    }
}

#[tokio::test]
async fn many_tasks_never_draw_a_429_and_use_most_of_the_limit() {
    for (limit, tasks, calls) in [(1, 3, 2), (2, 3, 3), (10, 8, 5), (83, 50, 10), (1_666, 64, 60)] {
        let clock = VirtualClock::default();
        let server = Enforcing::new(&clock, limit);
        let took = server.load(tasks, calls).await;
        assert_eq!(server.refused(), 0, "limit {limit}");
        let best = Duration::from_secs(10) * (tasks * calls) / limit;
        if limit > 2 {
            assert!(took < best * 2 + Duration::from_secs(15), "limit {limit}: {took:?} against {best:?}");
        }
    }
}

#[tokio::test]
async fn uneven_latency_does_not_push_calls_into_a_full_window() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 166);
    server.latency = |call| Duration::from_millis(u64::from(call * 37 % 400));
    server.load(64, 20).await;
    assert_eq!(server.refused(), 0);
}

/// A clock whose waits end at every third second only, all together: a machine that is short of time.
#[derive(Debug)]
struct Coarse(VirtualClock);

impl Clock for Coarse {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn unix_time(&self) -> Duration {
        self.0.unix_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let end = (self.now() + duration).as_secs_f64() / 3.0;
        self.0.sleep(Duration::from_secs_f64(end.ceil() * 3.0).saturating_sub(self.now()))
    }
}

#[tokio::test]
async fn wake_ups_that_come_late_and_together_do_not_fill_a_window() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 100);
    server.load_with(server.builder().clock(Coarse(clock.clone())).build().unwrap(), 64, 10).await;
    assert_eq!(server.refused(), 0);
}

#[tokio::test]
async fn room_is_left_for_others() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 200);
    server.others = 3;
    server.load(16, 20).await;
    assert_eq!(server.refused(), 0);
}

#[tokio::test]
async fn without_headers_the_published_limit_holds() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 1_666);
    server.headers = false;
    server.load(64, 60).await;
    assert_eq!(server.refused(), 0);
}

#[tokio::test]
async fn abandoned_calls_leave_the_throttle_usable() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 10);
    let client = server.client();
    let call = || {
        let mut call = Call::new(&client, &FIND);
        call.path("contact_id", 1);
        call
    };
    // The first call is alone until it is answered; it is dropped on its way, and so is one that waits for it.
    let mut first = Box::pin(call().send_empty());
    let mut second = Box::pin(call().send_empty());
    std::future::poll_fn(|cx| {
        assert!(first.as_mut().poll(cx).is_pending() && second.as_mut().poll(cx).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    drop(first);
    drop(second);
    call().send_empty().await.unwrap();
}
