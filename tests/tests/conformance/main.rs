//! Conformance of every version with its own description: all examples, all operations, and mutated responses.
//!
//! `cargo test -p intercom-tests --test conformance -- --nocapture` prints a line for each version; 2.15 only, all of them
//! with `--features all-versions`. A count below that of the description fails.

mod calls;
mod examples;
mod mutations;
mod sent;

use std::fmt::Write as _;
use std::io::Write as _;

use intercom_mock::Server;
use intercom_runtime::Client;
use intercom_runtime::operations::OperationEntry;
use intercom_runtime::retry::RetryPolicy;
use intercom_tests::description::Description;

/// The minimum of calls for each operation, on average.
const CALLS: usize = 9;
/// The minimum of mutations for each example of a success, on average.
const MUTATIONS: usize = 170;
/// The maximum of examples (of responses and requests) that may have mismatches.
const TOLERATED: [usize; 2] = [1, 7];

/// A version under test.
struct Suite {
    description: Description,
    table: &'static [OperationEntry],
}

/// The failures, with their places.
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

fn run(version: &str, table: &'static [OperationEntry], connect: impl Fn(&Server) -> Client) {
    let suite = Suite { description: Description::of(version), table };
    let mut failures = Failures::default();
    let examples = examples::check(&suite, &mut failures);
    let called = calls::check(&suite, connect, &mut failures);
    let mutated = mutations::check(&suite, &mut failures);
    let mut report = format!(
        "{version}: {} operations, {} called in {} ways, {} ids converted; {} examples of success, {} of errors, {} lossless, {} not as declared, {} tolerated; \
         {} requests, {} lossless, {} without a body, {} tolerated; {} mutations, {} failures",
        table.len(),
        called.operations,
        called.calls,
        called.ids,
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
    // `println!` is captured in tests; the counts should be visible.
    let _ = writeln!(std::io::stdout(), "{report}");
    assert!(failures.0.is_empty(), "{version}: {} failures", failures.0.len());
    assert!(called.ids > 0, "{version}: no id of a request body was tried");
    let operations = suite.description.operations().len();
    let expected = suite.description.imported();
    let bodies = suite.description.operations().into_iter().filter_map(|operation| operation.body);
    let requests: usize =
        bodies.filter(|media| media.media_type == "application/json").map(|media| media.examples.len()).sum();
    assert_eq!(table.len(), operations, "{version}: operations");
    for (what, count, least) in [
        ("operations called", called.operations, operations),
        ("calls", called.calls, CALLS * operations),
        ("examples of success", examples.successes, expected.get("examples of success")),
        ("examples of errors", examples.errors, expected.get("examples of errors")),
        ("requests", examples.requests, requests),
        ("mutations", mutated.count, MUTATIONS * examples.successes),
    ] {
        assert!(least > 0 && count >= least, "{version}: {what}: {count} of {least}");
    }
    let tolerated = [examples.tolerated.len(), examples.requests_tolerated.len()];
    assert!(
        tolerated.iter().zip(TOLERATED).all(|(count, most)| *count <= most),
        "{version}: examples that need tolerance: {tolerated:?}"
    );
}

/// A test for each version.
macro_rules! conformance {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                let connect = |server: &Server| {
                    let builder = server.configure($krate::Client::builder()).retry(RetryPolicy::never());
                    builder.build().unwrap_or_else(|error| panic!("{error}")).core().clone()
                };
                run($version, $krate::operations::OPERATIONS, connect);
            }
        )*
    };
}

intercom_tests::versions!(conformance);
