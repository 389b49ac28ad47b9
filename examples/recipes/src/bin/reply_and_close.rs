//! Replies to a conversation, tags it and closes it, as the admin whose token it is.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin reply_and_close -- 215472 34 "It is fixed."`
//!
//! The arguments are the ids of the conversation and of the tag, and the reply.

use intercom_v2_15::Client;
use intercom_v2_15::api::tags::TagConversationIds;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [conversation, tag, text] = &arguments[..] else {
        return Err("usage: reply_and_close CONVERSATION_ID TAG_ID TEXT".into());
    };
    let client = Client::from_env()?;
    let me = client.admins().identify().await?;

    client.conversations().reply_as_admin(conversation, &me.id, text).await?;
    println!("replied");

    let ids = TagConversationIds { tag_id: tag.into(), admin_id: me.id.clone() };
    client.tags().tag_conversation(conversation, ids).await?;
    println!("tagged");

    let closed = client.conversations().close(conversation, &me.id).await?;
    println!("closed, state {}", closed.state);
    Ok(())
}
