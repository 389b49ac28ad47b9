//! The program: what it prints, what it refuses, and the state that it keeps.

#![allow(clippy::unwrap_used, reason = "a test panics")]
#![cfg(feature = "program")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_intercom-mock"))
}

/// What the program says where it does not start.
fn refusal(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A folder that is removed in the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("intercom-mock-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let folder = Folder::new("wrong");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let broken = folder.file("broken.json", "{\"contacts\": [");
    let unknown = folder.file("unknown.json", "{\"people\": []}");
    for (arguments, expected) in [
        (vec!["--version", "3.0"], "intercom-mock: there is no version 3.0; this program has 2.7, 2.8".to_owned()),
        (vec!["--port", &port], format!("intercom-mock: port {port} is already in use; choose another port")),
        (vec!["--port", "0", "--seed", &broken], format!("intercom-mock: {broken}: this is not JSON: EOF")),
        (
            vec!["--port", "0", "--seed", &unknown],
            format!("intercom-mock: {unknown}: /people: version 2.15 has no such"),
        ),
        (vec!["--port", "0", "--seed", "none.json"], "intercom-mock: none.json: No such file".to_owned()),
    ] {
        let said = refusal(&arguments);
        assert!(said.starts_with(&expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    for (arguments, expected) in [
        (["--limit", "100"], "write calls and a time, such as 100/10s"),
        (["--latency", "20"], "is not a unit; there are ms, s and m"),
        (["--webhook", "http://localhost:1"], "--secret <SECRET>"),
    ] {
        let said = refusal(&arguments);
        assert!(said.contains(expected), "{said}");
    }
}

/// A program that runs, with its address and the lines that it prints.
struct Running {
    child: Child,
    url: String,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program().args(["--port", "0"]).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.rsplit(' ').next().unwrap().to_owned();
        Self { child, url, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn call(url: &str, token: &str, body: Option<Value>) -> (u16, Value) {
    let http = reqwest::Client::new();
    let request = match body {
        Some(body) => http.post(url).header("content-type", "application/json").body(body.to_string()),
        None => http.get(url),
    };
    let response = request.bearer_auth(token).send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn each_call_is_a_line_and_the_state_is_kept() {
    let folder = Folder::new("state");
    let seed = folder.file("seed.json", r#"{"contacts": [{"email": "seed@example.com"}]}"#);
    let state = folder.0.join("state.json").display().to_string();
    let mut running = Running::start(&["--token", "t", "--seed", &seed, "--state", &state]);
    let contacts = format!("{}/contacts", running.url);
    assert_eq!(call(&contacts, "wrong", None).await.0, 401);
    assert_eq!(running.line(), "401 GET /contacts contacts.list: unauthorized: The access token is missing or wrong.");
    assert_eq!(call(&contacts, "t", Some(json!({"email": "new@example.com"}))).await.0, 200);
    assert_eq!(running.line(), "200 POST /contacts contacts.create");
    assert_eq!(call(&contacts, "t", Some(json!({"email": 5}))).await.0, 400);
    assert_eq!(
        running.line(),
        "400 POST /contacts contacts.create: parameter_invalid: email: expected a text, found 5"
    );
    // The state is written within a second.
    let kept = || std::fs::read_to_string(&state).is_ok_and(|text| text.contains("new@example.com"));
    for _ in 0..200 {
        if kept() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    drop(running);
    // The state replaces the seed, so that what was deleted from it stays deleted.
    let mut deleted: Value = serde_json::from_str(&std::fs::read_to_string(&state).unwrap()).unwrap();
    assert_eq!(deleted["contacts"].as_array_mut().unwrap().remove(0)["email"], "seed@example.com");
    std::fs::write(&state, deleted.to_string()).unwrap();
    let again = Running::start(&["--seed", &seed, "--state", &state, "--quiet"]);
    let (_, list) = call(&format!("{}/contacts", again.url), "any", None).await;
    assert_eq!((&list["total_count"], &list["data"][0]["email"]), (&json!(1), &json!("new@example.com")));
}
