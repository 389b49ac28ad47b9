//! Exports against a server on loopback: complete, killed, interrupted, run again, with parts, and onto a full disk.

#![allow(clippy::unwrap_used, reason = "a test panics")]
#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Seen, Server, program, stderr};

/// Contacts with the numbers from 0, listed by a cursor. Each answer takes `delay`.
fn contacts(count: u64, per_page: u64, delay: Duration) -> Server {
    Server::start(move |seen| {
        std::thread::sleep(delay);
        let begin: u64 = seen.query("starting_after").map_or(0, |cursor| cursor.parse().unwrap());
        let end = (begin + per_page).min(count);
        let items: Vec<String> = (begin..end).map(contact).collect();
        let next = if end < count { format!(r#"{{"starting_after":"{end}"}}"#) } else { "null".to_owned() };
        let items = items.join(",");
        (
            200,
            format!(
                r#"{{"type":"list","data":[{items}],"total_count":{count},"pages":{{"type":"pages","next":{next}}}}}"#
            ),
        )
    })
}

fn contact(number: u64) -> String {
    format!(
        r#"{{"type":"contact","id":"{number:024x}","external_id":"{number}","email":"user{number}@example.com","name":"User {number}","role":"user","created_at":1700000000,"updated_at":{},"custom_attributes":{{"plan":"pro","seats":{}}},"location":{{"type":"location","country":"Ireland","city":"Dublin"}}}}"#,
        1_700_000_000 + number,
        number % 50
    )
}

fn export(server: &Server, folder: &Path, more: &[&str]) -> Command {
    let mut command = program(&server.address);
    command.arg("export").args(more).arg("--to").arg(folder);
    command
}

fn ids(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is whole");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Asserts that the file has every contact once.
fn assert_complete(folder: &Path, count: u64) {
    let found = ids(&folder.join("contacts.ndjson"));
    assert_eq!(found.len() as u64, count);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len() as u64, count, "none comes twice");
}

#[test]
fn a_killed_export_resumes_without_lost_or_repeated_lines() {
    let server = contacts(6_000, 50, Duration::from_millis(20));
    let folder = tempfile::tempdir().unwrap();
    let state = || std::fs::read_to_string(folder.path().join("export.json")).unwrap_or_default();
    let (mut kills, mut complete) = (0, false);
    for round in 0..8_u64 {
        let before = state();
        let mut child = export(&server, folder.path(), &["contacts"]).spawn().unwrap();
        // Waits until it has stored a page, so that it is killed somewhere in a later one.
        while child.try_wait().unwrap().is_none() && (state() == before || !state().contains("position")) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(round * 23));
        complete = child.try_wait().unwrap().is_some_and(|status| status.success());
        if complete {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += u64::from(state().contains("position"));
    }
    // After a complete export, the next one would ask for changes, which this server does not know.
    if !complete {
        let done = export(&server, folder.path(), &["contacts"]).output().unwrap();
        assert!(done.status.success(), "{}", stderr(&done));
    }
    assert_complete(folder.path(), 6_000);
    println!("{kills} kills between the first and the last page");
    assert!(kills > 0);
}

#[test]
fn ctrl_c_ends_with_a_checkpoint() {
    let server = contacts(3_000, 50, Duration::from_millis(20));
    let folder = tempfile::tempdir().unwrap();
    let child = export(&server, folder.path(), &["contacts"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // The program waits for Ctrl-C from its first page on.
    while server.seen().len() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stderr(&output).contains("run the same command to continue"), "{}", stderr(&output));
    let before = ids(&folder.path().join("contacts.ndjson")).len();
    assert!(before > 0 && before < 3_000 && before.is_multiple_of(50), "{before}");
    assert!(export(&server, folder.path(), &["contacts"]).status().unwrap().success());
    assert_complete(folder.path(), 3_000);
}

#[test]
fn two_exports_cannot_write_to_one_folder_at_once() {
    let server = contacts(3_000, 50, Duration::from_millis(20));
    let folder = tempfile::tempdir().unwrap();
    let mut first = export(&server, folder.path(), &["contacts"]).spawn().unwrap();
    while !folder.path().join("export.json").exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = export(&server, folder.path(), &["contacts"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("is being written by another export"), "{}", stderr(&second));
    // A lock does not outlive its process.
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(export(&server, folder.path(), &["contacts"]).status().unwrap().success());
    assert_complete(folder.path(), 3_000);
}

#[test]
fn a_second_run_adds_what_has_changed() {
    // The contacts that a search finds, as the server has them now.
    let now = Arc::new(AtomicI64::new(0));
    let clock = now.clone();
    let server = Server::start(move |seen| {
        let now = clock.load(Ordering::SeqCst);
        let item = |id: &str, updated: i64| json!({"type": "contact", "id": id, "updated_at": updated});
        let list = |items: Value| (200, json!({"type": "list", "data": items, "pages": {"next": null}}).to_string());
        match seen.path() {
            "/contacts" => list(json!([item("old", 1_700_000_000), item("recent", now - 60)])),
            // The search compares whole days, so it also finds contacts that have not changed since the last run.
            "/contacts/search" => list(json!([
                item("recent", now - 60),
                item("new", now),
                item("too-old", now - 86_400),
                item("old", now)
            ])),
            other => panic!("{other}"),
        }
    });
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    now.store(i64::try_from(seconds).unwrap(), Ordering::SeqCst);
    let folder = tempfile::tempdir().unwrap();
    for expected in [vec!["old", "recent"], vec!["old", "recent", "new", "old"], vec!["old", "recent", "new", "old"]] {
        let done = export(&server, folder.path(), &["contacts"]).output().unwrap();
        assert!(done.status.success(), "{}", stderr(&done));
        assert_eq!(ids(&folder.path().join("contacts.ndjson")), expected);
    }
    let search = server.seen().into_iter().find(|seen| seen.path() == "/contacts/search").unwrap();
    let query: Value = serde_json::from_str(&search.body).unwrap();
    assert_eq!((&query["query"]["field"], &query["query"]["operator"]), (&json!("updated_at"), &json!(">")));
}

/// `1d` is another time on each run, but the same option.
#[test]
fn an_export_of_the_last_days_goes_on_where_it_ended() {
    let refused = Arc::new(AtomicBool::new(true));
    let still = refused.clone();
    let server = Server::start(move |seen| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let second = seen.body.contains("starting_after");
        if second && still.load(Ordering::SeqCst) {
            return (401, json!({"type": "error.list", "errors": [{"code": "unauthorized"}]}).to_string());
        }
        let id = if second { "b" } else { "a" };
        let next = if second { Value::Null } else { json!({"starting_after": "x"}) };
        let item = json!({"type": "contact", "id": id, "updated_at": now});
        (200, json!({"type": "list", "data": [item], "pages": {"next": next}}).to_string())
    });
    let folder = tempfile::tempdir().unwrap();
    let run = |since: &str| export(&server, folder.path(), &["contacts", "--since", since]).output().unwrap();
    assert_eq!(run("1d").status.code(), Some(4));
    std::thread::sleep(Duration::from_millis(1100));
    refused.store(false, Ordering::SeqCst);
    let other = run("2d");
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    let again = run("1d");
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(ids(&folder.path().join("contacts.ndjson")), ["a", "b"]);
}

#[test]
fn parts_are_read_several_at_a_time_and_in_order() {
    static UNDER_WAY: AtomicU64 = AtomicU64::new(0);
    static MOST: AtomicU64 = AtomicU64::new(0);
    let server = Server::start(|seen| {
        if seen.path() == "/conversations" {
            let items: Vec<Value> = (0..40).map(|id| json!({"type": "conversation", "id": id.to_string()})).collect();
            return (200, json!({"conversations": items, "total_count": 40, "pages": {"next": null}}).to_string());
        }
        MOST.fetch_max(UNDER_WAY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        let id = seen.path().rsplit('/').next().unwrap();
        if id == "7" {
            return (404, json!({"type": "error.list", "errors": [{"code": "not_found"}]}).to_string());
        }
        let total = if id == "3" { 501 } else { 1 };
        let parts = json!({"total_count": total, "conversation_parts": [{"id": "p"}]});
        (200, json!({"type": "conversation", "id": id, "conversation_parts": parts}).to_string())
    });
    let folder = tempfile::tempdir().unwrap();
    let done = export(&server, folder.path(), &["conversations", "--parts", "--workers", "5"]).output().unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    assert!(stderr(&done).contains("1 have more parts than the API returns"), "{}", stderr(&done));
    let path = folder.path().join("conversations.ndjson");
    assert_eq!(ids(&path), (0..40).map(|id| id.to_string()).collect::<Vec<_>>());
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches("parts_truncated").count(), 1);
    assert_eq!(text.lines().filter(|line| !line.contains("conversation_parts")).count(), 1, "the one that is gone");
    let most = MOST.load(Ordering::SeqCst);
    assert!((2..=5).contains(&most), "{most} at the same time");
}

#[test]
fn companies_begin_again_because_a_scroll_cannot_go_on() {
    let broken = Arc::new(AtomicBool::new(true));
    let breaks = broken.clone();
    let server = Server::start(move |seen| {
        let page = |ids: std::ops::Range<u32>, next: &str| {
            let items: Vec<Value> = ids.map(|id| json!({"type": "company", "id": id.to_string()})).collect();
            (200, json!({"type": "list", "data": items, "scroll_param": next}).to_string())
        };
        match seen.query("scroll_param") {
            None => page(0..3, "a"),
            Some(_) if breaks.load(Ordering::SeqCst) => (401, "{}".to_owned()),
            Some("a") => page(3..5, "b"),
            Some(_) => page(0..0, "b"),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let first = export(&server, folder.path(), &["companies"]).output().unwrap();
    assert!(!first.status.success(), "{}", stderr(&first));
    assert_eq!(ids(&folder.path().join("companies.ndjson")), ["0", "1", "2"]);
    broken.store(false, Ordering::SeqCst);
    let done = export(&server, folder.path(), &["companies"]).output().unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    assert_eq!(ids(&folder.path().join("companies.ndjson")), ["0", "1", "2", "3", "4"]);
}

#[test]
fn trouble_with_files_is_one_line_and_loses_nothing() {
    let server = contacts(2_000, 50, Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    // A limit of the size of files stands for a full disk: the write fails in the same way.
    let line = format!(
        "trap '' XFSZ; ulimit -f 64; exec {} export contacts --to {}",
        env!("CARGO_BIN_EXE_intercom"),
        folder.path().display()
    );
    let mut full = Command::new("bash");
    full.args(["-c", &line]).env("INTERCOM_ACCESS_TOKEN", "t").env("INTERCOM_BASE_URL", &server.address);
    let full = full.output().unwrap();
    assert_eq!(full.status.code(), Some(1));
    assert!(stderr(&full).contains("contacts.ndjson: File too large"), "{}", stderr(&full));
    assert!(export(&server, folder.path(), &["contacts"]).status().unwrap().success());
    assert_complete(folder.path(), 2_000);

    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let no_folder = export(&server, &file.join("below"), &["contacts"]).output().unwrap();
    assert_eq!(no_folder.status.code(), Some(1));
    assert!(stderr(&no_folder).starts_with("error: cannot write to "), "{}", stderr(&no_folder));

    std::fs::write(folder.path().join("tickets.ndjson"), "{}\n").unwrap();
    let foreign = export(&server, folder.path(), &["tickets"]).output().unwrap();
    assert_eq!(foreign.status.code(), Some(2));
    std::fs::write(folder.path().join("export.json"), "{").unwrap();
    let broken = export(&server, folder.path(), &["contacts"]).output().unwrap();
    assert_eq!(broken.status.code(), Some(2));
    assert!(stderr(&broken).contains("export.json is not the state of an export"), "{}", stderr(&broken));
}

#[test]
fn transient_failures_are_retried_and_others_end_the_run() {
    let failures = AtomicU64::new(0);
    let server = Server::start(move |_: &Seen| match failures.fetch_add(1, Ordering::SeqCst) {
        0..4 => (503, "{}".to_owned()),
        4 => (
            200,
            json!({"type": "list", "data": [{"id": "1"}], "pages": {"next": {"starting_after": "x"}}}).to_string(),
        ),
        _ => (401, json!({"type": "error.list", "errors": [{"code": "unauthorized", "message": "no"}]}).to_string()),
    });
    let folder = tempfile::tempdir().unwrap();
    let done = export(&server, folder.path(), &["contacts"]).output().unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", stderr(&done));
    assert!(stderr(&done).contains("run the same command to continue"), "{}", stderr(&done));
    assert_eq!(ids(&folder.path().join("contacts.ndjson")), ["1"]);
}

/// The figures of docs/performance.md: `cargo build --release --package intercom-cli`, then this test with `--ignored --nocapture`
/// and `INTERCOM_PROGRAM=target/release/intercom`.
#[test]
#[ignore = "takes a minute and measures"]
fn a_million_contacts_in_constant_memory() {
    let folder = tempfile::tempdir().unwrap();
    for count in [100_000, 1_000_000] {
        let server = contacts(count, 150, Duration::ZERO);
        let folder = folder.path().join(count.to_string());
        let began = Instant::now();
        let mut child = export(&server, &folder, &["contacts"]).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let found = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
            peak = found.map_or(peak, |found| found.trim().parse::<u64>().unwrap());
            std::thread::sleep(Duration::from_millis(50));
        }
        let took = began.elapsed().as_secs_f64();
        let bytes = std::fs::metadata(folder.join("contacts.ndjson")).unwrap().len();
        println!("{count} contacts, {} MB: {took:.1} s, {peak} kB of memory", bytes / 1_000_000);
        assert_complete(&folder, count);
    }
}
