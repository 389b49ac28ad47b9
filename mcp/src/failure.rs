//! The messages to an agent when a call failed: what is wrong, and what to do.

use std::fmt;

use intercom_catalog::call::Refusal;
use intercom_catalog::{Catalog, Operation};
use intercom_runtime::Error;

use crate::options::Access;

/// The longest name that is compared with known names, in bytes.
const LONGEST_NAME: usize = 100;
/// The longest message, in characters. Messages repeat what the agent wrote, which may be long.
const LONGEST_TEXT: usize = 4000;

/// A failed call, as a message for the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// An operation that the catalog does not have, with those of similar names.
    pub fn unknown_operation(catalog: &Catalog, name: &str) -> Self {
        let known = catalog.operations.iter().map(|operation| operation.id.as_str());
        Self(format!(
            "version {} of the API has no operation `{name}`.{} Use find_operation to search for one.",
            catalog.version,
            did_you_mean(name, known)
        ))
    }

    /// Arguments that were not sent.
    pub fn refused(refusal: &Refusal) -> Self {
        let mut text = "Nothing was sent; correct the arguments and call again.".to_owned();
        for problem in refusal.problems() {
            text.push_str(&format!("\n- {}", place(&problem.pointer)));
            text.push_str(&problem.message);
        }
        Self(text)
    }

    /// A call that the user has not allowed.
    pub fn forbidden(operation: &Operation, needed: Access) -> Self {
        let (what, option) = match needed {
            Access::Delete => ("deletes data for good", "--allow-deletes"),
            _ => ("changes data", "--allow-writes"),
        };
        Self(format!(
            "{} {what}, which the user has not allowed. Nothing was sent. Tell the user that the server must be started with {option} to allow it.",
            operation.id
        ))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST_TEXT) {
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
            None => f.write_str(&self.0),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let advice = if error.is_unauthorized() {
            "The access token is missing, wrong or revoked. Tell the user to check INTERCOM_ACCESS_TOKEN and the region; repeating the call does not help."
                .to_owned()
        } else if error.is_forbidden() {
            "The token's permissions or the workspace's plan do not include this. Tell the user; repeating the call does not help."
                .to_owned()
        } else if error.is_rate_limited() {
            format!("The rate limit is used up. Wait {} seconds, then repeat the call.", wait(&error))
        } else if error.is_throttled() {
            "The queue of this server's calls is full. Repeat the call in some seconds.".to_owned()
        } else if error.is_not_found() {
            "There is no such object, or it was deleted. Check the id with a search.".to_owned()
        } else if error.is_conflict() {
            "An object with these values exists already, or it changed meanwhile. Search for it.".to_owned()
        } else if error.is_invalid() {
            "The API did not accept the arguments. Correct them and call again.".to_owned()
        } else if error.is_request() {
            "Nothing was sent. Correct the arguments and call again.".to_owned()
        } else if error.is_timeout() || error.is_connect() || error.is_connection_lost() {
            "The API was not reached, or did not answer in time. A call that changes something may have been done: read the object before you repeat the call."
                .to_owned()
        } else if error.is_server_error() {
            "The API failed. Repeat the call later; if it changes something, read the object first.".to_owned()
        } else {
            String::new()
        };
        let mut text = error.to_string();
        for entry in error.errors() {
            if let Some(field) = &entry.field {
                text.push_str(&format!("\n- {field}: {}", entry.message.as_deref().unwrap_or("is at fault")));
            }
        }
        if !advice.is_empty() {
            text.push('\n');
            text.push_str(&advice);
        }
        Self(text)
    }
}

/// How many seconds to wait: what the API says, or ten, the length of a window of the rate limit.
fn wait(error: &Error) -> u64 {
    let until = error.rate_limit().and_then(|limit| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        limit.reset_in(now)
    });
    error.retry_after().or(until).map_or(10, |wait| wait.as_secs().max(1))
}

/// The place of a problem as the agent wrote it: parameters stand beside the body, without a section.
fn place(pointer: &str) -> String {
    let place = ["/path/", "/query/", "/header/"].iter().find_map(|section| pointer.strip_prefix(section));
    let place = place.unwrap_or_else(|| pointer.trim_start_matches('/')).replace('/', ".");
    if place.is_empty() { String::new() } else { format!("`{place}` ") }
}

/// ` Did you mean …?` with the nearest of the known names; empty where none is near.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    if name.len() > LONGEST_NAME {
        return String::new();
    }
    let name = name.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .map(|known| (strsim::jaro_winkler(&name, &known.to_lowercase()), known))
        .filter(|(score, _)| *score > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<String> = near.iter().take(3).map(|(_, known)| format!("`{known}`")).collect();
    if names.is_empty() { String::new() } else { format!(" Did you mean {}?", names.join(" or ")) }
}
