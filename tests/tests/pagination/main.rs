//! Walks over every operation that pages, of every version, against a server that answers in every way that servers do;
//! and what the walks promise when something is wrong.
//!
//! `cargo test -p intercom-tests --test pagination -- --nocapture` prints a line for each version and style; 2.15 only,
//! all of them with `--features all-versions`. A count that drops below the table in this file fails.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod cut_off;
mod failures;
mod limits;
mod scenario;
mod scroll;
mod server;
mod typed;
mod walks;

use intercom_runtime::Client;
use intercom_runtime::operations::OperationEntry;
use intercom_runtime::retry::RetryPolicy;

/// A version under test.
struct Suite {
    version: &'static str,
    table: &'static [OperationEntry],
    connect: fn(String) -> Client,
    /// How many operations page, at least: by cursor, by page number, by scroll.
    least: [usize; 3],
}

/// A suite for each version, and a test that walks it.
macro_rules! versions {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident: $cursor:literal by cursor, $page:literal by page, $scroll:literal by scroll;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                fn connect(url: String) -> Client {
                    let builder = $krate::Client::builder().token("paging").base_url(url).retry(RetryPolicy::never());
                    builder.build().unwrap().core().clone()
                }
                walks::run(&Suite {
                    version: $version,
                    table: $krate::operations::OPERATIONS,
                    connect,
                    least: [$cursor, $page, $scroll],
                });
            }
        )*
    };
}

versions! {
    #[cfg(feature = "all-versions")]
    v2_7 "2.7" intercom_v2_7: 6 by cursor, 13 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_8 "2.8" intercom_v2_8: 6 by cursor, 13 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_9 "2.9" intercom_v2_9: 6 by cursor, 13 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_10 "2.10" intercom_v2_10: 7 by cursor, 13 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_11 "2.11" intercom_v2_11: 7 by cursor, 13 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_12 "2.12" intercom_v2_12: 7 by cursor, 15 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_13 "2.13" intercom_v2_13: 7 by cursor, 17 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_14 "2.14" intercom_v2_14: 7 by cursor, 18 by page, 1 by scroll;
    v2_15 "2.15" intercom_v2_15: 7 by cursor, 19 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    v2_16 "2.16" intercom_v2_16: 12 by cursor, 28 by page, 1 by scroll;
    #[cfg(feature = "all-versions")]
    preview "preview" intercom_preview: 14 by cursor, 29 by page, 1 by scroll;
}

/// Runs a future to its end on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
