//! `intercom mcp`: a server for agents.

use std::net::SocketAddr;

use clap::{Arg, ArgAction, ArgMatches, Command};
use intercom_mcp::{Access, DEFAULT_BUDGET, HttpOptions, Options, Server, serve_http, serve_stdio};
use tokio::net::TcpListener;

use crate::arguments::{is_set, matches_many, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::session::Session;

pub fn command() -> Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let several = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
    Command::new("mcp")
        .about("Serve the workspace to agents by the Model Context Protocol")
        .long_about(
            "Serve the workspace to agents by the Model Context Protocol, over standard input and output unless --http is given.\n\n\
             It reads only, unless more is allowed.",
        )
        .after_long_help("Examples:\n  intercom mcp --redact email,phone\n  intercom mcp --http 127.0.0.1:8787 --allow-writes")
        .arg(
            Arg::new("tools")
                .long("tools")
                .value_name("SET")
                .default_value("default")
                .help("Which tools are offered: default, read, all, or names of groups, operations and tools, with commas"),
        )
        .arg(flag("allow-writes").help("Allow operations that create and change"))
        .arg(flag("allow-deletes").help("Allow operations that remove for good, too; it includes --allow-writes"))
        .arg(
            several("redact")
                .value_name("FIELDS")
                .value_delimiter(',')
                .help("Replace the values of these fields in every result: email,phone,*_email"),
        )
        .arg(
            Arg::new("budget")
                .long("budget")
                .value_name("COUNT")
                .value_parser(clap::value_parser!(u32).range(1..))
                .help(format!("How many characters of a result an agent is given at once, {DEFAULT_BUDGET} by default")),
        )
        .arg(
            Arg::new("http")
                .long("http")
                .value_name("ADDRESS")
                .help("Serve over streamable HTTP at http://ADDRESS/mcp, such as 127.0.0.1:8787; INTERCOM_MCP_TOKEN is what clients must send"),
        )
        .arg(several("allow-host").value_name("NAME").help("Another name by which clients may call the HTTP server"))
}

/// # Errors
/// Where an option names nothing, there is no token, or the server cannot go on.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let Ok(tools) = matches_one(matches, "tools").unwrap_or_default().parse();
    let options = Options {
        tools,
        access: Access::of(is_set(matches, "allow-writes"), is_set(matches, "allow-deletes")),
        redact: matches_many(matches, "redact").into_iter().map(str::to_owned).collect(),
        budget: matches.get_one::<u32>("budget").map_or(DEFAULT_BUDGET, |budget| *budget as usize),
    };
    let server = Server::new(session.patient_client()?, session.catalog.clone(), options);
    let server = server.map_err(|error| Failure::usage(error.to_string()))?;
    let ended = match matches_one(matches, "http") {
        None => serve_stdio(server).await,
        Some(address) => {
            let address: SocketAddr = address.parse().map_err(|_| {
                Failure::usage(format!("--http: `{address}` is not an address and a port, such as 127.0.0.1:8787"))
            })?;
            let failed = |error: std::io::Error| Failure::io(format!("cannot listen on {address}"), &error);
            let listener = TcpListener::bind(address).await.map_err(failed)?;
            session.note(&format!("serving at http://{}/mcp; Ctrl-C ends", listener.local_addr().map_err(failed)?));
            let http = HttpOptions {
                bearer: std::env::var("INTERCOM_MCP_TOKEN").ok().filter(|token| !token.is_empty()),
                hosts: matches_many(matches, "allow-host").into_iter().map(str::to_owned).collect(),
            };
            serve_http(server, listener, http, async {
                let _ = tokio::signal::ctrl_c().await;
            })
            .await
        }
    };
    ended.map_err(|error| Failure::new(Code::Other, error.to_string()))
}
