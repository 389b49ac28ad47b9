//! Tests with several processes and a Redis server, in real time: a shared rate limit, and deduplication of notifications.
//!
//! The tests start `redis-server` and, for the rate limit, worker processes, which run this same program. A worker sends calls through a
//! client whose transport writes the time of each call to stdout. The limit is checked for a sliding window, which is stricter than the
//! fixed windows in which a server counts. How much of the limit is used depends on the load of the machine. It is printed, and the tests
//! only require that every process gets some of it, that the share of a dead process is used, and that calls go on without Redis.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod redis_server;
mod seen;
mod worker;

use std::time::Duration;

use redis_server::RedisServer;
use worker::Workers;

const WINDOW: Duration = Duration::from_secs(5);
const LIMIT: u32 = 500;
const PROCESSES: u32 = 4;

const TESTS: [(&str, fn()); 5] = [
    ("each_notification_is_new_to_exactly_one_receiver", seen::each_notification_is_new_to_exactly_one_receiver),
    ("without_redis_every_notification_is_new", seen::without_redis_every_notification_is_new),
    ("four_processes_share_the_limit", four_processes_share_the_limit),
    ("without_redis_each_process_uses_its_local_share", without_redis_each_process_uses_its_local_share),
    ("a_frozen_redis_delays_calls_until_the_timeout_only", a_frozen_redis_delays_calls_until_the_timeout_only),
];

fn main() {
    if worker::is_worker() {
        return worker::run();
    }
    if !redis_server::is_installed() {
        println!(
            "skipped: {} tests of processes that share a limit or notifications; redis-server is not installed",
            TESTS.len()
        );
        return;
    }
    let only = std::env::args().nth(1);
    for (name, test) in TESTS {
        if only.as_ref().is_none_or(|only| only.starts_with('-') || name.contains(only.as_str())) {
            test();
            println!("test {name} ... ok");
        }
    }
}

/// The share of the limit that was used in a span of time; 1.0 is the whole limit.
fn used(sent: &[Duration], from: Duration, to: Duration) -> f64 {
    let count = sent.iter().filter(|time| (from..to).contains(*time)).count();
    count as f64 / (f64::from(LIMIT) * (to - from).as_secs_f64() / WINDOW.as_secs_f64())
}

/// The maximum number of calls in a sliding window.
fn max_in_window(sent: &[Duration]) -> usize {
    let mut first = 0;
    let count = |(last, time): (usize, &Duration)| {
        while *time - sent[first] >= WINDOW {
            first += 1;
        }
        last - first + 1
    };
    sent.iter().enumerate().map(count).max().unwrap_or(0)
}

/// The share of the limit in the fullest sliding window of a span of time.
fn fullest(sent: &[Duration], from: Duration, to: Duration) -> f64 {
    let sent: Vec<Duration> = sent.iter().copied().filter(|time| (from..to).contains(time)).collect();
    max_in_window(&sent) as f64 / f64::from(LIMIT)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Each of four processes gets a part of the limit; when one dies, the others use its part.
fn four_processes_share_the_limit() {
    let redis = RedisServer::start();
    let mut workers = Workers::start(&redis, PROCESSES);
    workers.until(seconds(25));
    workers.kill_one();
    workers.until(seconds(40));
    let (all, lines) = workers.end();
    let sent = worker::merged(&all);
    let (begun, share) = (seconds(5), used(&sent, seconds(5), seconds(25)));
    let each: Vec<f64> = all.iter().map(|sent| used(sent, begun, seconds(25))).collect();
    println!(
        "shared: {:.1} % used, {} of {LIMIT} in the fullest window, by process {each:.3?}",
        share * 100.0,
        max_in_window(&sent)
    );
    assert!(max_in_window(&sent) <= LIMIT as usize, "{} calls in one window", max_in_window(&sent));
    for part in each {
        assert!(part > 0.1, "a process had {part} of the limit");
    }
    let after = used(&sent, seconds(27), seconds(40));
    println!("one process was killed: {:.1} % used by the others", after * 100.0);
    // Without the share of the process that died, 0.75 would be left.
    let after = fullest(&sent, seconds(27), seconds(40));
    assert!(after > 0.75, "{after} of the limit was used in the fullest window after a process died");
    assert!(lines.is_empty(), "{lines:?}");
}

fn without_redis_each_process_uses_its_local_share() {
    let mut redis = RedisServer::start();
    let workers = Workers::start(&redis, PROCESSES);
    workers.until(seconds(10));
    redis.kill();
    workers.until(seconds(20));
    redis.start_again();
    workers.until(seconds(40));
    let (all, mut lines) = workers.end();
    let sent = worker::merged(&all);
    let (down, after) = (used(&sent, seconds(12), seconds(20)), used(&sent, seconds(24), seconds(40)));
    println!(
        "Redis killed: {:.1} % used without it, {:.1} % after its return, {} of {LIMIT} in the fullest window",
        down * 100.0,
        after * 100.0,
        max_in_window(&sent)
    );
    assert!(max_in_window(&sent) <= LIMIT as usize, "{} calls in one window", max_in_window(&sent));
    let (down, after) = (fullest(&sent, seconds(12), seconds(20)), fullest(&sent, seconds(24), seconds(40)));
    assert!(down > 0.5, "{down} of the limit was used in the fullest window without Redis");
    assert!(after > 0.5, "{after} of the limit was used in the fullest window after Redis came back");
    lines.sort();
    let lost = lines.iter().filter(|line| line.contains("local share")).count();
    assert_eq!((lost, lines.len()), (PROCESSES as usize, 2 * PROCESSES as usize), "{lines:#?}");
}

fn a_frozen_redis_delays_calls_until_the_timeout_only() {
    let redis = RedisServer::start();
    let workers = Workers::start(&redis, PROCESSES);
    workers.until(seconds(6));
    redis.freeze(true);
    workers.until(seconds(14));
    redis.freeze(false);
    workers.until(seconds(18));
    let (all, lines) = workers.end();
    let sent = worker::merged(&all);
    let frozen = used(&sent, seconds(8), seconds(14));
    println!(
        "Redis frozen: {:.1} % used without it, {} of {LIMIT} in the fullest window",
        frozen * 100.0,
        max_in_window(&sent)
    );
    assert!(max_in_window(&sent) <= LIMIT as usize, "{} calls in one window", max_in_window(&sent));
    let frozen = fullest(&sent, seconds(8), seconds(14));
    assert!(frozen > 0.5, "{frozen} of the limit was used in the fullest window without Redis");
    assert_eq!(lines.iter().filter(|line| line.contains("slow")).count(), PROCESSES as usize, "{lines:#?}");
}
