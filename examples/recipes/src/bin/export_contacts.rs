//! Exports all contacts to a CSV file. Started again after a crash, it goes on where it stopped.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin export_contacts -- contacts.csv`
//!
//! The rows of a page are written to disk first; then `contacts.csv.progress` says how long the file is and where the list goes
//! on. Rows after that length, of a page that was not written to its end, are cut off before the next run goes on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use intercom_v2_15::runtime::paging::{Checkpoint, Page};
use intercom_v2_15::types::Contact;
use intercom_v2_15::{Client, Id, Timestamp};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const COLUMNS: [&str; 8] = ["id", "external_id", "role", "email", "name", "phone", "created_at", "custom_attributes"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: export_contacts FILE.csv")?);
    let progress = beside(&path, ".progress");
    let client = Client::from_env()?;

    // The next page is loaded while this one is written.
    let mut pages = client.contacts().list().pages().prefetch();
    let mut file = match fs::read_to_string(&progress) {
        Ok(text) => {
            let (length, checkpoint) = parse(&text).ok_or("the progress file is not one of this program")?;
            println!("going on after {} contacts", checkpoint.delivered());
            pages = pages.resume(&checkpoint);
            reopen(&path, length)?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path)?,
        Err(error) => return Err(error.into()),
    };
    while let Some(page) = pages.try_next().await? {
        let checkpoint = page.checkpoint();
        file.write_all(&rows(page)?)?;
        file.sync_data()?;
        note(&progress, file.stream_position()?, &checkpoint)?;
        println!("{} contacts", checkpoint.delivered());
    }
    match fs::remove_file(&progress) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The path with something added to its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A new file with the header; one that is there already is left alone.
fn create(path: &Path) -> Result<File, Failure> {
    let mut file = File::create_new(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut header = csv::Writer::from_writer(Vec::new());
    header.write_record(COLUMNS)?;
    file.write_all(&header.into_inner()?)?;
    Ok(file)
}

/// The file as it was when the progress was noted.
fn reopen(path: &Path, length: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

/// A page as CSV. A contact that cannot be read at all is left out, with a message.
fn rows(page: Page<Contact>) -> Result<Vec<u8>, Failure> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    for contact in page.items {
        match contact {
            Ok(contact) => rows.write_record(row(&contact)?)?,
            Err(error) => eprintln!("left out: {error}"),
        }
    }
    Ok(rows.into_inner()?)
}

fn row(contact: &Contact) -> Result<[String; COLUMNS.len()], Failure> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let attributes = contact.custom_attributes.as_ref().map(serde_json::to_string).transpose()?;
    Ok([
        contact.id.to_string(),
        contact.external_id.as_ref().map(Id::to_string).unwrap_or_default(),
        contact.role.clone(),
        text(&contact.email),
        text(&contact.name),
        text(&contact.phone),
        Timestamp::as_seconds(&contact.created_at).to_string(),
        attributes.unwrap_or_default(),
    ])
}

/// Replaces the progress file as a whole, so that a crash leaves the old one or the new one.
fn note(progress: &Path, length: u64, checkpoint: &Checkpoint) -> io::Result<()> {
    let new = beside(progress, ".new");
    fs::write(&new, format!("{length}\n{checkpoint}\n"))?;
    fs::rename(new, progress)
}

fn parse(progress: &str) -> Option<(u64, Checkpoint)> {
    let (length, checkpoint) = progress.split_once('\n')?;
    Some((length.parse().ok()?, checkpoint.trim().parse().ok()?))
}
