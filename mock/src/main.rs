//! `intercom-mock`: a mock server of Intercom's REST API, for programs in any language.

mod arguments;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use arguments::Arguments;
use clap::Parser as _;
use intercom_mock::{RecordedCall, Server};
use serde_json::Value;

/// How often the state is written to its file, if there were requests.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("intercom-mock: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let quiet = arguments.quiet;
    let mut builder = Server::builder(&arguments.api_version)
        .port(arguments.port)
        .address(arguments.address)
        .real_time()
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .fail_at_random(arguments.fail, arguments.random_seed)
        .search_delay(arguments.search_delay);
    if !quiet {
        builder = builder.on_call(print);
    }
    if let Some(token) = arguments.token {
        builder = builder.token(token);
    }
    if let Some((calls, window)) = arguments.limit {
        builder = builder.rate_limit(calls, window);
    }
    if let Some(latency) = arguments.latency {
        builder = builder.latency(latency);
    }
    if arguments.make_missing_items {
        builder = builder.make_missing_items();
    }
    // Missing files and invalid JSON are reported before the port is taken.
    let saved = arguments.state.as_deref().filter(|path| path.exists());
    // A saved state replaces the seed, so that items of the seed that clients have deleted do not come back.
    let begin = saved.or(arguments.seed.as_deref());
    let begin = begin.map(|path| read(path).map(|state| (path, state))).transpose()?;
    let server = builder.start().map_err(|error| error.to_string())?;
    if let Some((path, state)) = begin {
        server.load_state(state).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if let (Some(url), Some(secret)) = (arguments.webhook, arguments.secret) {
        server.deliver_webhooks(&url, secret);
    }
    println!("serving version {} at {}", server.version(), server.url());
    serve(&server, arguments.state.as_deref())
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: this is not JSON: {error}", path.display()))
}

/// Waits for the end of the program and keeps the state in its file until then.
fn serve(server: &Server, state: Option<&Path>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the program cannot wait for signals: {error}"))?;
    runtime.block_on(async {
        let mut end = std::pin::pin!(ended());
        let mut written = None;
        loop {
            let over = tokio::time::timeout(SAVE_INTERVAL, end.as_mut()).await.is_ok();
            if let Some(path) = state {
                let requests = server.request_count();
                if written != Some(requests) {
                    write(path, &server.state())?;
                    written = Some(requests);
                }
            }
            if over {
                return Ok(());
            }
        }
    })
}

/// Completes at SIGTERM or Ctrl-C.
async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Writes a file as a whole or not at all.
fn write(path: &Path, state: &Value) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    fs::write(&part, format!("{state:#}\n")).map_err(told)?;
    fs::rename(&part, path).map_err(told)
}

fn print(call: &RecordedCall) {
    let operation = call.operation.as_deref().unwrap_or("no operation");
    let fault = if call.fault { " (fault)" } else { "" };
    let problem = call.problem.as_deref().map(|problem| format!(": {problem}")).unwrap_or_default();
    let line = format!("{} {} {} {operation}{fault}{problem}\n", call.status, call.method, call.path);
    // The server goes on if standard output is closed.
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}
