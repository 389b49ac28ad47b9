//! Replies to a conversation, tags it and closes it, as the admin whose token it is.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run -p example-recipes --bin reply_and_close -- 215472 34 "It is fixed."`
//!
//! The arguments are the ids of the conversation and of the tag, and the reply.

use intercom_v2_15::Client;
use intercom_v2_15::types::CloseConversationRequest;
use intercom_v2_15::types::{AdminReplyConversationRequest, AdminReplyConversationRequestMessageType};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [conversation, tag, text] = &arguments[..] else {
        return Err("usage: reply_and_close CONVERSATION_ID TAG_ID TEXT".into());
    };
    let client = Client::from_env()?;
    let me = client.admins().identify().await?;

    let comment = AdminReplyConversationRequestMessageType::Comment;
    let reply = AdminReplyConversationRequest::new(comment, &me.id).body(text);
    client.conversations().reply(conversation, reply).await?;
    println!("replied");

    client.tags().tag_conversation(conversation, tag, &me.id).await?;
    println!("tagged");

    let closed = client.conversations().manage(conversation, CloseConversationRequest::new(&me.id)).await?;
    println!("closed, state {}", closed.state);
    Ok(())
}
