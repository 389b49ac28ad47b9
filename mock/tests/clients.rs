//! The official SDKs for Node and Python run a scenario of forty calls against the server, unchanged. What they find is
//! compared with what bare HTTP finds.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use std::path::Path;
use std::process::Command;

use api::Api;
use serde_json::{Value, json};

/// The version that the SDKs ask for.
const VERSION: &str = "2.14";

/// The steps of the scenario by bare HTTP.
async fn scenario(api: &Api) -> Vec<Value> {
    let mut steps = Vec::new();
    let mut contacts = Vec::new();
    for number in 0..12 {
        let body = json!({"external_id": format!("c{number}"), "name": format!("Name {}", number % 3)});
        contacts.push(api.post("/contacts", body).await.ok()["id"].as_str().unwrap().to_owned());
    }
    steps.push(json!(["contacts", contacts]));
    steps.push(json!(["duplicate", api.post("/contacts", json!({"external_id": "c1"})).await.status]));
    let listed = api.get("/contacts?per_page=50").await.ok();
    steps.push(json!(["pages", each(&listed["data"], "external_id")]));
    let query = json!({"query": {"field": "name", "operator": "=", "value": "Name 1"}});
    let found = api.post("/contacts/search", query).await.ok();
    steps.push(json!(["search", each(&found["data"], "external_id")]));
    let (first, second) = (format!("/contacts/{}", contacts[0]), format!("/contacts/{}", contacts[1]));
    steps.push(json!(["update", api.put(&first, json!({"name": "Joe"})).await.ok()["name"]]));
    steps.push(json!(["find", api.get(&first).await.ok()["name"]]));
    steps.push(json!(["missing", api.get("/contacts/none").await.status]));
    steps.push(json!(["archive", api.post(&format!("{second}/archive"), json!({})).await.ok()["archived"]]));
    steps.push(json!(["delete", api.delete(&second).await.ok()["deleted"]]));
    for name in ["a", "b", "c"] {
        api.post("/companies", json!({"company_id": name, "name": name})).await.ok();
    }
    let companies = api.post("/companies/list", json!({})).await.ok();
    steps.push(json!(["companies", each(&companies["data"], "name")]));
    let company = companies["data"][0]["id"].as_str().unwrap();
    api.post(&format!("{first}/companies"), json!({"id": company})).await.ok();
    let members = api.get(&format!("/companies/{company}/contacts")).await.ok();
    steps.push(json!(["members", each(&members["data"], "external_id")]));
    let tag = api.post("/tags", json!({"name": "vip"})).await.ok();
    steps.push(json!(["tag", api.post(&format!("{first}/tags"), json!({"id": tag["id"]})).await.ok()["name"]]));
    steps.push(json!(["tags", each(&api.get(&format!("{first}/tags")).await.ok()["data"], "name")]));
    let from = json!({"type": "user", "id": contacts[0]});
    let message = api.post("/conversations", json!({"from": from, "body": "Hello"})).await.ok();
    let conversation = format!("/conversations/{}", message["conversation_id"].as_str().unwrap());
    let reply = json!({"message_type": "comment", "type": "admin", "admin_id": "1", "body": "Hi"});
    api.post(&format!("{conversation}/reply"), reply).await.ok();
    let close = json!({"message_type": "close", "type": "admin", "admin_id": "1"});
    steps.push(json!(["close", api.post(&format!("{conversation}/parts"), close).await.ok()["state"]]));
    let parts = api.get(&conversation).await.ok()["conversation_parts"]["conversation_parts"].clone();
    steps.push(json!(["parts", each(&parts, "part_type")]));
    let article = api.post("/articles", json!({"title": "Refunds", "author_id": 1, "state": "published"})).await.ok();
    let found = api.get("/articles/search?phrase=refund").await.ok();
    steps.push(json!(["articles", each(&found["data"]["articles"], "title")]));
    let article = format!("/articles/{}", article["id"].as_str().unwrap());
    steps.push(json!(["deleted", api.delete(&article).await.ok()["deleted"]]));
    steps.push(json!(["me", api.get("/me").await.ok()["type"]]));
    steps
}

fn each(items: &Value, key: &str) -> Vec<Value> {
    items.as_array().unwrap().iter().map(|item| item[key].clone()).collect()
}

/// The steps that a program prints, and how many calls it made.
fn run(program: &mut Command, script: &str, arguments: &[&str]) -> (Vec<Value>, usize) {
    let api = Api::start(VERSION);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let output = program.arg(script).arg(api.server.url()).args(arguments).output().unwrap();
    let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{printed}{errors}");
    let unexpected: Vec<u16> = api.server.unexpected().iter().map(|call| call.status).collect();
    assert_eq!(unexpected, [409, 404]);
    (printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), api.server.calls().len())
}

#[tokio::test]
#[ignore = "it needs the official SDKs, which `.ci/run clients` installs"]
async fn the_official_sdks_run_unchanged() {
    let folder = std::env::var("INTERCOM_MOCK_CLIENTS").unwrap();
    let expected = scenario(&Api::start(VERSION)).await;
    let node = Path::new(&folder).join("node_modules").is_dir();
    let python = Path::new(&folder).join("venv/bin/python");
    for (name, is_there) in [("Node", node), ("Python", python.is_file())] {
        if !is_there {
            println!("left out: the SDK for {name} is not in {folder}");
            continue;
        }
        let (steps, calls) = match name {
            "Node" => run(&mut Command::new("node"), "scenario.mjs", &[&folder]),
            _ => run(&mut Command::new(&python), "scenario.py", &[]),
        };
        assert_eq!(steps, expected, "{name}");
        assert!(calls >= 40, "{name}: {calls}");
        println!("the SDK for {name} made {calls} calls");
    }
}
