pub fn command() -> clap::Command { clap::Command::new("export") }
pub async fn run(_: &crate::session::Session, _: &clap::ArgMatches) -> crate::failure::Result { Ok(()) }
