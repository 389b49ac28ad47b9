//! Every version against its own description: all examples, all operations, and what happens when answers change.
//!
//! `cargo test -p intercom-tests --test conformance -- --nocapture` prints a line for each version; 2.15 only, all of them
//! with `--features all-versions`. A count that drops below the table in this file fails.

mod calls;
mod examples;
mod mutations;

use std::fmt::Write as _;
use std::io::Write as _;

use intercom_runtime::Client;
use intercom_runtime::operations::OperationEntry;
use intercom_runtime::retry::RetryPolicy;
use intercom_tests::described::TOKEN;
use intercom_tests::description::Description;

/// What a version must reach at least: operations called, calls made, examples of successes, of errors and of requests,
/// and changed examples. And the examples, of answers and of requests, that may need tolerance at most.
struct Least {
    operations: usize,
    calls: usize,
    successes: usize,
    errors: usize,
    requests: usize,
    mutations: usize,
    tolerated: [usize; 2],
}

/// A version under test.
struct Suite {
    description: Description,
    table: &'static [OperationEntry],
}

/// What went wrong, with its place.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn add(&mut self, what: String) {
        self.0.push(what);
    }
}

impl Suite {
    /// The entry of an operation in the table of the crate.
    fn entry(&self, method: &str, path: &str) -> Option<&'static OperationEntry> {
        self.table.iter().find(|entry| entry.http_method() == method && entry.path() == path)
    }
}

fn run(version: &str, table: &'static [OperationEntry], connect: impl Fn(String) -> Client, least: &Least) {
    let suite = Suite { description: Description::of(version), table };
    let mut failures = Failures::default();
    let examples = examples::check(&suite, &mut failures);
    let called = calls::check(&suite, connect, &mut failures);
    let mutated = mutations::check(&suite, &mut failures);
    let mut report = format!(
        "{version}: {} operations, {} called in {} ways; {} examples of success, {} of errors, {} lossless, {} not as declared, {} tolerated; \
         {} requests, {} lossless, {} without a body, {} tolerated; {} mutations, {} failures",
        table.len(),
        called.operations,
        called.calls,
        examples.successes,
        examples.errors,
        examples.lossless,
        examples.disagreeing,
        examples.tolerated.len(),
        examples.requests,
        examples.requests_lossless,
        examples.requests_without_body,
        examples.requests_tolerated.len(),
        mutated.count,
        mutated.failures
    );
    for place in examples.tolerated.iter().chain(&examples.requests_tolerated) {
        let _ = write!(report, "\n  tolerated: {place}");
    }
    for failure in failures.0.iter().take(60) {
        let _ = write!(report, "\n  FAILED: {failure}");
    }
    // Not by `println!`, which tests swallow: the counts are to be seen.
    let _ = writeln!(std::io::stdout(), "{report}");
    assert!(failures.0.is_empty(), "{version}: {} failures", failures.0.len());
    assert_eq!(table.len(), suite.description.operations().len(), "{version}: operations");
    for (what, count, least) in [
        ("operations called", called.operations, least.operations),
        ("calls", called.calls, least.calls),
        ("examples of success", examples.successes, least.successes),
        ("examples of errors", examples.errors, least.errors),
        ("requests", examples.requests, least.requests),
        ("mutations", mutated.count, least.mutations),
    ] {
        assert!(count >= least, "{version}: {what} dropped from {least} to {count}");
    }
    let tolerated = [examples.tolerated.len(), examples.requests_tolerated.len()];
    assert!(tolerated <= least.tolerated, "{version}: examples that need tolerance: {tolerated:?}");
}

/// A test for each version, with its least counts.
macro_rules! versions {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident
        [$operations:literal $calls:literal $successes:literal $errors:literal $requests:literal $mutations:literal $tolerated:expr];)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                let connect = |url| {
                    let builder = $krate::Client::builder().token(TOKEN).base_url(url).retry(RetryPolicy::never());
                    builder.build().unwrap_or_else(|error| panic!("{error}")).core().clone()
                };
                let least = Least {
                    operations: $operations,
                    calls: $calls,
                    successes: $successes,
                    errors: $errors,
                    requests: $requests,
                    mutations: $mutations,
                    tolerated: $tolerated,
                };
                run($version, $krate::operations::OPERATIONS, connect, &least);
            }
        )*
    };
}

versions! {
    #[cfg(feature = "all-versions")]
    v2_7 "2.7" intercom_v2_7 [98 900 101 181 90 18_000 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_8 "2.8" intercom_v2_8 [98 900 101 181 90 18_000 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_9 "2.9" intercom_v2_9 [108 1_000 111 193 99 21_500 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_10 "2.10" intercom_v2_10 [108 1_000 113 193 108 23_300 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_11 "2.11" intercom_v2_11 [108 1_000 112 194 108 23_100 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_12 "2.12" intercom_v2_12 [118 1_090 122 203 113 25_800 [0, 6]];
    #[cfg(feature = "all-versions")]
    v2_13 "2.13" intercom_v2_13 [133 1_220 135 229 120 29_000 [0, 7]];
    #[cfg(feature = "all-versions")]
    v2_14 "2.14" intercom_v2_14 [150 1_390 149 275 133 30_900 [0, 7]];
    v2_15 "2.15" intercom_v2_15 [162 1_490 156 280 133 31_800 [0, 7]];
    #[cfg(feature = "all-versions")]
    v2_16 "2.16" intercom_v2_16 [231 2_230 232 504 174 46_500 [1, 7]];
    #[cfg(feature = "all-versions")]
    preview "preview" intercom_preview [256 2_560 267 617 207 54_800 [1, 7]];
}
