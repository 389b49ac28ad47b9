//! Every operation of every version: a right request is answered with a success that fits the description.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_catalog::call::{Answer, Arguments, Invocation};
use intercom_catalog::check::{Problem, Rules, check};
use intercom_catalog::{Catalog, Operation, VERSIONS, example, load};
use intercom_mock::Server;
use intercom_runtime::{Client, ClientBuilder};
use serde_json::Value;

/// Calls an operation; the error says what is wrong with the answer.
async fn call(client: &Client, catalog: &Catalog, operation: &Operation, arguments: Value) -> Result<(), String> {
    let arguments = Arguments::from_json(arguments).map_err(|refusal| refusal.to_string())?;
    let invocation = Invocation::new(client, catalog, operation, arguments).map_err(|refusal| refusal.to_string())?;
    let answer = match invocation.send().await {
        // Only redirects are declared, and the client has followed one to a file.
        Err(error) if operation.success().is_none() && error.status().is_none_or(|status| status == 200) => {
            return Ok(());
        }
        answer => answer.map_err(|error| error.to_string())?,
    };
    let Answer::Json(answer) = answer else { return Ok(()) };
    let Some(schema) = operation.success().and_then(|success| success.schema.as_ref()) else { return Ok(()) };
    let problems: Vec<String> =
        check(catalog, schema, &answer, Rules::RESPONSE).iter().map(Problem::to_string).collect();
    if problems.is_empty() { Ok(()) } else { Err(format!("the answer differs: {}", problems.join("; "))) }
}

fn start(version: &'static str) -> (Server, Client) {
    let server = Server::builder(version).make_missing_items().start().unwrap();
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "test");
    let client = server.configure(builder).api_version(version).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn right_requests_succeed() {
    let mut all = Vec::new();
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        let mut failures = Vec::new();
        let (mut server, mut client) = start(version);
        for operation in &catalog.operations {
            // The examples of several operations give the same contact.
            if operation.resource.as_ref().is_some_and(|resource| !resource.unique.is_empty()) {
                (server, client) = start(version);
            }
            let called = call(&client, &catalog, operation, example::arguments(&catalog, operation)).await;
            failures.extend(called.err().map(|error| format!("{}: {error}", operation.id)));
        }
        println!("{version}: {} operations, {} collections", catalog.operations.len(), server.collections().len());
        all.extend(failures.into_iter().map(|failure| format!("{version} {failure}")));
    }
    assert_eq!(all, [""; 0]);
}
