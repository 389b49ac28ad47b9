//! The arguments of the program.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Serves Intercom's REST API on this machine: checks requests as Intercom does and remembers what was created.
///
/// One line is printed for each call: status, method, path, operation, and what was wrong with it.
#[derive(Parser)]
#[command(name = "intercom-mock", disable_version_flag = true)]
pub(crate) struct Arguments {
    /// The version of the API, such as 2.15 or preview
    #[arg(long = "version", value_name = "VERSION", default_value = "2.15")]
    pub(crate) api_version: String,
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    pub(crate) port: u16,
    /// The address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) address: IpAddr,
    /// The only token that is accepted; without it, any token is
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// A file of items to begin with, unless the file of --state exists: {"contacts": [{"email": "joe@example.com"}]}
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// How many calls are admitted in a window, such as 100/10s; without it, none is refused
    #[arg(long, value_name = "CALLS/TIME", value_parser = limit)]
    pub(crate) limit: Option<(u32, Duration)>,
    /// The wait before every answer, such as 20ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) latency: Option<Duration>,
    /// The percentage of calls that fail with 500 or 503, such as 5%
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "0%")]
    pub(crate) fail: f64,
    /// What decides which calls fail; the same number gives the same failures
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) random_seed: u64,
    /// How long a change takes to be found by searches, such as 2s
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "0s")]
    pub(crate) search_delay: Duration,
    /// The URL that webhooks are delivered to
    #[arg(long, value_name = "URL", requires = "secret", value_parser = http_url)]
    pub(crate) webhook: Option<String>,
    /// The client secret that webhooks are signed with
    #[arg(long, requires = "webhook")]
    pub(crate) secret: Option<String>,
    /// A file that the state is read from and kept in
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Creates items that a call names and that do not exist, instead of answering 404
    #[arg(long)]
    pub(crate) make_missing_items: bool,
    /// Prints no line for a call
    #[arg(long)]
    pub(crate) quiet: bool,
}

fn time(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 = number.parse().map_err(|_| "write a number and a unit, such as 20ms or 2s".to_owned())?;
    match unit {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        _ => Err(format!("`{unit}` is not a unit; there are ms, s and m")),
    }
}

fn limit(text: &str) -> Result<(u32, Duration), String> {
    let (calls, window) = text.split_once('/').ok_or("write calls and a time, such as 100/10s")?;
    let calls = calls.parse().map_err(|_| format!("`{calls}` is not a number of calls"))?;
    let window = time(window)?;
    if window.is_zero() {
        return Err("a window has at least one millisecond".to_owned());
    }
    Ok((calls, window))
}

fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text.trim_end_matches('%').parse().map_err(|_| "write a percentage such as 5%".to_owned())?;
    if (0.0..=100.0).contains(&number) { Ok(number / 100.0) } else { Err("a percentage is from 0% to 100%".to_owned()) }
}

fn http_url(text: &str) -> Result<String, String> {
    let uri: http::Uri = text.parse().map_err(|error| format!("{error}"))?;
    if uri.scheme_str() == Some("http") && uri.host().is_some() {
        return Ok(text.to_owned());
    }
    Err("webhooks are delivered by HTTP; write a URL such as http://127.0.0.1:8080/webhooks".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_or_refused_with_a_hint() {
        assert_eq!(limit("100/10s"), Ok((100, Duration::from_secs(10))));
        assert_eq!(limit("10/1500ms"), Ok((10, Duration::from_millis(1500))));
        assert_eq!(time("20ms"), Ok(Duration::from_millis(20)));
        assert_eq!(percent("5%"), Ok(0.05));
        assert!(http_url("http://localhost:8080/x").is_ok());
        for wrong in [limit("100").map(drop), limit("x/1s").map(drop), limit("1/0s").map(drop), time("5").map(drop)] {
            assert!(wrong.is_err());
        }
        for wrong in ["-1%", "101%", "many"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
        assert!(http_url("https://example.com").is_err() && http_url("nowhere").is_err());
    }
}
