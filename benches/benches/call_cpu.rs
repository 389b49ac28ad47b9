//! The CPU time that the calling thread spends on one call over loopback, compared with plain reqwest and
//! `serde_json::Value`, in turn. The server runs in other threads, which are not measured. The CPU time of one thread is
//! available on Linux only.

#![allow(clippy::unwrap_used, reason = "a benchmark panics if its setup is broken")]

use std::hint::black_box;

use intercom_benches::server::serve;

const TURNS: usize = 15;
const CALLS: usize = 20;

/// The CPU time of this thread in nanoseconds.
fn thread_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// The CPU time of a call in microseconds, averaged over `CALLS` calls.
fn cost(call: &dyn Fn()) -> f64 {
    let before = thread_time();
    (0..CALLS).for_each(|_| call());
    (thread_time() - before) as f64 / 1e3 / CALLS as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    println!("| items | ours | reqwest and Value | ours / it |\n|---|---|---|---|");
    for items in [1, 20, 150] {
        let address = serve(items);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client =
            intercom_v2_15::Client::builder().token("token").base_url(format!("http://{address}")).build().unwrap();
        let ours = || {
            runtime.block_on(async {
                drop(black_box(client.conversations().list().per_page(150).send().await.unwrap()));
            });
        };
        let bare = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("http://{address}/conversations?per_page=150");
        let theirs = || {
            runtime.block_on(async {
                let request = bare.get(&url).bearer_auth("token").header("Intercom-Version", "2.15");
                let response = request.send().await.unwrap().error_for_status().unwrap();
                let bytes = response.bytes().await.unwrap();
                drop(black_box(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()));
            });
        };
        let (mut all_ours, mut all_theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            all_ours.push(cost(&ours));
            all_theirs.push(cost(&theirs));
        }
        let (ours, theirs) = (median(all_ours), median(all_theirs));
        println!("| {items} | {ours:.1} µs | {theirs:.1} µs | {:.2} |", ours / theirs);
    }
}
