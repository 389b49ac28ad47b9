pub fn command() -> clap::Command { clap::Command::new("docs").hide(true) }
pub fn run(_: &crate::session::Session, _: &clap::ArgMatches) -> crate::failure::Result { Ok(()) }
