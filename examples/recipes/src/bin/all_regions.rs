//! Looks into workspaces of all regions at once, and says which is where and how many conversations are open.
//!
//! `INTERCOM_ACCESS_TOKEN_US=… INTERCOM_ACCESS_TOKEN_EU=… cargo run -p example-recipes --bin all_regions`
//!
//! Each workspace is hosted in one region and has tokens of its own; regions without a token are left out. An address in
//! `INTERCOM_BASE_URL_US` and so on takes the place of the region's own.

use std::process::ExitCode;

use intercom_v2_15::search::conversations;
use intercom_v2_15::{Client, Error, Region};
use tokio::task::JoinSet;

const REGIONS: [(Region, &str); 3] = [(Region::Us, "US"), (Region::Eu, "EU"), (Region::Au, "AU")];

#[tokio::main]
async fn main() -> ExitCode {
    let mut tasks = JoinSet::new();
    for (region, name) in REGIONS {
        match client(region, name) {
            None => println!("{name}: no INTERCOM_ACCESS_TOKEN_{name}"),
            Some(client) => drop(tasks.spawn(async move { (name, look(client).await) })),
        }
    }
    let mut failed = false;
    while let Some(looked) = tasks.join_next().await {
        match looked {
            Ok((name, Ok(line))) => println!("{name}: {line}"),
            Ok((name, Err(error))) => {
                failed = true;
                eprintln!("{name}: {error}");
            }
            Err(stopped) => {
                failed = true;
                eprintln!("{stopped}");
            }
        }
    }
    ExitCode::from(u8::from(failed))
}

/// A client for the region, where the environment has a token for it.
fn client(region: Region, name: &str) -> Option<Result<Client, Error>> {
    let token = std::env::var(format!("INTERCOM_ACCESS_TOKEN_{name}")).ok()?;
    let mut builder = Client::builder().token(token).region(region);
    if let Ok(url) = std::env::var(format!("INTERCOM_BASE_URL_{name}")) {
        builder = builder.base_url(url);
    }
    Some(builder.build())
}

async fn look(client: Result<Client, Error>) -> Result<String, Error> {
    let client = client?;
    let me = client.admins().identify().await?;
    let workspace = me.app.as_ref().and_then(|app| app.name.clone()).unwrap_or_default();
    let hosted = me.app.as_ref().and_then(|app| app.region.clone()).unwrap_or_default();
    let open = client.conversations().search(conversations::open().eq(true)).per_page(1).page().await?;
    Ok(format!("{workspace}, hosted in {hosted}, {} open conversations", open.total_count.unwrap_or_default()))
}
