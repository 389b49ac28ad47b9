pub fn command() -> clap::Command { clap::Command::new("import") }
pub async fn run(_: &crate::session::Session, _: &clap::ArgMatches) -> crate::failure::Result { Ok(()) }
