//! Many calls at once, and searches of many contacts. The time is printed, not checked.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use std::sync::Arc;
use std::time::Instant;

use api::Api;
use intercom_mock::Server;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_call_without_an_error() {
    let calls = if cfg!(debug_assertions) { 10 } else { 500 };
    let api = Arc::new(Api::start("2.15"));
    let start = Instant::now();
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let api = Arc::clone(&api);
            tokio::spawn(async move {
                for call in 0..calls {
                    let external_id = format!("{task}-{call}");
                    api.post("/contacts", json!({"external_id": external_id})).await.ok();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{:.0} calls a second from 64 tasks", f64::from(64 * calls) / seconds);
    assert_eq!(api.server.items("contacts").len(), 64 * usize::try_from(calls).unwrap());
}

#[tokio::test]
async fn many_contacts_are_searched() {
    let contacts = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
    // The first server of a process reads the catalog, the others share it.
    let start = Instant::now();
    let first = Server::start_blocking("2.15");
    println!("started in {:?}", start.elapsed());
    let start = Instant::now();
    let api = Api::of(Server::start_blocking("2.15"));
    println!("started once more in {:?}", start.elapsed());
    drop(first);
    for number in 0..contacts {
        api.server
            .seed("contacts", json!({"external_id": number.to_string(), "name": format!("Name {}", number % 1000)}));
    }
    for query in [
        json!({"field": "name", "operator": "=", "value": "Name 7"}),
        json!({"operator": "AND", "value": [
            {"field": "name", "operator": "~", "value": "99"}, {"field": "role", "operator": "!=", "value": "lead"}]}),
    ] {
        let start = Instant::now();
        let found = api.post("/contacts/search", json!({"query": query})).await.ok();
        println!("{contacts} contacts searched in {:?}: {} found", start.elapsed(), found["total_count"]);
        assert!(found["total_count"].as_u64().unwrap() >= contacts / 1000);
    }
    let start = Instant::now();
    for _ in 0..100 {
        api.get("/contacts/find_by_external_id/77").await.ok();
    }
    println!("a call takes {:?}", start.elapsed() / 100);
}
