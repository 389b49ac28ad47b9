//! One call over loopback with keep-alive, compared with plain reqwest and `serde_json::Value`.
//!
//! The server answers every request with the same bytes, so only the client makes a difference.

#![allow(clippy::unwrap_used, reason = "a benchmark panics if its setup is broken")]

use divan::Bencher;
use intercom_benches::server::serve;

fn main() {
    divan::main();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[divan::bench(args = [1, 20, 150])]
fn call_ours(bencher: Bencher<'_, '_>, items: usize) {
    let (address, runtime) = (serve(items), runtime());
    let client =
        intercom_v2_15::Client::builder().token("token").base_url(format!("http://{address}")).build().unwrap();
    bencher
        .bench_local(|| runtime.block_on(async { client.conversations().list().per_page(150).send().await.unwrap() }));
}

#[divan::bench(args = [1, 20, 150])]
fn call_reqwest(bencher: Bencher<'_, '_>, items: usize) {
    let (address, runtime) = (serve(items), runtime());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{address}/conversations?per_page=150");
    bencher.bench_local(|| {
        runtime.block_on(async {
            let request = client.get(&url).bearer_auth("token").header("Intercom-Version", "2.15");
            let response = request.send().await.unwrap().error_for_status().unwrap();
            serde_json::from_slice::<serde_json::Value>(&response.bytes().await.unwrap()).unwrap()
        })
    });
}
