//! Several receivers get the same notifications. Each receiver has its own connection to Redis.

use std::sync::Arc;
use std::time::{Duration, Instant};

use intercom_platform::webhooks::SeenNotifications;
use intercom_throttle_redis::RedisNotifications;

use crate::redis_server::RedisServer;

const RECEIVERS: usize = 8;
const NOTIFICATIONS: usize = 200;
const WINDOW: Duration = Duration::from_secs(20);

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn open(redis: &RedisServer, app: &str, window: Duration) -> RedisNotifications {
    // The timeout is long, so that a busy machine is not mistaken for a slow server.
    RedisNotifications::open(&redis.url(), app, window).unwrap().timeout(Duration::from_secs(10))
}

pub fn each_notification_is_new_to_exactly_one_receiver() {
    let redis = RedisServer::start();
    run(async {
        let receivers: Vec<_> = (0..RECEIVERS).map(|_| Arc::new(open(&redis, "app", WINDOW))).collect();
        let mut tasks = Vec::new();
        for id in 0..NOTIFICATIONS {
            for receiver in &receivers {
                let receiver = receiver.clone();
                tasks.push(tokio::spawn(async move {
                    (id, receiver.try_first_time(&format!("notif_{id}")).await.unwrap())
                }));
            }
        }
        let mut firsts = vec![0; NOTIFICATIONS];
        for task in tasks {
            let (id, first) = task.await.unwrap();
            firsts[id] += usize::from(first);
        }
        assert_eq!(firsts, vec![1; NOTIFICATIONS]);
        println!("{NOTIFICATIONS} notifications at {RECEIVERS} receivers: each was new to one");

        assert!(open(&redis, "another", WINDOW).try_first_time("notif_0").await.unwrap(), "apps do not share ids");
        let brief = open(&redis, "brief", Duration::from_millis(50));
        assert!(brief.try_first_time("notif_0").await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(brief.try_first_time("notif_0").await.unwrap(), "ids are forgotten after the window");
    });
}

pub fn without_redis_every_notification_is_new() {
    let mut redis = RedisServer::start();
    run(async {
        let seen = open(&redis, "app", WINDOW).timeout(Duration::from_secs(1));
        assert!(seen.first_time("notif_0").await);
        assert!(!seen.first_time("notif_0").await);
        redis.freeze(true);
        let start = Instant::now();
        assert!(seen.try_first_time("notif_0").await.is_err());
        assert!(start.elapsed() < Duration::from_secs(30), "a frozen Redis is waited for until the timeout only");
        redis.freeze(false);
        redis.kill();
        assert!(seen.first_time("notif_0").await);
        redis.start_again();
        assert!(seen.try_first_time("notif_0").await.unwrap());
        assert!(!seen.try_first_time("notif_0").await.unwrap(), "the receiver connects again");
    });
}
