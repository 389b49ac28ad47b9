//! A server in your own program: over standard input and output, or over HTTP if an address is given.
//!
//! `INTERCOM_ACCESS_TOKEN=… cargo run --package intercom-mcp --example serve -- [127.0.0.1:PORT]`

use std::error::Error;

use intercom_mcp::{Access, HttpOptions, Options, Server, serve_http, serve_stdio};
use intercom_runtime::throttle::Paced;
use intercom_runtime::{Client, ClientBuilder};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client =
        ClientBuilder::<Client>::for_version("2.16", "serve-example").from_env().throttle(Paced::new()).build()?;
    let options = Options { access: Access::Write, redact: vec!["phone".to_owned()], ..Options::default() };
    let server = Server::new(client, intercom_catalog::load("2.16")?, options)?;
    let Some(address) = std::env::args().nth(1) else {
        return Ok(serve_stdio(server).await?);
    };
    let listener = TcpListener::bind(address).await?;
    eprintln!("serving at http://{}/mcp", listener.local_addr()?);
    let options = HttpOptions { bearer: std::env::var("INTERCOM_MCP_TOKEN").ok(), ..HttpOptions::default() };
    Ok(serve_http(server, listener, options, std::future::pending()).await?)
}
