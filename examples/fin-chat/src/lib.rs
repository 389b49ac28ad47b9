//! A conversation with Fin: lines of a user go in, and the reply is shown while Fin writes it.

mod text;

use std::error::Error;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use intercom_v2_15::fin_events::{EventStream, Replies, StreamError};
use intercom_v2_15::types::{FinAgentStatusUpdatedEventStatus, FinEvent};
use intercom_v2_15::{Client, Timestamp, types};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// What happens after a reply.
enum Next {
    /// The user's turn.
    User,
    /// Fin asks for a rating.
    Rating,
    /// The conversation is over, or a teammate has taken it.
    End,
}

/// Sends each line of `input` to Fin, and writes the replies to `output`.
///
/// # Errors
/// Where a call or the event stream fails, or the terminal does.
pub async fn chat(
    client: &Client,
    user_id: &str,
    conversation_id: &str,
    input: impl AsyncBufRead + Unpin,
    output: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let mut lines = input.lines();
    let mut started = false;
    loop {
        write!(output, "you> ")?;
        output.flush()?;
        let Some(line) = lines.next_line().await? else { return Ok(()) };
        if line.trim().is_empty() {
            continue;
        }
        let message = types::FinAgentMessage::new(types::FinAgentMessageAuthor::User, line.trim(), now()?);
        let user = types::FinAgentUser::new(user_id);
        let fin = client.fin_agent();
        // Each answer has an address of its own for the events of the reply.
        let events = if started {
            let answer = fin.reply(conversation_id, message, user).await?;
            answer.sse_subscription_url.is_some().then(|| answer.subscribe(client))
        } else {
            let answer = fin.start(conversation_id, message, user).await?;
            answer.sse_subscription_url.is_some().then(|| answer.subscribe(client))
        };
        started = true;
        let Some(events) = events.transpose()? else {
            writeln!(output, "(this workspace sends replies to its callback address only)")?;
            continue;
        };
        match follow(events, output).await? {
            Next::User => {}
            Next::End => return Ok(()),
            Next::Rating => {
                if let Some(rating) = lines.next_line().await? {
                    client.fin_agent().submit_csat(conversation_id, rating.trim()).await?;
                    writeln!(output, "thank you")?;
                }
                return Ok(());
            }
        }
    }
}

/// Shows one reply while it comes.
async fn follow(mut events: EventStream<FinEvent>, output: &mut impl Write) -> Result<Next, Box<dyn Error>> {
    let mut replies = Replies::new();
    let mut next = Next::User;
    loop {
        let event = match events.next().await {
            None => return Ok(next),
            Some(Ok(event)) => event,
            // Some workspaces do not get the signal that Fin is done.
            Some(Err(StreamError::TimedOut)) => return Ok(next),
            Some(Err(error)) => return Err(error.into()),
        };
        match event {
            FinEvent::ReplyChunk(piece) => show(output, &mut replies, &piece)?,
            FinEvent::Replied(reply) => {
                // What was streamed is on the screen.
                if reply.stream_id.is_some_and(|stream| replies.complete(stream.as_str())) {
                    writeln!(output)?;
                } else if let Some(html) = reply.message.and_then(|message| message.body) {
                    writeln!(output, "fin> {}", text::of_html(&html))?;
                }
            }
            FinEvent::StatusUpdated(update) => match update.status {
                Some(FinAgentStatusUpdatedEventStatus::Complete) => next = Next::End,
                Some(FinAgentStatusUpdatedEventStatus::Escalated) => {
                    let reason = update.reason.as_deref().unwrap_or("no reason given");
                    writeln!(output, "(a teammate takes over: {})", text::printable(reason))?;
                    next = Next::End;
                }
                _ => {}
            },
            FinEvent::CsatRequested(request) => {
                let options = request.csat.and_then(|csat| csat.options).unwrap_or_default();
                let keys: Vec<_> = options.iter().filter_map(|option| Some(option.key.as_ref()?.to_string())).collect();
                writeln!(output, "how was it? {}", text::printable(&keys.join(", ")))?;
                next = Next::Rating;
            }
            // Kinds of events that later versions know.
            _ => {}
        }
    }
}

/// Prints the new part of a streamed reply.
fn show(output: &mut impl Write, replies: &mut Replies, piece: &types::FinAgentReplyChunkEvent) -> std::io::Result<()> {
    let (Some(stream), Some(text)) = (&piece.stream_id, &piece.chunk_text) else { return Ok(()) };
    let new_from = replies.add_chunk(stream.as_str(), text);
    // A text that was changed begins on a new line.
    match (new_from, piece.chunk_index) {
        (0, Some(0) | None) => write!(output, "fin> ")?,
        (0, _) => write!(output, "\nfin> ")?,
        _ => {}
    }
    write!(output, "{}", text::printable(&text[new_from..]))?;
    output.flush()
}

fn now() -> Result<Timestamp, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp::from_seconds(now.as_secs().try_into()?))
}
