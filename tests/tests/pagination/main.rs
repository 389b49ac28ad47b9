//! Pagination of every operation with pages, of every version, against a server that responds in all ways that are known, including
//! failures.
//!
//! `cargo test -p intercom-tests --test pagination -- --nocapture` prints a line for each version and style; 2.15 only,
//! all of them with `--features all-versions`. It fails if an operation that has pages according to its overlay is not walked, that is,
//! if its list is not read page by page to the end.

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
}

/// A suite for each version, and a test that walks it.
macro_rules! walks {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                fn connect(url: String) -> Client {
                    let builder = $krate::Client::builder().token("paging").base_url(url).retry(RetryPolicy::never());
                    builder.build().unwrap().core().clone()
                }
                walks::run(&Suite { version: $version, table: $krate::operations::OPERATIONS, connect });
            }
        )*
    };
}

intercom_tests::versions!(walks);

/// Runs a future to its end on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
