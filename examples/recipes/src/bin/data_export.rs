//! Exports the statistics of outbound messages of the last days to a file.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin data_export -- 30 messages.csv`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use intercom_v2_15::Client;
use tokio::fs;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Failure> {
    let usage = "usage: data_export DAYS FILE.csv";
    let mut arguments = std::env::args().skip(1);
    let days: u64 = arguments.next().and_then(|days| days.parse().ok()).ok_or(usage)?;
    let path = PathBuf::from(arguments.next().ok_or(usage)?);
    let client = Client::from_env()?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let (from, to) = (i64::try_from(now.saturating_sub(days * 86_400))?, i64::try_from(now)?);
    let export = client.data_export().create(from, to);
    let job = export.poller().on_poll(|job| eprintln!("{:?}: {:?}", job.job_identifier, job.status)).wait().await?;
    if !job.has_data() {
        println!("no message was sent in these {days} days");
        return Ok(ExitCode::SUCCESS);
    }

    // Under another name until it is whole.
    let id = job.job_identifier.as_ref().ok_or("the finished job has no id")?;
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let mut download = client.data_export().download(id).await?;
    download.on_progress(|progress| eprintln!("{} bytes", progress.received));
    let mut file = fs::File::create(&part).await?;
    download.gunzip().write_to(&mut file).await?;
    file.sync_all().await?;
    fs::rename(&part, &path).await?;
    println!("{}", path.display());
    Ok(ExitCode::SUCCESS)
}
