//! `INTERCOM_CLIENT_SECRET=… INTERCOM_ACCESS_TOKEN=… ADMIN_ID=… TAG_ID=… cargo run`

use intercom_v2_15::Client;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use webhook_server::{ReplySettings, router, work};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = std::env::var("INTERCOM_CLIENT_SECRET")?;
    let settings = ReplySettings { admin_id: std::env::var("ADMIN_ID")?, tag_id: std::env::var("TAG_ID")? };
    let (queue, notifications) = mpsc::channel(1_000);
    tokio::spawn(work(Client::from_env()?, settings, notifications));
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}/webhooks", listener.local_addr()?);
    axum::serve(listener, router(&secret, queue)).await?;
    Ok(())
}
