//! Imports contacts and tickets from a JSON file, with a progress bar.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin import -- people.json`
//!
//! ```json
//! {
//!   "contacts": [{"role": "user", "external_id": "42", "email": "joe@example.com", "custom_attributes": {"plan": "pro"}}],
//!   "tickets": [{"ticket_type_id": "7", "contacts": [{"external_id": "42"}],
//!                "ticket_attributes": {"_default_title_": "Hello", "_default_description_": "…"}}]
//! }
//! ```
//!
//! Entries are bodies of the API's own requests, so everything that it takes can be in them. A contact that is there already is
//! updated. Tickets have no unique key: those that were created are noted by their position in the file, in `people.json.done`, and left
//! out of the next run, so do not reorder the file between two runs. What fails is listed at the end, and makes the exit code 1.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use intercom_v2_15::Client;
use intercom_v2_15::runtime::throttle::Paced;
use intercom_v2_15::search::contacts;
use intercom_v2_15::types::{CreateContactRequest, TicketsCreateRequest};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Contacts under way at once. The throttle keeps them within the rate limit.
const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: import FILE.json")?);
    let file: Value = serde_json::from_slice(&fs::read(&path)?)?;
    let (people, tickets) = (entries(&file, "contacts")?, entries(&file, "tickets")?);
    let client = Client::builder().from_env().throttle(Paced::new()).build()?;

    let bar = ProgressBar::new((people.len() + tickets.len()) as u64);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")?);
    let mut failed = import_contacts(&client, people, &bar).await?;
    failed.extend(import_tickets(&client, tickets, &beside(&path, ".done"), &bar).await?);
    bar.finish();

    for failure in &failed {
        eprintln!("{failure}");
    }
    println!("{} imported, {} failed", bar.length().unwrap_or_default() - failed.len() as u64, failed.len());
    Ok(ExitCode::from(u8::from(!failed.is_empty())))
}

/// The path with something added to its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn entries(file: &Value, key: &str) -> Result<Vec<Value>, Failure> {
    match file.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(entries)) => Ok(entries.clone()),
        Some(_) => Err(format!("`{key}` is no list").into()),
    }
}

/// Imports contacts, several at once. Returns a line for each that was not imported.
async fn import_contacts(client: &Client, people: Vec<Value>, bar: &ProgressBar) -> Result<Vec<String>, Failure> {
    bar.set_message("contacts");
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for (number, entry) in people.into_iter().enumerate() {
        let permit = free.clone().acquire_owned().await?;
        let (client, bar) = (client.clone(), bar.clone());
        tasks.spawn(async move {
            let result = match serde_json::from_value(entry) {
                Ok(contact) => import_contact(&client, contact).await.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            drop(permit);
            bar.inc(1);
            result.err().map(|error| format!("contact {number}: {error}"))
        });
    }
    Ok(tasks.join_all().await.into_iter().flatten().collect())
}

async fn import_contact(client: &Client, contact: CreateContactRequest) -> Result<(), Failure> {
    let conflict = match client.contacts().create().with_body(contact.clone()).await {
        Ok(_) => return Ok(()),
        Err(error) if error.is_conflict() => error,
        Err(error) => return Err(error.into()),
    };
    let known = match (&contact.external_id, &contact.email) {
        (Some(id), _) => client.contacts().find_by_external_id(id).await?.into_inner(),
        (None, Some(email)) => {
            let mut known = client.contacts().search(contacts::email().eq(email)).items();
            known.try_next().await?.ok_or(conflict)?
        }
        (None, None) => return Err(conflict.into()),
    };
    // The request that updates takes the same fields, so the entry is sent as it is.
    let body = serde_json::from_value(serde_json::to_value(&contact)?)?;
    client.contacts().update(&known.id).with_body(body).await?;
    Ok(())
}

/// Creates the tickets that are not in the journal. Returns a line for each that was not created.
async fn import_tickets(
    client: &Client,
    tickets: Vec<Value>,
    journal: &Path,
    bar: &ProgressBar,
) -> Result<Vec<String>, Failure> {
    bar.set_message("tickets");
    let noted = match fs::read_to_string(journal) {
        Ok(noted) => noted,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        // Without the journal, every ticket would be created again.
        Err(error) => return Err(format!("{}: {error}", journal.display()).into()),
    };
    let done: HashSet<usize> = noted.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    let mut journal = OpenOptions::new().create(true).append(true).open(journal)?;
    let mut failed = Vec::new();
    for (number, entry) in tickets.into_iter().enumerate() {
        if !done.contains(&number) {
            match import_ticket(client, entry).await {
                Ok(id) => writeln!(journal, "{number} {id}")?,
                Err(error) => failed.push(format!("ticket {number}: {error}")),
            }
        }
        bar.inc(1);
    }
    Ok(failed)
}

async fn import_ticket(client: &Client, entry: Value) -> Result<String, Failure> {
    let ticket: TicketsCreateRequest = serde_json::from_value(entry)?;
    let made = client.tickets().create(&ticket.ticket_type_id, ticket.contacts.clone()).with_body(ticket).await?;
    Ok(made.id.to_string())
}
