//! Records what the API answers to a report, and makes the same report of the recording without a network.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin recording -- record tests/report.json`
//!
//! Then, in tests and without a token, `recording replay tests/report.json`. The token is not in the file; what the API says of
//! people is, so record in a workspace for tests.

use std::path::Path;

use intercom_v2_15::runtime::transport::HttpTransport;
use intercom_v2_15::{Client, Error};
use recipes::recording::{Record, Replay};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, path] = &arguments[..] else { return Err("usage: recording record|replay FILE.json".into()) };
    let path = Path::new(path);
    let line = match &what[..] {
        "record" => {
            let record = Record::new(HttpTransport::builder().build()?);
            let line = report(&Client::builder().from_env().transport(record.clone()).build()?).await?;
            record.save(path)?;
            line
        }
        "replay" => {
            let replay = Replay::load(path)?;
            report(&Client::builder().token("none").transport(replay).build()?).await?
        }
        other => return Err(format!("`{other}` is neither record nor replay").into()),
    };
    println!("{line}");
    Ok(())
}

/// What is to be tested: it takes a client and knows nothing of tapes.
async fn report(client: &Client) -> Result<String, Error> {
    let admins = client.admins().list().await?.into_items();
    let contacts: Vec<_> = client.contacts().list().items().try_collect().await?;
    Ok(format!("{} admins, {} contacts", admins.len(), contacts.len()))
}
