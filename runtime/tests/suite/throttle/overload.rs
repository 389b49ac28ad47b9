//! Overload: more calls than the limit allows, calls that are dropped while they wait, and servers without rate limit headers.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::throttle::{AcquireRequest, Paced, Throttle};
use intercom_runtime::{Client, RequestOptions, RetryPolicy};

use super::server::{Enforcing, call};

const SECOND: Duration = Duration::from_secs(1);

/// The numbers of calls that succeeded and failed.
#[derive(Default)]
struct Outcome {
    succeeded: AtomicU32,
    failed: AtomicU32,
}

impl Outcome {
    fn take(&self) -> (u32, u32) {
        (self.succeeded.swap(0, Ordering::SeqCst), self.failed.swap(0, Ordering::SeqCst))
    }
}

/// Makes `rate` calls per second for `time`, without waiting for their results.
async fn arrive(client: &Client, clock: &VirtualClock, rate: u32, time: Duration, outcome: &Arc<Outcome>) {
    let end = clock.now() + time;
    while clock.now() < end {
        let (pending, outcome) = (call(client, 1).send_empty(), outcome.clone());
        tokio::spawn(async move {
            let counter = if pending.await.is_ok() { &outcome.succeeded } else { &outcome.failed };
            counter.fetch_add(1, Ordering::SeqCst);
        });
        clock.sleep(SECOND / rate).await;
    }
}

#[tokio::test]
async fn under_overload_most_of_the_limit_is_used_and_calls_succeed_again_after_it() {
    for rate in [12, 20] {
        let clock = VirtualClock::default();
        let server = Enforcing::new(&clock, 100);
        let client = server.builder().timeout(30 * SECOND).attempt_timeout(10 * SECOND).build().unwrap();
        let outcome = Arc::default();
        arrive(&client, &clock, rate, 900 * SECOND, &outcome).await;
        let (succeeded, failed) = outcome.take();
        assert!(succeeded >= 9_000 * 9 / 10, "{succeeded} of 9,000 calls that the limit allows, at {rate} a second");
        assert_eq!(server.refused(), 0);
        assert!(failed > 0, "all calls at {rate} a second went through a limit of 10 a second");

        arrive(&client, &clock, 1, 10 * SECOND, &outcome).await;
        clock.sleep(31 * SECOND).await;
        outcome.take();
        arrive(&client, &clock, 1, 60 * SECOND, &outcome).await;
        clock.sleep(31 * SECOND).await;
        assert_eq!(outcome.take(), (60, 0), "after an overload of {rate} a second");
        println!("throttle: at {rate} calls a second {succeeded} of 9,000 got through, {failed} failed");
    }
}

#[tokio::test]
async fn all_calls_succeed_one_window_after_an_overload() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 100);
    let client = server.builder().timeout(30 * SECOND).build().unwrap();
    let (overload, after) = (Arc::default(), Arc::default());
    arrive(&client, &clock, 20, 120 * SECOND, &overload).await;
    clock.sleep(10 * SECOND).await;
    arrive(&client, &clock, 1, 60 * SECOND, &after).await;
    clock.sleep(31 * SECOND).await;
    assert_eq!(after.take(), (60, 0));
}

#[tokio::test]
async fn two_thousand_dropped_calls_do_not_delay_the_next() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 100);
    let client = server.client();
    call(&client, 1).send_empty().await.unwrap();
    let mut waiting: Vec<_> = (0..2_000).map(|_| call(&client, 1).send_empty()).collect();
    poll_fn(|cx| {
        waiting.retain_mut(|pending| Pin::new(pending).poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    assert!(waiting.len() >= 1_900);
    drop(waiting);
    let begun = clock.now();
    call(&client, 1).send_empty().await.unwrap();
    assert!(clock.now() - begun < SECOND, "{:?}", clock.now() - begun);
}

#[tokio::test]
async fn a_call_dropped_before_its_answer_leaves_the_throttle_usable() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 10);
    let client = server.client();
    let (mut first, mut second) = (call(&client, 1).send_empty(), call(&client, 1).send_empty());
    poll_fn(|cx| {
        assert!(Pin::new(&mut first).poll(cx).is_pending() && Pin::new(&mut second).poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    drop(first);
    drop(second);
    call(&client, 1).send_empty().await.unwrap();
}

/// A waker whose clones are counted through its `Arc`.
struct Counted;

impl Wake for Counted {
    fn wake(self: Arc<Self>) {}
}

#[tokio::test]
async fn a_call_that_is_polled_repeatedly_keeps_one_waker() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 1);
    let client = server.builder().timeout(600 * SECOND).build().unwrap();
    call(&client, 1).send_empty().await.unwrap();
    // The first of the two calls sleeps; the second one waits behind it.
    let mut waiting = [call(&client, 1).send_empty(), call(&client, 1).send_empty()];
    let counted = Arc::new(Counted);
    let waker = Waker::from(counted.clone());
    let mut cx = Context::from_waker(&waker);
    for _ in 0..20 {
        for pending in &mut waiting {
            assert!(Pin::new(pending).poll(&mut cx).is_pending());
        }
    }
    let held = Arc::strong_count(&counted);
    for _ in 0..20_000 {
        assert!(Pin::new(&mut waiting[1]).poll(&mut cx).is_pending());
    }
    assert!(Arc::strong_count(&counted) <= held, "{} wakers are held", Arc::strong_count(&counted));
}

#[tokio::test]
async fn calls_are_sent_in_the_order_in_which_they_were_made() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 20);
    let client = server.client();
    let tasks: Vec<_> = (0..50).map(|id| tokio::spawn(call(&client, id).send_empty())).collect();
    for (id, task) in tasks.into_iter().enumerate() {
        // Every third call is dropped while it waits.
        if id % 3 == 1 {
            task.abort();
        } else {
            task.await.unwrap().unwrap();
        }
    }
    let order: Vec<u32> =
        server.order().iter().map(|path| path.trim_start_matches("/contacts/").parse().unwrap()).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn a_call_that_cannot_be_sent_before_its_deadline_fails_at_once() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 10);
    let client = server.client();
    call(&client, 1).send_empty().await.unwrap();
    let waiting: Vec<_> = (0..20).map(|_| tokio::spawn(call(&client, 1).send_empty())).collect();
    tokio::task::yield_now().await;
    let (begun, sent) = (clock.now(), server.calls());
    let mut hurried = call(&client, 2);
    hurried.options(RequestOptions::new().timeout(5 * SECOND));
    let error = hurried.send_empty().await.unwrap_err();
    assert!(error.is_throttled() && error.is_timeout(), "{error:?}");
    assert_eq!((error.attempts(), clock.now() - begun, server.calls()), (0, Duration::ZERO, sent));
    assert_eq!(error.to_string(), "contacts.find: the rate limit does not allow the call before its deadline");
    for task in waiting {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_pause_fails_the_calls_whose_deadline_is_before_its_end() {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::default());
    let throttle = Paced::new();
    let mut waiting: Vec<_> =
        (0..20).map(|_| throttle.acquire(AcquireRequest::new(&clock).latest(clock.now() + 20 * SECOND))).collect();
    poll_fn(|cx| {
        waiting.retain_mut(|turn| turn.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    let mut seen = intercom_runtime::throttle::Observation::new(http::StatusCode::TOO_MANY_REQUESTS, clock.unix_time());
    seen.refused = true;
    seen.retry_after = Some(60 * SECOND);
    throttle.observe(&seen, &*clock);
    for turn in waiting {
        assert!(turn.await.is_err());
    }
    assert_eq!(clock.now(), Duration::ZERO);
    throttle.acquire(AcquireRequest::new(&clock)).await.unwrap();
    assert!((60..64).contains(&clock.now().as_secs()), "{:?}", clock.now());
}

#[tokio::test]
async fn a_429_without_rate_limit_headers_lowers_the_pace() {
    for retry_after in [true, false] {
        let clock = VirtualClock::default();
        let mut server = Enforcing::new(&clock, 100);
        server.headers = false;
        server.retry_after = retry_after;
        let client = server.builder().retry(RetryPolicy::new().max_attempts(3)).build().unwrap();
        server.load_with(client, 100, 4).await;
        assert!(server.refused() < 40, "{} of 400 calls were refused", server.refused());
    }
}

#[tokio::test]
async fn the_first_calls_do_not_wait_for_a_slow_response() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 100);
    server.latency = |call| if call == 0 { 60 * SECOND } else { Duration::from_millis(50) };
    let client = server.client();
    let slow = tokio::spawn(call(&client, 1).send_empty());
    let others: Vec<_> = (0..20)
        .map(|_| {
            let (pending, clock) = (call(&client, 2).send_empty(), clock.clone());
            tokio::spawn(async move { pending.await.map(|_| clock.now()) })
        })
        .collect();
    for other in others {
        let answered = other.await.unwrap().unwrap();
        assert!(answered < 5 * SECOND, "{answered:?}");
    }
    slow.await.unwrap().unwrap();
}

#[tokio::test]
async fn calls_with_a_short_timeout_are_sent_if_no_call_is_waiting() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 100);
    server.latency = |_| Duration::from_millis(700);
    let client = server.builder().timeout(2 * SECOND).build().unwrap();
    for _ in 0..60 {
        call(&client, 1).send_empty().await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_local_clock_does_not_change_the_length_of_a_pause() {
    for skew in [0, 1_000, -1_000] {
        let clock = VirtualClock::default();
        let mut server = Enforcing::new(&clock, 10);
        server.skew = skew;
        // Other programs leave one call in a window.
        server.others = 9;
        let took = server.load(1, 4).await;
        assert!((30..45).contains(&took.as_secs()), "{took:?} with a clock that is {skew} s off");
        assert_eq!(server.refused(), 0, "with a clock that is {skew} s off");
    }
}
