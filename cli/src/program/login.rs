//! `intercom login` and `intercom logout`.

use clap::{Arg, ArgAction, ArgMatches, Command};
use intercom_runtime::Region;

use super::secret;
use crate::arguments::{is_set, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::profile::{self, Kept};
use crate::session::Session;

pub fn command() -> Command {
    Command::new("login")
        .about("Store a token and a region for later runs")
        .long_about(
            "Store a token and a region for later runs.\n\n\
             The token is read from the terminal without showing it, or from standard input; it is never an argument. It is stored \
             in the system's keyring if there is one and this program was built with support for it, else in a file, which on \
             Unix only you can read.",
        )
        .after_long_help("Examples:\n  intercom login\n  intercom login --profile eu-shop --region eu < token.txt")
        .arg(Arg::new("no-check").long("no-check").action(ArgAction::SetTrue).help("Do not ask the API whether the token is valid"))
}

pub fn logout_command() -> Command {
    Command::new("logout").about("Remove the token of a profile")
}

/// Runs the command.
///
/// # Errors
/// Where the token is not valid or cannot be stored, or the API cannot be reached.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let name = session.profile.as_deref().unwrap_or(profile::DEFAULT);
    let from_env = std::env::var("INTERCOM_REGION").ok().map(|region| region.trim().to_lowercase());
    let from_env = from_env.filter(|region| !region.is_empty());
    if let Some(Err(problem)) = from_env.as_deref().map(str::parse::<Region>) {
        return Err(Failure::usage(format!("INTERCOM_REGION: {problem}")));
    }
    let asked = matches_one(matches, "region").map(str::to_owned).or(from_env);
    let mut region = asked.unwrap_or_else(|| "us".to_owned());
    let token = secret::ask("access token")?;
    if !is_set(matches, "no-check") {
        // The stored profile takes no part: this run replaces it.
        let mut builder = session.builder_without_profile().from_env().token(&token);
        if let Ok(asked) = region.parse::<Region>() {
            builder = builder.region(asked);
        }
        let client = builder.build().map_err(|error| Failure::usage(error.to_string()))?;
        let me = client.get("/me").await.map_err(|error| {
            let refused = error.is_unauthorized();
            let failure = Failure::from(error);
            if refused {
                Failure::new(Code::Auth, "the API does not accept the token; is it of another region? See --region")
            } else {
                failure
            }
        })?;
        // The answer names the region of the workspace.
        let told = me["app"]["region"].as_str().map(str::to_lowercase);
        if let Some(told) =
            told.filter(|told| told.parse::<Region>().is_ok() && matches_one(matches, "region").is_none())
        {
            region = told;
        }
        session.note(&format!(
            "{} of {}",
            me["email"].as_str().unwrap_or("valid"),
            me["app"]["name"].as_str().unwrap_or("a workspace")
        ));
    }
    match profile::write(name, &token, &region)? {
        Kept::Keyring => {
            session.note(&format!("profile `{name}`, region {region}: the token is in the system's keyring"))
        }
        Kept::File(path) => {
            // Elsewhere the file has the permissions of its folder.
            let readers = if cfg!(unix) { ", which only you can read" } else { "" };
            session.note(&format!(
                "profile `{name}`, region {region}\nwarning: there is no keyring, so the token is in {path}{readers}"
            ));
        }
    }
    Ok(())
}

/// Removes the profile.
///
/// # Errors
/// Where there is no such profile, or the file cannot be written.
pub fn logout(session: &Session) -> Result {
    let name = session.profile.as_deref().unwrap_or(profile::DEFAULT);
    if !profile::remove(name)? {
        return Err(Failure::usage(format!("there is no profile `{name}`")));
    }
    session.note(&format!("profile `{name}` is removed; the token stays valid until it is revoked in Intercom"));
    Ok(())
}
