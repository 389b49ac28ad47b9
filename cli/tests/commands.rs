//! Commands end to end against the mock server, with snapshots of what they print and their exit codes.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use support::{program, stderr, stdout, words};

/// Runs lines one after the other. `name <- command` keeps the `id` of the answer for `{name}` in later lines.
fn session(server: &intercom_mock::Server, lines: &[&str]) -> String {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut shown = String::new();
    for line in lines {
        let (keep, command) = match line.split_once(" <- ") {
            Some((name, command)) => (Some(name), command),
            None => (None, *line),
        };
        let filled = ids.iter().fold(command.to_owned(), |line, (name, id)| line.replace(&format!("{{{name}}}"), id));
        let output =
            program(&server.url()).env("INTERCOM_ACCESS_TOKEN", server.token()).args(words(&filled)).output().unwrap();
        let text = stdout(&output);
        if let Some(name) = keep {
            let answer: Value =
                serde_json::from_str(&text).unwrap_or_else(|_| panic!("{command}: {text}{}", stderr(&output)));
            let id = answer["id"].as_str().map_or_else(|| answer["id"].to_string(), str::to_owned);
            ids.insert(name.to_owned(), id);
        }
        let mut printed = format!("{}{}", text, stderr(&output));
        for (name, id) in &ids {
            // Short numbers would be found in places that mean something else.
            if id.len() > 3 {
                printed = printed.replace(id, &format!("{{{name}}}"));
            }
        }
        printed = printed.replace(&server.url(), "http://mock");
        let code = output.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        let _ = writeln!(shown, "$ intercom {line}\n{}\n[{code}]\n", printed.trim_end());
    }
    shown
}

#[test]
fn forty_commands() {
    let server = intercom_mock::Server::start_blocking("2.16");
    for (name, data_type) in [("plan", "string"), ("seats", "integer")] {
        let attribute = serde_json::json!({"model": "contact", "name": name, "data_type": data_type});
        server.seed("data_attributes", attribute);
    }
    let shown = session(
        &server,
        &[
            "contact <- contacts create --email joe@example.com --role user --external-id 25 --custom-attributes plan=pro,seats=5",
            "contacts find {contact} --fields id,email,role,custom_attributes.seats",
            "contacts update {contact} --name 'Joe Doe' --unsubscribed-from-emails --fields name,unsubscribed_from_emails",
            "contacts update {contact} --fields name name:=null",
            "contacts show-contact-by-external-id 25 --fields email",
            "lead <- contacts create --role lead --name Ann --signed-up-at 2026-01-01",
            "contacts list --fields role,name -o csv",
            "contacts list --limit 1 --fields role -o json",
            "contacts list --all --fields role,email -o ndjson",
            "contacts list --fields role,email -o table",
            "contacts list --fields role,email -o yaml",
            "contacts search 'email = joe@example.com' --fields email,external_id",
            "contacts search 'role = lead or custom_attributes.plan = pro' --fields role -o csv",
            "contacts search 'role = nobody' -o json",
            "contacts archive {lead} --fields archived",
            "contacts unarchive {lead} --fields archived",
            "contacts merge-lead-in-user --from {lead} --into {contact} --yes --fields role",
            "tag <- tags create --name vip",
            "tags tag-contact {contact} --id {tag} --fields type,name",
            "contacts list-attached-tags {contact} --fields name -o csv",
            "tags untag-contact {contact} {tag} --fields name",
            "tags list --fields name -o csv",
            "tags find {tag} --fields name -o yaml",
            "tags delete {tag} --yes",
            "company <- companies create-or-update --name Blue --company-id c-1 --plan pro --size 5",
            "companies find {company} --fields name,size,company_id",
            "companies attach-contact {contact} --id {company} --fields name",
            "companies list --fields name -o csv",
            "notes create {contact} --body-value 'Called back' --fields type",
            "notes list {contact} --fields type -o csv",
            "conversations create --from type=user,id={contact} --body-value Hello --fields type",
            "conversations list --fields type,open,state -o csv",
            "conversations search 'open = true' --fields open -o csv",
            "article <- articles create --title Hello --author-id 991 --state draft",
            "articles find {article} --fields title,state",
            "articles delete {article}",
            "articles delete {article} --yes --fields deleted",
            "articles find {article}",
            "admins identify --fields type",
            "admins list --fields type -o csv",
            "whoami --fields api_version,address",
            "api GET '/contacts?per_page=1' --fields type,total_count",
            "api POST /tags name=web --fields type,name",
            "api GET /nothing",
            "contacts delete {contact} --yes --fields type,deleted",
            "contacts find {contact}",
        ],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn requests_as_they_would_be_sent() {
    let server = intercom_mock::Server::start_blocking("2.16");
    let shown = session(
        &server,
        &[
            "contacts update 63a --email a@example.com --owner-id 12 --dry-run",
            "tickets create --ticket-type-id 5 --contacts id=1 ticket_attributes._default_title_=Hi ticket_attributes.n:='\"1\"' --dry-run",
            "conversations reply 5 --message-type note --type admin --admin-id 3 --body-value hi --dry-run",
            "conversations search 'open = true and (state in (open, snoozed) or source.subject contains \"a b\")' --dry-run",
            "contacts create --body '{\"email\": \"a@example.com\"}' --name Joe --dry-run",
            "content search --states draft --states published --per-page 5 --dry-run",
            "api DELETE /tags/1 --dry-run",
            "conversations close 5 --admin-id 3 --body Bye --dry-run",
            "conversations note 5 --admin-id 3 --body 'call back' --dry-run",
            "tickets snooze 5 --until 2026-12-01 --dry-run",
            "tickets close 5 --dry-run",
            "messages email --admin-id 3 --to type=user,id=1 --subject Hi --body Hello --dry-run",
            "articles update 5 --scheduled-publish-at 1796112000 --dry-run",
            "articles update 5 --scheduled-publish-at 2026-12-01T09:00:00+01:00 --dry-run",
            "articles update 5 --author-id 007 --dry-run",
            "calls register-fin-voice-call --phone-number +15550100 --call-id 7 --dry-run",
        ],
    );
    assert!(server.calls().is_empty(), "nothing is sent");
    let shown: Vec<&str> = shown.lines().filter(|line| !line.starts_with("user-agent")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn mistakes_say_what_is_wrong() {
    let server = intercom_mock::Server::start_blocking("2.16");
    let shown = session(
        &server,
        &[
            "contcts list",
            "contacts udpate 1",
            "contacts find",
            "contacts find 1 2",
            "contacts list --outpt json",
            "contacts list --api-v 2.1",
            "contacts list -o xml",
            "contacts list --fields emial",
            "ip-allowlist find --fields enabeld",
            "contacts list --limit 0",
            "contacts list --all --resume nonsense",
            "contacts search 'emial = x'",
            "contacts search",
            "contacts update 1 --owner-id= --email a@example.com",
            "contacts update 1 --unsubscribed-from-emails=maybe",
            "contacts update 1 --signed-up-at soon",
            "contacts update 1 nmae=x",
            "contacts update 1 nonsense",
            "contacts update 1 --body /nonexistent.json",
            "contacts update 1 --body '{\"email\": 5}'",
            "contacts update 1 --body '{\"email\":'",
            "contacts update 1 --body '{\"emial\": \"a@example.com\"}'",
            "tickets create",
            "tags list --api-version 1.4",
            "tags list --profile nobody",
            "export everything --to /tmp/x",
            "import contacts /nonexistent.csv",
            "completions tcsh",
            "listen --address here --no-verify",
            "sign --scheme other",
            "conversations snooze 5 --admin-id 3",
            "conversations clse 5",
            "mcp --budget 5",
            "mcp --toolz default",
            "mcp --tools tikets",
            "mcp contacts",
            "--budget 5 mcp",
            "--limit 5 contacts list",
        ],
    );
    assert!(server.calls().is_empty(), "nothing is sent");
    // Features decide which versions the program has.
    insta::assert_snapshot!(shown.replace(&intercom_catalog::VERSIONS.join(", "), "{versions}"));
}

#[test]
fn each_kind_of_failure_has_its_code() {
    let server = intercom_mock::Server::start_blocking("2.16");
    let mut codes = Vec::new();
    for status in [400, 401, 402, 403, 404, 409, 410, 422, 429, 500, 503] {
        server.fail_next(status).times(10);
        let output = program(&server.url())
            .env("INTERCOM_ACCESS_TOKEN", server.token())
            .args(["admins", "list"])
            .output()
            .unwrap();
        server.clear_faults();
        assert!(stderr(&output).starts_with("error: admins.list: "), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
        codes.push((status, output.status.code().unwrap()));
    }
    let expected =
        [(400, 7), (401, 4), (402, 4), (403, 4), (404, 3), (409, 7), (410, 3), (422, 7), (429, 5), (500, 1), (503, 1)];
    assert_eq!(codes, expected);
    let nobody = program("http://127.0.0.1:9").args(["admins", "list"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(6), "{}", stderr(&nobody));
    let no_token =
        program(&server.url()).env_remove("INTERCOM_ACCESS_TOKEN").args(["admins", "list"]).output().unwrap();
    assert_eq!(no_token.status.code(), Some(4), "{}", stderr(&no_token));
    assert!(stderr(&no_token).contains("intercom login"), "{}", stderr(&no_token));
}
