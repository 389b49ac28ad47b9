//! `intercom-mock`: a mock server of Intercom's REST API for programs in any language.

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use clap::Parser;
use intercom_mock::{RecordedCall, Server};

/// Serves Intercom's REST API on this machine: checks requests as Intercom does and remembers what was created.
#[derive(Parser)]
#[command(about, long_about = None, disable_version_flag = true)]
struct Arguments {
    /// The version of the API: 2.15, preview
    #[arg(long = "version", default_value = "2.15")]
    api_version: String,
    /// The port to listen on; 0 for a free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// The only token that is accepted; without it, any
    #[arg(long)]
    token: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut builder = Server::builder(&arguments.api_version)
        .port(arguments.port)
        .address(arguments.address)
        .real_time()
        .threads(2)
        .on_call(print);
    if let Some(token) = arguments.token {
        builder = builder.token(token);
    }
    let server = match builder.start() {
        Ok(server) => server,
        Err(error) => {
            eprintln!("intercom-mock: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("serving version {} at {}", server.version(), server.url());
    loop {
        std::thread::park();
    }
}

fn print(call: &RecordedCall) {
    let operation = call.operation.as_deref().unwrap_or("-");
    let problem = call.problem.as_deref().map(|problem| format!(" {problem}")).unwrap_or_default();
    println!("{} {} {} {operation}{problem}", call.status, call.method, call.path);
}
