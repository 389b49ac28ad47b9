//! `INTERCOM_ACCESS_TOKEN=… fin-chat USER_ID`: talks with Fin as that user, until the input ends.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use intercom_v2_15::Client;
use tokio::io::{BufReader, stdin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let user_id = std::env::args().nth(1).ok_or("usage: fin-chat USER_ID")?;
    let client = Client::from_env()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let conversation_id = format!("fin-chat-{user_id}-{now}");
    fin_chat::chat(&client, &user_id, &conversation_id, BufReader::new(stdin()), &mut std::io::stdout()).await
}
