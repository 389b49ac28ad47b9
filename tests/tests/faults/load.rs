//! Load: ten thousand calls from 64 tasks to a server that fails one call in ten, and to a server that is down.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use intercom_runtime::retry::{RetryPolicy, TokenBucket, Unlimited};
use intercom_runtime::throttle::Paced;
use intercom_runtime::{Client, Endpoint, Error, RequestOptions};
use intercom_tests::scripted::{Act, Reply, Seen, Server};

use super::{GET, POST, SEARCH, builder, call, clock, every, real_time};

const CALLS: usize = 10_000;
const TASKS: usize = 64;

/// How the server handled each call, by the id that the call sends.
#[derive(Clone, Default)]
struct Book(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    fates: HashMap<String, Vec<u16>>,
    random: u64,
    window: u64,
    used: u32,
    refused: u32,
}

/// The marker of a connection that was reset after the request was read.
const RESET: u16 = 0;
const WINDOW: Duration = Duration::from_millis(500);
const LIMIT: u32 = 2_000;

impl Book {
    /// One in ten requests fails; more than the limit in a window are refused.
    fn answer(&self, seen: &Seen, begun: Instant) -> Reply {
        let mut state = self.0.lock().unwrap();
        let window = (begun.elapsed().as_millis() / WINDOW.as_millis()) as u64;
        if window != state.window {
            state.window = window;
            state.used = 0;
        }
        state.random = state.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = state.random >> 33;
        let fate = if state.used >= LIMIT {
            state.refused += 1;
            429
        } else {
            state.used += 1;
            if random.is_multiple_of(10) { [502, 503, 504, RESET, 500, 408][(random / 10 % 6) as usize] } else { 200 }
        };
        state.fates.entry(seen.header("x-call").unwrap().to_owned()).or_default().push(fate);
        let reply = if fate == RESET { Reply::acts([Act::Reset]) } else { Reply::new(fate) };
        let left = LIMIT - state.used;
        reply.header("x-ratelimit-limit", LIMIT).header("x-ratelimit-remaining", left)
    }
}

fn endpoint(call: usize) -> &'static Endpoint {
    [&GET, &POST, &SEARCH][call % 3]
}

/// Makes all calls; the results in order.
async fn run(client: &Client) -> Vec<Result<u32, Error>> {
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut results = Vec::new();
                for number in (task..CALLS).step_by(TASKS) {
                    let mut call = call(&client, endpoint(number));
                    call.options(RequestOptions::new().header("x-call", number));
                    let result = call.send_empty().await;
                    results.push((number, result.map(|response| response.attempts())));
                }
                results
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.extend(task.await.unwrap());
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_ends_as_its_policy_says_and_nothing_is_sent_twice_that_must_not_be() {
    let book = Book::default();
    let answers = book.clone();
    let begun = Instant::now();
    let server = Server::answering(move |seen| answers.answer(seen, begun));
    let policy = RetryPolicy::new().backoff(every(1)).budget(Unlimited);
    let client = real_time(&server).retry(policy).throttle(Paced::with_window(WINDOW)).build().unwrap();
    let results = run(&client).await;
    let took = begun.elapsed();

    let state = book.0.lock().unwrap();
    assert_eq!(results.len(), CALLS);
    let (mut requests, mut succeeded) = (0, 0);
    for (number, result) in results.iter().enumerate() {
        let fates = &state.fates[&number.to_string()];
        requests += fates.len();
        let (last, earlier) = fates.split_last().unwrap();
        let repeatable = endpoint(number).idempotent;
        for fate in earlier {
            assert!(
                *fate == 429 || repeatable && matches!(*fate, 408 | 502 | 503 | 504 | RESET),
                "{number}: {fates:?}"
            );
        }
        match result {
            Ok(attempts) => {
                succeeded += 1;
                assert_eq!((*last, *attempts as usize), (200, fates.len()), "{number}");
            }
            Err(error) => {
                assert_eq!(error.attempts() as usize, fates.len(), "{number}");
                assert_eq!(error.status().map_or(RESET, |status| status.as_u16()), *last, "{number}");
                let passing = *last == 429 || repeatable && *last != 500;
                assert!(!passing || fates.len() == 3, "{number} was given up too early: {fates:?}");
            }
        }
    }
    assert_eq!(state.refused, 0, "the throttle ran into the limit");
    println!(
        "load: {CALLS} calls from {TASKS} tasks in {:.1} s: {requests} requests, {succeeded} calls succeeded, {} refused",
        took.as_secs_f64(),
        state.refused
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_budget_limits_retries_when_the_server_is_down() {
    let server = Server::answering(|_| Reply::new(503));
    let bucket = Arc::new(TokenBucket::default());
    let policy = RetryPolicy::new().budget(bucket.clone());
    let client = real_time(&server).clock(clock()).retry(policy).build().unwrap();
    let results = run(&client).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(Error::is_server_error)));
    assert_eq!(server.count(), CALLS + 100);
    assert_eq!(bucket.level(), 0);
    println!("outage: {CALLS} calls, {} requests", server.count());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_of_calls_in_flight_also_limits_connections() {
    let slow = || Reply::acts([Act::Sleep(Duration::from_millis(20)), Act::Send(Reply::new(204).head().into())]);
    for (most, connections) in [(None, 100), (Some(10), 10)] {
        let server = Server::answering(move |_| slow());
        let mut builder = real_time(&server);
        if let Some(most) = most {
            builder = builder.max_in_flight(most);
        }
        let client = builder.build().unwrap();
        let tasks: Vec<_> = (0..800).map(|_| tokio::spawn(call(&client, &GET).send_empty())).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        // The server also counts a connection that is opened while another becomes free.
        assert!(server.accepted() < 2 * connections, "{} connections", server.accepted());
    }
}

#[tokio::test]
async fn calls_dropped_between_attempts_give_their_budget_back() {
    let server = Server::answering(|_| Reply::new(503));
    let bucket = Arc::new(TokenBucket::new(20));
    let policy = RetryPolicy::new().backoff(every(60_000)).budget(bucket.clone());
    let client = real_time(&server).retry(policy).build().unwrap();
    let waiting: Vec<_> = (0..20).map(|_| tokio::spawn(call(&client, &GET).send_empty())).collect();
    while bucket.level() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for call in waiting {
        call.abort();
        assert!(call.await.is_err());
    }
    assert_eq!(bucket.level(), 20);
}

#[tokio::test]
async fn calls_dropped_during_their_retries_have_spent_their_cost() {
    let failed = Arc::new(AtomicUsize::new(0));
    let server = Server::answering(move |_| match failed.fetch_add(1, Ordering::Relaxed) {
        0..20 => Reply::new(503),
        _ => Reply::acts([Act::Hang]),
    });
    let bucket = Arc::new(TokenBucket::new(30));
    let policy = RetryPolicy::new().backoff(every(0)).budget(bucket.clone());
    let client = real_time(&server).retry(policy).build().unwrap();
    let retried: Vec<_> = (0..20).map(|_| tokio::spawn(call(&client, &GET).send_empty())).collect();
    while server.count() < 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for call in retried {
        call.abort();
        assert!(call.await.is_err());
    }
    assert_eq!(bucket.level(), 10);
}

#[tokio::test]
async fn retries_after_the_same_retry_after_are_spread_over_time() {
    let begun = Instant::now();
    let back = Arc::new(Mutex::new(Vec::new()));
    let times = back.clone();
    let server = Server::answering(move |_| {
        let mut times: std::sync::MutexGuard<'_, Vec<Duration>> = times.lock().unwrap();
        times.push(begun.elapsed());
        if times.len() <= 300 { Reply::new(429).header("retry-after", 1) } else { Reply::new(204) }
    });
    let client = builder(&server).max_in_flight(None).build().unwrap();
    let calls: Vec<_> = (0..300).map(|_| tokio::spawn(call(&client, &GET).send_empty())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let back = &back.lock().unwrap()[300..];
    let most = back.iter().map(|first| {
        back.iter().filter(|time| **time >= *first && **time - *first <= Duration::from_millis(100)).count()
    });
    let most = most.max().unwrap();
    assert!(most < 150, "{most} of 300 came back within 100 ms");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_refills_the_budget() {
    let down = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let switch = down.clone();
    let server = Server::answering(move |_| {
        Reply::new(if switch.load(std::sync::atomic::Ordering::SeqCst) { 503 } else { 204 })
    });
    let bucket = Arc::new(TokenBucket::new(2));
    let policy = RetryPolicy::new().budget(bucket.clone());
    let client = real_time(&server).clock(clock()).retry(policy).build().unwrap();
    let call = || call(&client, &GET).send_empty();
    for _ in 0..5 {
        call().await.unwrap_err();
    }
    assert_eq!(bucket.level(), 0);
    down.store(false, std::sync::atomic::Ordering::SeqCst);
    for _ in 0..10 {
        call().await.unwrap();
    }
    assert_eq!(bucket.level(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_on_real_time_is_never_overrun() {
    for limit in [20_u32, 100] {
        let begun = Instant::now();
        let state = Arc::new(Mutex::new((0_u128, 0_u32, 0_u32)));
        let shared = state.clone();
        let server = Server::answering(move |_| {
            let mut state = shared.lock().unwrap();
            let window = begun.elapsed().as_millis() / WINDOW.as_millis();
            if state.0 != window {
                *state = (window, 0, state.2);
            }
            state.1 += 1;
            let refused = state.1 > limit;
            state.2 += u32::from(refused);
            let left = limit.saturating_sub(state.1);
            let reply = Reply::new(if refused { 429 } else { 204 });
            reply.header("x-ratelimit-limit", limit).header("x-ratelimit-remaining", left)
        });
        let client =
            real_time(&server).retry(RetryPolicy::never()).throttle(Paced::with_window(WINDOW)).build().unwrap();
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let call = call(&client, &GET);
                tokio::spawn(async move { call.send_empty().await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(state.lock().unwrap().2, 0);
        println!("throttle: {TASKS} calls at {limit} in {WINDOW:?} took {:.1} s", begun.elapsed().as_secs_f64());
    }
}
