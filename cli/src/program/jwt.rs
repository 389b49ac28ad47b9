//! `intercom jwt`: a token for the Messenger's identity verification.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use intercom_platform::identity::{MessengerUser, messenger_jwt, user_hash};

use super::secret;
use crate::arguments::{infer, is_set, matches_many, matches_one};
use crate::failure::{Failure, Result};
use crate::operation::print;

pub fn command() -> Command {
    Command::new("jwt")
        .about("Make a token for the Messenger's identity verification")
        .long_about(
            "Make a token for the Messenger's identity verification, as the boot attribute intercom_user_jwt takes it.\n\n\
             The Messenger API secret comes from INTERCOM_MESSENGER_SECRET.",
        )
        .after_long_help("Example:\n  intercom jwt 1234 --email joe@example.com plan=pro")
        .arg(Arg::new("user").value_name("USER_ID").required(true).help("The id of the user in your own system"))
        .arg(Arg::new("email").long("email").value_name("EMAIL").help("The email address of the user"))
        .arg(Arg::new("name").long("name").value_name("NAME").help("The name of the user"))
        .arg(
            Arg::new("expires-in")
                .long("expires-in")
                .value_name("SECONDS")
                .value_parser(clap::value_parser!(u64))
                .help("How long the token is valid; 300 seconds by default"),
        )
        .arg(Arg::new("set").value_name("KEY=VALUE").num_args(0..).help("Other attributes of the user"))
        .arg(
            Arg::new("hash")
                .long("hash")
                .action(ArgAction::SetTrue)
                .help("Print the older user_hash instead, made with the identity verification secret"),
        )
}

/// Runs the command.
///
/// # Errors
/// Where there is no secret, or an attribute is not KEY=VALUE.
pub fn run(matches: &ArgMatches) -> Result {
    let id = matches_one(matches, "user").unwrap_or_default();
    let secret = secret::read("INTERCOM_MESSENGER_SECRET", "Messenger secret")?;
    if is_set(matches, "hash") {
        return print(&user_hash(&secret, id));
    }
    let mut user = MessengerUser::new(id);
    if let Some(email) = matches_one(matches, "email") {
        user = user.email(email);
    }
    if let Some(name) = matches_one(matches, "name") {
        user = user.name(name);
    }
    if let Some(seconds) = matches.get_one::<u64>("expires-in") {
        user = user.expires_in(Duration::from_secs(*seconds));
    }
    for written in matches_many(matches, "set") {
        let Some((name, value)) = written.split_once('=') else {
            return Err(Failure::usage(format!("`{written}` is not KEY=VALUE")));
        };
        user = user.attribute(name, infer(value));
    }
    print(&messenger_jwt(&secret, user))
}
