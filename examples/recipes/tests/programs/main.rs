//! The programs as they are run: with a server on loopback in place of the API.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod run;

use std::fs;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use intercom_tests::scripted::{Reply, Seen, Server};
use run::{folder, run};
use serde_json::{Value, json};

const CONTACTS: usize = 250;

/// A page of contacts, after the cursor that is the number of the last one before it.
fn contacts(seen: &Seen) -> Reply {
    let parameter = |name: &str| {
        let pair = seen.target.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.and_then(|value| value.parse().ok())
    };
    let (first, size) = (parameter("starting_after").unwrap_or(0), parameter("per_page").unwrap_or(50));
    let last = CONTACTS.min(first + size);
    let data: Vec<Value> = (first..last)
        .map(|n| json!({"type": "contact", "id": n.to_string(), "email": format!("{n}@example.com"), "name": "A, \"B\"", "created_at": 1_700_000_000}))
        .collect();
    let next = (last < CONTACTS).then(|| json!({"starting_after": last.to_string()}));
    json_reply(
        &json!({"type": "list", "data": data, "total_count": CONTACTS, "pages": {"type": "pages", "next": next}}),
    )
}

fn json_reply(body: &Value) -> Reply {
    Reply::json(body.to_string())
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap_or_default()
}

fn path(seen: &Seen) -> String {
    format!("{} {}", seen.method, seen.target.split('?').next().unwrap())
}

#[test]
fn an_export_goes_on_after_a_crash() {
    let broken = Arc::new(AtomicBool::new(true));
    let fails = broken.clone();
    let server = Server::answering(move |seen| match fails.load(Ordering::SeqCst) && seen.target.contains("=150") {
        true if seen.target.contains("starting_after=150") => Reply::new(400).body("{}"),
        _ => contacts(seen),
    });
    let folder = folder("export");
    let file = folder.join("contacts.csv");

    let (code, _, errors) = run!("export_contacts", &server, [&file]);
    assert!(code == 1 && errors.contains("contacts.list"), "{errors}");
    assert!(folder.join("contacts.csv.progress").exists());
    // What a crash in the middle of a row leaves.
    fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(b"150,,user,\"15").unwrap();

    broken.store(false, Ordering::SeqCst);
    let before = server.count();
    let (code, output, errors) = run!("export_contacts", &server, [&file]);
    assert_eq!((code, &errors[..]), (0, ""));
    assert!(output.starts_with("going on after 150 contacts\n"), "{output}");
    assert_eq!(server.count() - before, 1, "the first page is not asked for again");
    assert!(!folder.join("contacts.csv.progress").exists());

    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + CONTACTS);
    assert_eq!(lines[0], "id,external_id,role,email,name,phone,created_at,custom_attributes");
    assert_eq!(lines[151], "150,,,150@example.com,\"A, \"\"B\"\"\",,1700000000,");

    // A finished file is not overwritten.
    let (code, _, errors) = run!("export_contacts", &server, [&file]);
    assert!(code == 1 && errors.contains("contacts.csv"), "{errors}");
}

#[test]
fn an_import_updates_what_is_known_and_makes_no_ticket_twice() {
    let server = Server::answering(|seen| match &path(seen)[..] {
        "POST /contacts" if body(seen)["external_id"] == "2" => {
            json_reply(&json!({"type": "error.list", "errors": [{"code": "conflict", "message": "it exists"}]}))
                .with_status(409)
        }
        "POST /contacts" => json_reply(&json!({"type": "contact", "id": "c1"})),
        "GET /contacts/find_by_external_id/2" => json_reply(&json!({"type": "contact", "id": "c2"})),
        "PUT /contacts/c2" => json_reply(&json!({"type": "contact", "id": "c2"})),
        "POST /tickets" if body(seen)["ticket_type_id"] == "9" => Reply::new(422).body("{}"),
        "POST /tickets" => json_reply(&json!({"type": "ticket", "id": "t1"})),
        _ => Reply::new(404),
    });
    let file = folder("import").join("people.json");
    let people = json!({
        "contacts": [
            {"external_id": "1", "email": "a@b.test", "custom_attributes": {"plan": "pro"}},
            {"external_id": "2", "name": "Joe"},
            "not a contact",
        ],
        "tickets": [
            {"ticket_type_id": "7", "contacts": [{"external_id": "1"}], "ticket_attributes": {"_default_title_": "Hello"}},
            {"ticket_type_id": "9", "contacts": [{"external_id": "1"}]},
        ],
    });
    fs::write(&file, people.to_string()).unwrap();

    let (code, output, errors) = run!("import", &server, [&file]);
    assert_eq!((code, &output[..]), (1, "3 imported, 2 failed\n"), "{errors}");
    assert!(errors.contains("contact 2: ") && errors.contains("ticket 1: tickets.create: 422"), "{errors}");
    let sent = |what: &str| server.seen().iter().filter(|seen| path(seen) == what).map(body).collect::<Vec<_>>();
    assert!(sent("POST /contacts").contains(&people["contacts"][0]));
    assert_eq!(sent("PUT /contacts/c2"), [json!({"external_id": "2", "name": "Joe"})]);
    assert_eq!(sent("POST /tickets")[0], people["tickets"][0]);

    let (code, _, _) = run!("import", &server, [&file]);
    assert_eq!((code, sent("POST /tickets").len()), (1, 3), "the ticket that was made is not made again");

    fs::write(file.with_file_name("people.json.done"), [0xff]).unwrap();
    let (code, _, errors) = run!("import", &server, [&file]);
    assert_eq!((code, sent("POST /tickets").len()), (1, 3), "without the notes, no ticket is made");
    assert!(errors.contains("people.json.done"), "{errors}");
}

#[test]
fn companies_are_synchronised_from_ten_tasks() {
    // The first two requests wait for each other: a program that sends one at a time would hang here.
    let (arrived, together) = (AtomicUsize::new(0), Barrier::new(2));
    let server = Server::answering(move |seen| {
        if arrived.fetch_add(1, Ordering::SeqCst) < 2 {
            together.wait();
        }
        match &body(seen)["company_id"] {
            id if id == "13" => Reply::new(400).body("{}"),
            id => json_reply(&json!({"type": "company", "id": format!("i{id}"), "company_id": id}))
                .header("x-ratelimit-limit", "10000")
                .header("x-ratelimit-remaining", "9000"),
        }
    });
    let file = folder("sync").join("companies.csv");
    let mut rows = "company_id,name,plan,size\n".to_owned();
    (1..=40).for_each(|n| rows.push_str(&format!("{n},\"Company, {n}\",,{n}\n")));
    fs::write(&file, &rows).unwrap();

    let (code, output, errors) = run!("sync_companies", &server, [&file]);
    assert_eq!((code, &output[..]), (1, "39 companies up to date, 1 failed\n"), "{errors}");
    assert!(errors.starts_with("company 13: companies."), "{errors}");
    let sent: Vec<Value> = server.seen().iter().map(body).collect();
    assert_eq!(sent.len(), 40);
    assert!(sent.contains(&json!({"company_id": "7", "name": "Company, 7", "size": 7})));

    fs::write(&file, "id,name\n").unwrap();
    assert_eq!(run!("sync_companies", &server, [&file]).0, 1);
}

#[test]
fn a_conversation_is_answered_tagged_and_closed() {
    let server = Server::answering(|seen| match &path(seen)[..] {
        "GET /me" => json_reply(&json!({"type": "admin", "id": "991"})),
        "POST /conversations/215472/reply" => json_reply(&json!({"type": "conversation", "id": "215472"})),
        "POST /conversations/215472/tags" => json_reply(&json!({"type": "tag", "id": "34", "name": "vip"})),
        "POST /conversations/215472/parts" => {
            json_reply(&json!({"type": "conversation", "id": "215472", "state": "closed"}))
        }
        _ => Reply::new(404),
    });
    let (code, output, errors) = run!("reply_and_close", &server, ["215472", "34", "It is fixed."]);
    assert_eq!((code, &output[..]), (0, "replied\ntagged\nclosed, state closed\n"), "{errors}");
    let sent: Vec<Value> = server.seen().iter().skip(1).map(body).collect();
    assert_eq!(sent[0], json!({"message_type": "comment", "type": "admin", "admin_id": "991", "body": "It is fixed."}));
    assert_eq!(sent[1], json!({"id": "34", "admin_id": "991"}));
    assert_eq!(sent[2], json!({"message_type": "close", "type": "admin", "admin_id": "991"}));
}

#[test]
fn a_data_export_is_awaited_and_unpacked() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"id,title\n1,Hello\n").unwrap();
    let packed = gzip.finish().unwrap();
    let looks = AtomicUsize::new(0);
    let server = Server::answering(move |seen| match &path(seen)[..] {
        "POST /export/content/data" => json_reply(&json!({"job_identifier": "j1", "status": "pending"})),
        "GET /export/content/data/j1" => {
            let status = if looks.fetch_add(1, Ordering::SeqCst) == 0 { "in_progress" } else { "completed" };
            json_reply(&json!({"job_identifier": "j1", "status": status}))
        }
        "GET /download/content/data/j1" => {
            Reply::new(200).header("content-type", "application/octet-stream").body(packed.clone())
        }
        _ => Reply::new(404),
    });
    let file = folder("data_export").join("messages.csv");
    let (code, output, errors) = run!("data_export", &server, ["30".as_ref(), file.as_os_str()]);
    assert_eq!((code, output.trim_end()), (0, file.to_str().unwrap()), "{errors}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "id,title\n1,Hello\n");
    let range = body(&server.seen()[0]);
    let days = range["created_at_before"].as_i64().unwrap() - range["created_at_after"].as_i64().unwrap();
    assert_eq!(days, 30 * 86_400);

    let nothing = Server::start([
        json_reply(&json!({"job_identifier": "j2", "status": "pending"})),
        json_reply(&json!({"job_identifier": "j2", "status": "no_data"})),
    ]);
    let (code, output, _) = run!("data_export", &nothing, ["1", "unused.csv"]);
    assert_eq!((code, &output[..]), (0, "no message was sent in these 1 days\n"));
}

#[test]
fn a_search_is_walked_page_by_page_up_to_a_limit() {
    let server = Server::answering(|seen| {
        let from = body(seen)["pagination"]["starting_after"].as_str().map_or(0, |cursor| cursor.parse().unwrap());
        let data: Vec<Value> =
            (from..from + 2).map(|n| json!({"id": n.to_string(), "title": format!("T{n}")})).collect();
        json_reply(
            &json!({"conversations": data, "total_count": 6, "pages": {"next": {"starting_after": (from + 2).to_string()}}}),
        )
    });
    let (code, output, errors) = run!("unanswered", &server, ["24", "3"]);
    assert_eq!(code, 0, "{errors}");
    assert_eq!(output, "6 conversations wait for a reply\n0  T0\n1  T1\n2  T2\n3 listed\n");
    let query = &body(&server.seen()[0])["query"];
    assert_eq!(query["operator"], "AND");
    assert_eq!(query["value"][0], json!({"field": "open", "operator": "=", "value": true}));
    assert_eq!(query["value"][1]["field"], "waiting_since");
}

#[test]
fn a_recording_gives_the_same_report_without_a_server() {
    let file = folder("recording").join("report.json");
    let recorded = {
        let server = Server::answering(|seen| match &path(seen)[..] {
            "GET /admins" => json_reply(&json!({"type": "admin.list", "admins": [{"id": "1"}, {"id": "2"}]})),
            _ => contacts(seen),
        });
        let (code, output, errors) = run!("recording", &server, ["record".as_ref(), file.as_os_str()]);
        assert_eq!(code, 0, "{errors}");
        output
    };
    assert_eq!(recorded, "2 admins, 250 contacts\n");
    let recording = fs::read_to_string(&file).unwrap();
    assert!(recording.contains("GET /contacts?per_page=150&starting_after=150") && !recording.contains(run::TOKEN));

    let gone = Server::start([]);
    let (code, output, errors) = run!("recording", &gone, ["replay".as_ref(), file.as_os_str()]);
    assert_eq!((code, output), (0, recorded), "{errors}");
    assert_eq!(gone.count(), 0);

    fs::write(&file, "[]").unwrap();
    let (code, _, errors) = run!("recording", &gone, ["replay".as_ref(), file.as_os_str()]);
    assert!(code == 1 && errors.contains("the recording has no answer to GET /admins"), "{errors}");
}

#[test]
fn all_regions_are_asked_at_once() {
    let region = |name: &'static str, open: usize| {
        Server::answering(move |seen| match &path(seen)[..] {
            "GET /me" => json_reply(
                &json!({"type": "admin", "id": "1", "app": {"name": format!("Shop {name}"), "region": name}}),
            ),
            _ => json_reply(&json!({"conversations": [], "total_count": open, "pages": {"next": null}})),
        })
    };
    let (us, eu) = (region("US", 3), region("EU", 5));
    let refused = Server::answering(|_| Reply::new(401).body("{}"));
    let (code, output, errors) = run::with_environment(
        env!("CARGO_BIN_EXE_all_regions"),
        &[
            ("INTERCOM_ACCESS_TOKEN_US", run::TOKEN),
            ("INTERCOM_BASE_URL_US", &us.url()),
            ("INTERCOM_ACCESS_TOKEN_EU", run::TOKEN),
            ("INTERCOM_BASE_URL_EU", &eu.url()),
            ("INTERCOM_ACCESS_TOKEN_AU", run::TOKEN),
            ("INTERCOM_BASE_URL_AU", &refused.url()),
        ],
        [""; 0],
    );
    let mut lines: Vec<&str> = output.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["EU: Shop EU, hosted in EU, 5 open conversations", "US: Shop US, hosted in US, 3 open conversations"]
    );
    assert!(code == 1 && errors.starts_with("AU: admins.identify: 401"), "{errors}");
}
