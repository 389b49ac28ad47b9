//! The mock server through the generated crate: each operation's answer decodes without a mismatch.

use intercom_catalog::{example, load};
use intercom_mock::Server;
use intercom_v2_15::Client;
use intercom_v2_15::operations::OPERATIONS;
use intercom_v2_15::runtime::data::Decoding;

fn start() -> (Server, Client) {
    let server = Server::builder("2.15").make_missing_items().start().unwrap();
    let client = server.configure(Client::builder()).decoding(Decoding::Strict).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn every_answer_decodes_without_a_mismatch() {
    let catalog = load("2.15").unwrap();
    let (mut server, mut client) = start();
    let mut failures = Vec::new();
    for entry in OPERATIONS {
        let operation = catalog.operation(entry.id()).unwrap();
        if operation.resource.as_ref().is_some_and(|resource| !resource.unique.is_empty()) {
            (server, client) = start();
        }
        let called = entry.invoke(&client, example::arguments(&catalog, operation)).await;
        failures.extend(called.err().map(|error| format!("{}: {error}", entry.id())));
    }
    assert_eq!(failures, [""; 0]);
    server.assert_no_unexpected();
}
