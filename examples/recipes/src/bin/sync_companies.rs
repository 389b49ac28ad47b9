//! Brings companies up to date from a CSV file, from ten tasks that share one rate limit.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin sync_companies -- companies.csv`
//!
//! The file has the columns `company_id` (your own id), `name`, `plan` and `size`; all but the first may be empty. Intercom makes a company
//! that it does not know and updates one that it does, so the program can be run again at any time.

use std::fs::File;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use intercom_v2_15::Client;
use intercom_v2_15::runtime::throttle::Paced;
use intercom_v2_15::types::CreateOrUpdateCompanyRequest;
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const TASKS: usize = 10;

/// The rows that are not taken yet, shared by the tasks: a file of any length is read as it is needed.
type Rows = Arc<Mutex<csv::StringRecordsIntoIter<File>>>;

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let path = std::env::args_os().nth(1).ok_or("usage: sync_companies FILE.csv")?;
    let mut file = csv::Reader::from_path(path)?;
    let header = file.headers()?.clone();
    if header.iter().ne(["company_id", "name", "plan", "size"]) {
        return Err("the columns have to be company_id,name,plan,size".into());
    }
    let rows = Rows::new(Mutex::new(file.into_records()));
    // Clones share the throttle: together, the tasks stay within the limit and leave a part of it to others.
    let client = Client::builder().from_env().throttle(Paced::new()).build()?;

    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(work(client.clone(), rows.clone()));
    }
    let (mut done, mut failed) = (0, 0);
    for (of_task, failures) in tasks.join_all().await {
        done += of_task;
        failed += failures.len();
        failures.iter().for_each(|failure| eprintln!("{failure}"));
    }
    println!("{done} companies up to date, {failed} failed");
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Sends rows until there are none. Returns how many companies are up to date, and a message for each of the others.
async fn work(client: Client, rows: Rows) -> (usize, Vec<String>) {
    let (mut done, mut failed) = (0, Vec::new());
    while let Some(row) = next(&rows) {
        match sync(&client, row).await {
            Ok(()) => done += 1,
            Err(error) => failed.push(error.to_string()),
        }
    }
    (done, failed)
}

fn next(rows: &Rows) -> Option<csv::Result<csv::StringRecord>> {
    rows.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next()
}

async fn sync(client: &Client, row: csv::Result<csv::StringRecord>) -> Result<(), Failure> {
    let row = row?;
    let column = |at: usize| row.get(at).map(str::trim).filter(|text| !text.is_empty());
    let id = column(0).ok_or_else(|| format!("a row without company_id: {row:?}"))?;
    let mut company = CreateOrUpdateCompanyRequest::new().company_id(id);
    company.name = column(1).map(str::to_owned);
    company.plan = column(2).map(str::to_owned);
    company.size = column(3).map(str::parse).transpose().map_err(|_| format!("company {id}: the size is no number"))?;
    let sent = client.companies().create_or_update().with_body(company).await;
    sent.map(drop).map_err(|error| format!("company {id}: {error}").into())
}
