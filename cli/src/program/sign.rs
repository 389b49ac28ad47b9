//! `intercom sign`: signs a body like Intercom, to test a receiver of webhooks.

use std::io::Read as _;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use intercom_platform::signature::Scheme;

use super::secret;
use crate::arguments::matches_one;
use crate::failure::{Failure, Result};
use crate::operation::print;

pub fn command() -> Command {
    Command::new("sign")
        .about("Sign a body as Intercom signs it, to test a receiver of webhooks")
        .long_about(
            "Sign a body as Intercom signs it, and print the header, to test a receiver of webhooks.\n\n\
             The client secret of the app comes from INTERCOM_CLIENT_SECRET.",
        )
        .after_long_help(
            "Example:\n  curl -H \"$(intercom sign body.json)\" --data-binary @body.json http://127.0.0.1:8080/webhooks",
        )
        .arg(Arg::new("file").value_name("FILE").help("The body; standard input without it"))
        .arg(
            Arg::new("scheme")
                .long("scheme")
                .value_name("SCHEME")
                .value_parser(PossibleValuesParser::new(["webhook", "canvas", "fin"]))
                .default_value("webhook")
                .help("What is signed: a notification, a Canvas Kit request, or an event of Fin"),
        )
}

/// Runs the command.
///
/// # Errors
/// Where there is no secret, or the body cannot be read.
pub fn run(matches: &ArgMatches) -> Result {
    let scheme = match matches_one(matches, "scheme") {
        Some("canvas") => Scheme::Body,
        Some("fin") => Scheme::FinAgent,
        _ => Scheme::Hub,
    };
    let secret = secret::read("INTERCOM_CLIENT_SECRET", "client secret")?;
    let body = match matches_one(matches, "file") {
        Some(path) => std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?,
        None => {
            let mut body = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut body);
            read.map_err(|error| Failure::unreadable("standard input", &error))?;
            body
        }
    };
    print(&format!("{}: {}", scheme.header(), scheme.sign(&secret, &body)))
}
