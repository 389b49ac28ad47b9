//! The program's own commands, and what surrounds every command: pipes, full disks, profiles, imports and documentation.

#![allow(clippy::unwrap_used, reason = "a test panics")]
#![cfg(unix)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Server, program, run, stderr, stdout};

/// Endless contacts.
fn endless() -> Server {
    Server::start(|seen| {
        let begin: u64 = seen.query("starting_after").map_or(0, |cursor| cursor.parse().unwrap());
        let items: Vec<Value> =
            (begin..begin + 150).map(|id| json!({"type": "contact", "id": id.to_string()})).collect();
        let next = json!({"starting_after": (begin + 150).to_string()});
        (200, json!({"type": "list", "data": items, "pages": {"next": next}}).to_string())
    })
}

fn shell(server: &Server, line: &str) -> std::process::Output {
    let line = line.replace("intercom", env!("CARGO_BIN_EXE_intercom"));
    let mut bash = Command::new("bash");
    bash.args(["-c", &line]).env("INTERCOM_ACCESS_TOKEN", "t").env("INTERCOM_BASE_URL", &server.address);
    bash.output().unwrap()
}

#[test]
fn a_closed_pipe_ends_the_list_and_a_full_disk_is_an_error() {
    let server = endless();
    let head = shell(&server, "set -o pipefail; intercom contacts list --all --fields id | head -n 2");
    assert_eq!((stdout(&head).as_str(), stderr(&head).as_str()), ("{\"id\":\"0\"}\n{\"id\":\"1\"}\n", ""));
    assert_eq!(head.status.code(), Some(0));
    let full = shell(&server, "intercom contacts list --all > /dev/full");
    assert_eq!(full.status.code(), Some(1));
    assert_eq!(stderr(&full), "error: cannot write to standard output: No space left on device\n");
}

#[test]
fn an_interrupted_list_resumes_at_its_checkpoint() {
    let server = endless();
    let mut child = program(&server.address);
    let mut child =
        child.args(["contacts", "list", "--all"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let (mut rest, mut told) = (String::new(), String::new());
    out.read_to_string(&mut rest).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let printed = 1 + rest.lines().count();
    assert!(told.starts_with(&format!("interrupted after {printed} items; continue with --resume ")), "{told}");
    let checkpoint = told.trim_end().rsplit_once("--resume ").unwrap().1.trim_matches('\'').to_owned();
    let mut more = program(&server.address);
    let more = more.args(["contacts", "list", "--limit", "1", "--resume", &checkpoint]).output().unwrap();
    assert_eq!(stdout(&more), format!("{}\n", json!({"type": "contact", "id": printed.to_string()})));
}

/// A list that is resumed makes as many calls as one with `--all`, so it keeps below the rate limit as well.
#[test]
fn a_resumed_list_is_throttled() {
    let server = intercom_mock::Server::builder("2.16").rate_limit(20, Duration::from_secs(10)).real_time();
    let server = server.start().unwrap();
    for number in 0..12 {
        server.seed("contacts", json!({"external_id": number.to_string()}));
    }
    server.inject(intercom_mock::Fault::Latency(Duration::ZERO));
    server.fail_next(401);
    let broken = run(&server.url(), "contacts list --per-page 2 --all");
    let told = stderr(&broken);
    let checkpoint = told.split_once("--resume '").unwrap_or_else(|| panic!("{told}")).1.split('\'').next().unwrap();
    let begin = Instant::now();
    let rest = run(&server.url(), &format!("contacts list --per-page 2 --resume '{checkpoint}'"));
    assert_eq!(stdout(&rest).lines().count(), 10, "{}", stderr(&rest));
    // Five pages, of which those after the first are half a second apart.
    assert!(begin.elapsed() > Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[test]
fn profiles_are_kept_in_a_private_file() {
    let server = Server::start(|seen| {
        assert_eq!(seen.path(), "/me");
        (200, json!({"email": "a@example.com", "app": {"name": "Shop", "region": "EU"}}).to_string())
    });
    let folder = tempfile::tempdir().unwrap();
    let with = |arguments: &[&str]| {
        let mut command = program(&server.address);
        command.env("INTERCOM_CONFIG_DIR", folder.path()).env_remove("INTERCOM_ACCESS_TOKEN").args(arguments);
        command
    };
    let mut login = with(&["login", "--profile", "shop"]);
    let mut child = login.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"very-secret\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("a@example.com of Shop") && stderr(&output).contains("region eu"));
    assert!(!stderr(&output).contains("very-secret") && stdout(&output).is_empty());
    let path = folder.path().join("profiles.json");
    if stderr(&output).contains("warning: there is no keyring") {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(std::fs::read_to_string(&path).unwrap().contains("very-secret"));
    }
    assert!(with(&["whoami", "--profile", "shop"]).status().unwrap().success());
    let shown = with(&["api", "GET", "/me", "--dry-run", "-v", "--profile", "shop"]).output().unwrap();
    assert!(!stdout(&shown).contains("very-secret") && stdout(&shown).contains("authorization: Bearer …"));
    let without = with(&["whoami"]).output().unwrap();
    assert_eq!(without.status.code(), Some(4), "{}", stderr(&without));
    assert!(with(&["logout", "--profile", "shop"]).status().unwrap().success());
    assert_eq!(with(&["logout", "--profile", "shop"]).output().unwrap().status.code(), Some(2));
    std::fs::write(&path, "{\"shop\": {\"token\": very-secret}}").unwrap();
    let broken = with(&["whoami"]).output().unwrap();
    assert_eq!(broken.status.code(), Some(2));
    assert!(!stderr(&broken).contains("very-secret"), "{}", stderr(&broken));
}

#[test]
fn a_profile_that_is_named_overrides_the_environment() {
    let server = intercom_mock::Server::builder("2.16").token("of-the-shop").start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile = |region: &str| {
        let text = json!({"shop": {"token": "of-the-shop", "region": region}, "default": {"token": "of-the-shop"}})
            .to_string();
        std::fs::write(folder.path().join("profiles.json"), text).unwrap();
    };
    let with = |arguments: &[&str]| {
        let mut command = program(&server.url());
        command.env("INTERCOM_CONFIG_DIR", folder.path()).args(arguments);
        command
    };
    profile("eu");
    let named = with(&["whoami", "--profile", "shop"]).env("INTERCOM_REGION", "au").output().unwrap();
    assert!(named.status.success(), "{}", stderr(&named));
    let shown = ["api", "GET", "/me", "--dry-run", "--profile", "shop"];
    let shown = with(&shown).env("INTERCOM_REGION", "au").env_remove("INTERCOM_BASE_URL").output().unwrap();
    assert!(stdout(&shown).contains("api.eu.intercom.io"), "{}", stdout(&shown));
    assert_eq!(
        with(&["whoami"]).output().unwrap().status.code(),
        Some(4),
        "the variable overrides the default profile"
    );
    profile("mars");
    let wrong = with(&["whoami", "--profile", "shop"]).output().unwrap();
    assert!(stderr(&wrong).contains("`mars` is not a region; expected us, eu or au"), "{}", stderr(&wrong));
}

#[test]
fn a_login_takes_the_region_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    for (variable, more, region) in [("EU", &[][..], "eu"), ("eu", &["--region", "au"][..], "au"), ("", &[][..], "us")]
    {
        let mut login = program("http://127.0.0.1:9");
        login.env("INTERCOM_CONFIG_DIR", folder.path()).env("INTERCOM_REGION", variable).args(["login", "--no-check"]);
        let mut child = login.args(more).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"secret\n").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(stderr(&output).contains(&format!("region {region}")), "{}", stderr(&output));
    }
}

fn import(server: &Server, file: &Path, more: &[&str]) -> std::process::Output {
    program(&server.address).args(["import", "contacts"]).arg(file).args(more).output().unwrap()
}

#[test]
fn rows_are_created_updated_or_refused_and_checked_before() {
    let server = Server::start(|seen| {
        let body: Value = serde_json::from_str(&seen.body).unwrap_or_default();
        let error = |status, code: &str, message: &str| {
            (status, json!({"type": "error.list", "errors": [{"code": code, "message": message}]}).to_string())
        };
        match (seen.method.as_str(), body["email"].as_str()) {
            ("POST", Some("there@example.com")) => {
                error(409, "conflict", "A contact matching those details already exists with id=63a07ddf")
            }
            ("POST", Some("bad@example.com")) => error(422, "parameter_invalid", "email is not valid"),
            _ => (200, json!({"type": "contact", "id": "1"}).to_string()),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(
        &file,
        "E-Mail,Plan,Notes,custom_attributes.seats\nnew@example.com,pro,x,5\nthere@example.com,,x,\nbad@example.com,,,\n,free,,\n",
    )
    .unwrap();
    let map = ["--map", "E-Mail = email", "--map", "Plan=custom_attributes.plan", "--map", "Notes="];
    let unmapped = import(&server, &file, &[]);
    assert_eq!(unmapped.status.code(), Some(2));
    assert!(stderr(&unmapped).contains("--map 'E-Mail=FIELD'"), "{}", stderr(&unmapped));
    let invalid = import(&server, &file, &map);
    assert_eq!(invalid.status.code(), Some(2));
    assert!(stderr(&invalid).contains("row 4: has neither an email nor an external_id"), "{}", stderr(&invalid));
    assert!(server.seen().is_empty(), "nothing was sent");

    let done = import(&server, &file, &[&map[..], &["--skip-invalid", "--workers", "1"]].concat());
    assert_eq!(done.status.code(), Some(7), "{}", stderr(&done));
    assert!(stderr(&done).contains("1 created, 1 updated, 2 refused"), "{}", stderr(&done));
    let refused = std::fs::read_to_string(folder.path().join("people.csv.refused.ndjson")).unwrap();
    assert_eq!(refused.lines().count(), 2, "{refused}");
    let seen = server.seen();
    assert_eq!(seen[0].body, r#"{"email":"new@example.com","custom_attributes":{"plan":"pro","seats":5}}"#);
    assert_eq!((seen[2].method.as_str(), seen[2].path()), ("PUT", "/contacts/63a07ddf"));
    assert!(!folder.path().join("people.csv.import.json").exists(), "a complete import leaves no state");
}

#[test]
fn an_import_goes_on_where_it_ended() {
    let server = Server::start(|seen| {
        if seen.body.contains("user30@") && !seen.body.contains("second") {
            return (401, json!({"type": "error.list", "errors": [{"code": "unauthorized"}]}).to_string());
        }
        (200, json!({"type": "contact", "id": "1"}).to_string())
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.ndjson");
    let lines: String = (0..60).map(|number| format!("{{\"email\":\"user{number}@example.com\"}}\n")).collect();
    std::fs::write(&file, &lines).unwrap();
    let first = import(&server, &file, &["--workers", "1"]);
    assert_eq!(first.status.code(), Some(4), "{}", stderr(&first));
    assert_eq!(server.seen().len(), 31);
    let second = import(&server, &file, &["--workers", "1"]);
    assert!(stderr(&second).contains("continues after row 30"), "{}", stderr(&second));
    assert_eq!(server.seen().len(), 32, "only the row that failed is sent again");
}

#[test]
fn webhooks_are_verified_and_printed() {
    let mut command = program("http://127.0.0.1:9");
    command.args(["listen", "--port", "0", "--count", "1"]).env("INTERCOM_CLIENT_SECRET", "secret");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let body = r#"{"type":"notification_event","topic":"contact.created"}"#;
    let mut sign = program("http://127.0.0.1:9");
    sign.arg("sign").env("INTERCOM_CLIENT_SECRET", "secret").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut sign = sign.spawn().unwrap();
    sign.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
    let signature = String::from_utf8(sign.wait_with_output().unwrap().stdout).unwrap();
    assert!(
        signature.starts_with("X-Hub-Signature: sha1=") || signature.starts_with("x-hub-signature: sha1="),
        "{signature}"
    );
    let post = |header: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(post("x-hub-signature: sha1=00"), "401");
    assert_eq!(post(signature.trim()), "200");
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output), format!("{body}\n"));
}

#[test]
fn tokens_for_the_messenger_are_signed() {
    let mut jwt = program("http://127.0.0.1:9");
    let output = jwt
        .args(["jwt", "25", "--email", "a@example.com", "plan=pro"])
        .env("INTERCOM_MESSENGER_SECRET", "s")
        .output()
        .unwrap();
    assert_eq!(stdout(&output).trim().split('.').count(), 3, "{}", stderr(&output));
    let without = run("http://127.0.0.1:9", "jwt 25");
    assert_eq!(
        (without.status.code(), stderr(&without).as_str()),
        (Some(2), "error: there is no Messenger secret: set INTERCOM_MESSENGER_SECRET\n")
    );
}

#[test]
fn pages_of_help_can_be_printed_and_examples_are_whole() {
    let page = stdout(&run("http://127.0.0.1:9", "contacts update --help"));
    insta::assert_snapshot!(page.split("Common options:").next().unwrap());
    let example = page.split("Example:\n").nth(1).unwrap().lines().next().unwrap().trim();
    let dry = run("http://127.0.0.1:9", &format!("{} --dry-run", example.strip_prefix("intercom ").unwrap()));
    assert!(dry.status.success(), "{example}: {}", stderr(&dry));
    let group = stdout(&run("http://127.0.0.1:9", "contacts --help"));
    assert!(group.contains("Operations:") && group.contains("  update  "), "{group}");
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let mut man = program("http://127.0.0.1:9");
    let output = man.args(["man", "--to"]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(folder.path().join("intercom-contacts-update.1")).unwrap();
    assert!(page.contains("Change fields of a contact") && !page.contains('\u{a0}'), "{page}");
    assert!(std::fs::read_dir(folder.path()).unwrap().count() > 200);
}

/// Regenerate by `cargo run --package intercom-cli -- docs --to docs/cli.md`.
#[cfg(feature = "mcp")]
#[test]
fn the_page_docs_cli_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    let mut docs = program("http://127.0.0.1:9");
    let output = docs.args(["docs", "--check", "--to"]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

/// The examples of the help pages are commands that the program takes: those of some operations and of all shorthands are dry-run.
#[test]
fn examples_of_help_pages_can_be_pasted() {
    let catalog = intercom_catalog::load("2.16").unwrap();
    let (mut run_count, mut without, mut failed) = (0, Vec::new(), Vec::new());
    let step = std::env::var("INTERCOM_EVERY").map_or(12, |step| step.parse().unwrap());
    for operation in catalog.operations.iter().step_by(step) {
        let words: Vec<String> = operation.id.split('.').map(|word| word.replace('_', "-")).collect();
        let group = if words[0] == "export" { "export-group".to_owned() } else { words[0].clone() };
        let page = stdout(&run("http://127.0.0.1:9", &format!("{group} {} --help", words[1])));
        let Some(example) = page.split("Example:\n").nth(1).and_then(|rest| rest.lines().next()) else {
            without.push(operation.id.clone());
            continue;
        };
        let line = format!("{} --dry-run", example.trim());
        let bash = format!("{} {}", env!("CARGO_BIN_EXE_intercom"), line.strip_prefix("intercom ").unwrap());
        let mut shell = Command::new("bash");
        let output = shell.args(["-c", &bash]).env("INTERCOM_CONFIG_DIR", "/nonexistent").output().unwrap();
        run_count += 1;
        if !output.status.success() {
            failed.push(format!("{line}\n  {}", stderr(&output).trim()));
        }
    }
    let shorthands = catalog.operations.iter().flat_map(|it| it.shorthands.iter().map(move |short| (it, short)));
    for (operation, shorthand) in shorthands {
        let command = format!("{} {}", operation.group, shorthand.method).replace('_', "-");
        let page = stdout(&run("http://127.0.0.1:9", &format!("{command} --help")));
        let example = page.split("Example:\n  intercom ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
        assert!(example.starts_with(&command), "{page}");
        let output = run("http://127.0.0.1:9", &format!("{example} --dry-run"));
        run_count += 1;
        if !output.status.success() {
            failed.push(format!("{example}\n  {}", stderr(&output).trim()));
        }
    }
    println!("{run_count} examples, {} operations without: {}", without.len(), without.join(", "));
    println!("{}", failed.join("\n"));
    assert!(run_count > 150 / step, "{run_count}");
    assert!(failed.is_empty(), "{} examples are no commands", failed.len());
}
