//! Calls that are dropped, and what must not remain of them.

use std::time::Duration;

use intercom_runtime::Value;
use intercom_runtime::throttle::Paced;
use intercom_tests::scripted::{Act, Reply, Server};
use tokio::runtime::Handle;

use super::{GET, POST, call, is_quiet, real_time, send};

fn hang_for_slow(seen: &intercom_tests::scripted::Seen) -> Reply {
    if seen.target.contains("slow") { Reply::acts([Act::Hang]) } else { Reply::json("{}") }
}

#[tokio::test]
async fn a_dropped_call_closes_its_connection_and_leaves_the_client_usable() {
    let server = Server::answering(hang_for_slow);
    let client = real_time(&server).build().unwrap();
    let mut slow = call(&client, &GET);
    slow.query("slow", 1);
    let dropped = tokio::time::timeout(Duration::from_millis(100), slow.send_json::<Value>()).await;
    assert!(dropped.is_err());
    assert_eq!(server.count(), 1);
    is_quiet(&server).await;
    send(&client, &POST).await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_call_that_is_never_awaited_sends_nothing() {
    let server = Server::answering(|_| Reply::json("{}"));
    let client = real_time(&server).build().unwrap();
    drop(call(&client, &POST).send_json::<Value>());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!((server.count(), server.accepted()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_dropped_calls_leave_no_task_and_no_connection() {
    let server = Server::answering(hang_for_slow);
    let client = real_time(&server).max_in_flight(None).build().unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let mut slow = call(&client, &GET);
            slow.query("slow", 1);
            tokio::spawn(async move { slow.send_json::<Value>().await })
        })
        .collect();
    while server.count() < 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for task in tasks {
        task.abort();
    }
    is_quiet(&server).await;
    send(&client, &GET).await.unwrap();
    drop(client);
    let mut after = usize::MAX;
    for _ in 0..200 {
        after = Handle::current().metrics().num_alive_tasks();
        if after <= before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(after <= before, "{after} tasks are alive, {before} were");
}

#[tokio::test]
async fn a_call_dropped_while_it_waits_between_attempts_is_not_sent_again() {
    let server = Server::answering(|_| Reply::new(503).header("retry-after", 1));
    let client = real_time(&server).retry(intercom_runtime::RetryPolicy::new()).build().unwrap();
    let waiting = call(&client, &GET).send_json::<Value>();
    assert!(tokio::time::timeout(Duration::from_millis(200), waiting).await.is_err());
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn calls_dropped_in_the_queue_of_the_throttle_do_not_block_it() {
    let server = Server::answering(|_| {
        let limits = Reply::json("{}").header("x-ratelimit-limit", 20).header("x-ratelimit-remaining", 19);
        limits.header("x-ratelimit-reset", 0)
    });
    let client = real_time(&server).throttle(Paced::with_window(Duration::from_millis(400))).build().unwrap();
    for _ in 0..3 {
        let queue: Vec<_> = (0..30)
            .map(|_| {
                let call = call(&client, &GET);
                tokio::spawn(async move { call.send_json::<Value>().await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(20)).await;
        queue.iter().for_each(tokio::task::JoinHandle::abort);
    }
    tokio::time::timeout(Duration::from_secs(10), send(&client, &GET)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_download_dropped_half_way_closes_its_connection() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nabc".to_vec();
    let server = Server::start([Reply::acts([Act::Send(head), Act::Hang])]);
    let client = real_time(&server).build().unwrap();
    let mut download = call(&client, &GET).download().await.unwrap();
    assert_eq!(&download.next_chunk().await.unwrap().unwrap()[..], b"abc");
    drop(download);
    is_quiet(&server).await;
}
