//! `intercom mcp`: a Model Context Protocol server.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use intercom_mcp::{Access, DEFAULT_BUDGET, HttpOptions, Options, Server, ToolSet, serve_http, serve_stdio};
use tokio::net::TcpListener;

use crate::arguments::{is_set, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::interrupt::ctrl_c;
use crate::session::Session;

/// The bearer token that clients of the HTTP server must send. It is no argument, since other users of the machine can read those.
const TOKEN: &str = "INTERCOM_MCP_TOKEN";

pub fn command() -> Command {
    Command::new("mcp")
        .about("Serve the API to agents over the Model Context Protocol")
        .long_about(
            "Serve the API to agents over the Model Context Protocol: on standard input and output, or with --http over HTTP. \
             A client starts this program itself; its configuration contains the command `intercom` with the argument `mcp`.\n\n\
             Agents can only read, unless --allow-writes or --allow-deletes is given.",
        )
        .after_long_help(
            "Examples:\n  intercom mcp --tools default,tickets --redact email,phone\n  intercom mcp --allow-writes --http 127.0.0.1:8787",
        )
        .arg(Arg::new("tools").long("tools").value_name("SET").default_value("default").help(
            "The tools to offer, separated by commas: `default`, `read`, `all`, a group, an operation or a tool",
        ))
        .arg(Arg::new("allow-writes").long("allow-writes").action(ArgAction::SetTrue).help("Allow operations that create or change something"))
        .arg(
            Arg::new("allow-deletes")
                .long("allow-deletes")
                .action(ArgAction::SetTrue)
                .help("Also allow operations that delete for good; includes --allow-writes"),
        )
        .arg(
            Arg::new("redact")
                .long("redact")
                .value_name("FIELD")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help("Replace the values of these fields in every result: email,phone,*_email"),
        )
        .arg(
            Arg::new("budget")
                .long("budget")
                .value_name("COUNT")
                .value_parser(value_parser!(u32).range(1000..))
                .help(format!("About how many bytes of a result to return at once [default: {DEFAULT_BUDGET}]")),
        )
        .arg(
            Arg::new("http")
                .long("http")
                .value_name("ADDRESS")
                .value_parser(value_parser!(SocketAddr))
                .help(format!(
                    "Serve over HTTP at this address, such as 127.0.0.1:8787; if {TOKEN} is set, clients must send its value \
                     as a bearer token"
                )),
        )
        .arg(
            Arg::new("allow-host")
                .long("allow-host")
                .value_name("NAME")
                .action(ArgAction::Append)
                .requires("http")
                .help("Another host name under which clients call the HTTP server"),
        )
}

/// Runs the command.
///
/// # Errors
/// Where there is no token, a tool does not exist, the address is taken, or a client does not speak the protocol.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let several = |name| matches.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
    let Ok(tools) = matches_one(matches, "tools").unwrap_or_default().parse::<ToolSet>();
    let options = Options {
        tools,
        access: Access::of(is_set(matches, "allow-writes"), is_set(matches, "allow-deletes")),
        redact: several("redact"),
        budget: matches.get_one::<u32>("budget").map_or(DEFAULT_BUDGET, |budget| *budget as usize),
    };
    let client = session.throttled_client()?;
    let server = Server::new(client, Arc::clone(&session.catalog), options);
    let server = server.map_err(|error| Failure::usage(format!("--tools: {error}")))?;
    let ended = |error: intercom_mcp::ServeError| Failure::new(Code::Other, error.to_string());
    let Some(address) = matches.get_one::<SocketAddr>("http") else {
        if std::io::stdin().is_terminal() {
            session.note("waiting for a client on standard input; Ctrl-C stops. Clients start this program themselves");
        }
        return serve_stdio(server).await.map_err(ended);
    };
    let failed = |error: std::io::Error| Failure::io(format!("cannot listen on {address}"), &error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let bearer = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
    let options = HttpOptions { bearer, hosts: several("allow-host") };
    options.check(address).map_err(|error| Failure::usage(format!("--http: {error}, in {TOKEN}")))?;
    session.note(&format!("serving at http://{address}/mcp; Ctrl-C stops"));
    serve_http(server, listener, options, ctrl_c()).await.map_err(ended)
}
