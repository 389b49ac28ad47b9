//! `intercom api`: a request to any path.

use clap::{Arg, ArgAction, ArgMatches, Command};
use intercom_runtime::{Client, Error};
use serde_json::{Map, Value};

use crate::arguments::{document, is_set, matches_many, matches_one, set};
use crate::dry_run::DryRun;
use crate::failure::{Failure, Result};
use crate::operation::print;
use crate::session::Session;

pub fn command() -> Command {
    Command::new("api")
        .about("Send a request to any path, for operations that have no command")
        .after_long_help(
            "Examples:\n  intercom api GET /me\n  intercom api GET '/contacts?per_page=5'\n  \
             intercom api POST /tags name=vip\n  intercom api PUT /contacts/63a07ddf05a32042dffac965 --body contact.json",
        )
        .arg(Arg::new("method").value_name("METHOD").required(true).help("GET, POST, PUT, PATCH or DELETE"))
        .arg(Arg::new("path").value_name("PATH").required(true).help("The path, with its query"))
        .arg(Arg::new("set").value_name("KEY=VALUE").num_args(0..).help("Fields of the body: `a.b=c`, or `a.b:=JSON`"))
        .arg(
            Arg::new("body")
                .long("body")
                .value_name("FILE")
                .help("The body as JSON: a file, `-` for standard input, or the JSON itself"),
        )
        .arg(
            Arg::new("header")
                .long("header")
                .short('H')
                .value_name("NAME: VALUE")
                .action(ArgAction::Append)
                .help("An additional header"),
        )
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Show the request and send nothing"))
}

/// Runs the command.
///
/// # Errors
/// Where the request is not valid or fails.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    if !is_set(matches, "dry-run") {
        let answer = send(&session.client()?, matches)?.await?;
        return match answer {
            Value::Null => Ok(()),
            answer => session.output.one(&answer, &[]),
        };
    }
    let dry_run = DryRun::default();
    let sent = send(&session.dry_run_client(&dry_run)?, matches)?.await;
    match (dry_run.shown(), sent) {
        (Some(request), _) => print(&request),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(_)) => Ok(()),
    }
}

/// Sends the request. The answer is JSON, a string, or null where it is empty.
fn send(client: &Client, matches: &ArgMatches) -> Result<impl Future<Output = Result<Value, Error>>> {
    let argument = |name| matches_one(matches, name).unwrap_or_default();
    let mut request = client.request(argument("method").to_uppercase().as_str(), argument("path").to_owned());
    let mut body = matches_one(matches, "body").map(document).transpose()?;
    let nothing = &intercom_catalog::Catalog {
        version: String::new(),
        title: String::new(),
        groups: Vec::new(),
        operations: Vec::new(),
        types: Vec::new(),
    };
    for written in matches_many(matches, "set") {
        set(nothing, None, body.get_or_insert_with(|| Value::Object(Map::new())), written)?;
    }
    if let Some(body) = &body {
        request = request.json(body);
    }
    for header in matches_many(matches, "header") {
        let Some((name, value)) = header.split_once(':') else {
            return Err(Failure::usage(format!("--header: `{header}` is not NAME: VALUE")));
        };
        request = request.header(name.trim().to_owned(), value.trim());
    }
    Ok(async move {
        let response = request.send_raw().await?;
        let text = || Value::from(String::from_utf8_lossy(&response));
        Ok(if response.is_empty() { Value::Null } else { serde_json::from_slice(&response).unwrap_or_else(|_| text()) })
    })
}
