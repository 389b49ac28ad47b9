//! Lists open conversations that have waited for a reply longer than some hours.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin unanswered -- 24 100`
//!
//! The arguments are the hours and, optionally, how many conversations to list at most.

use std::time::{Duration, SystemTime};

use intercom_v2_15::Client;
use intercom_v2_15::search::conversations;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let usage = "usage: unanswered HOURS [MOST]";
    let mut arguments = std::env::args().skip(1);
    let hours: u64 = arguments.next().and_then(|hours| hours.parse().ok()).ok_or(usage)?;
    let most: u64 = arguments.next().map_or(Ok(u64::MAX), |most| most.parse()).map_err(|_| usage)?;
    let client = Client::from_env()?;

    let since = SystemTime::now() - Duration::from_secs(hours * 3600);
    let query = conversations::open().eq(true) & conversations::waiting_since().lt(since);
    let mut pages = client.conversations().search(query).pages().limit(most);
    let mut listed = 0;
    while let Some(page) = pages.try_next().await? {
        if let (0, Some(total)) = (listed, page.total_count) {
            println!("{total} conversations wait for a reply");
        }
        for conversation in page.into_items()? {
            listed += 1;
            let title =
                conversation.title.as_deref().or(conversation.source.subject.as_deref()).unwrap_or("(no title)");
            println!("{}  {title}", conversation.id);
        }
    }
    println!("{listed} listed");
    Ok(())
}
