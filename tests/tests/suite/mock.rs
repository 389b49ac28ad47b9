//! The mock server through the generated crates: the answer to each operation decodes without a mismatch.

use intercom_catalog::{example, load};
use intercom_mock::Server;
use intercom_runtime::Client;
use intercom_runtime::operations::OperationEntry;

/// Calls all operations of a version with the arguments that its description shows.
async fn run(version: &str, operations: &'static [OperationEntry], connect: impl Fn(&Server) -> Client) {
    let catalog = load(version).unwrap();
    assert_eq!(operations.len(), catalog.operations.len());
    let start = || Server::builder(version).make_missing_items().start().unwrap();
    let mut server = start();
    let mut failures = Vec::new();
    for entry in operations {
        let operation = catalog.operation(entry.id()).unwrap();
        // The examples of several operations give the same contact.
        if operation.resource.as_ref().is_some_and(|resource| !resource.unique.is_empty()) {
            server = start();
        }
        let called = entry.invoke(&connect(&server), example::arguments(&catalog, operation)).await;
        failures.extend(called.err().map(|error| format!("{}: {error}", entry.id())));
    }
    assert_eq!(failures, [""; 0], "{version}");
    server.assert_no_unexpected();
}

/// A test for each version: 2.15 only, all of them with the feature `all-versions`.
macro_rules! strict {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[tokio::test]
            async fn $name() {
                let connect = |server: &Server| {
                    let builder = server.configure($krate::Client::builder());
                    builder.decoding($krate::runtime::data::Decoding::Strict).build().unwrap().core().clone()
                };
                run($version, $krate::operations::OPERATIONS, connect).await;
            }
        )*
    };
}

intercom_tests::versions!(strict);
