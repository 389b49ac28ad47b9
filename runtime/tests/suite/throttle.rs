//! The throttle with a server that counts calls in windows. The clock is virtual.

mod overload;
mod server;

use std::time::Duration;

use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::transport::BoxFuture;

use server::Enforcing;

#[tokio::test]
async fn many_tasks_never_get_a_429_and_end_in_reasonable_time() {
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
async fn with_uneven_latency_the_limit_of_a_window_is_not_exceeded() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 166);
    server.latency = |call| Duration::from_millis(u64::from(call * 37 % 400));
    server.load(64, 20).await;
    assert_eq!(server.refused(), 0);
}

/// A clock whose sleeps only end every three seconds, all at the same time, as on an overloaded machine.
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
async fn with_late_timers_the_limit_of_a_window_is_not_exceeded() {
    let clock = VirtualClock::default();
    let server = Enforcing::new(&clock, 100);
    server.load_with(server.builder().clock(Coarse(clock.clone())).build().unwrap(), 64, 10).await;
    assert_eq!(server.refused(), 0);
}

#[tokio::test]
async fn calls_of_other_programs_cause_no_429() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 200);
    server.others = 3;
    server.load(16, 20).await;
    assert_eq!(server.refused(), 0);
}

#[tokio::test]
async fn without_headers_the_published_limit_is_used() {
    let clock = VirtualClock::default();
    let mut server = Enforcing::new(&clock, 1_666);
    server.headers = false;
    let took = server.load(64, 60).await;
    // At the limit that is assumed before the first response it would take more than seven minutes.
    assert!(took < Duration::from_secs(60), "{took:?}");
    assert_eq!(server.refused(), 0);
}
