//! The context of a command: the catalog of the version, the output, and the settings of clients.

use std::sync::Arc;

use clap::ArgMatches;
use intercom_catalog::{Catalog, VERSIONS};
use intercom_runtime::metrics::{AttemptReport, Metrics};
use intercom_runtime::throttle::Paced;
use intercom_runtime::{Client, ClientBuilder, Region};

use crate::arguments::{is_set, matches_one};
use crate::dry_run::DryRun;
use crate::failure::{Code, Failure, Result};
use crate::output::Output;
use crate::profile;

/// The context of a command.
#[derive(Debug)]
pub struct Session {
    pub catalog: Arc<Catalog>,
    pub output: Output,
    /// Whether to print no notes and no progress.
    pub quiet: bool,
    verbose: bool,
    /// The profile that `--profile` names.
    pub profile: Option<String>,
    region: Option<String>,
}

/// The program's part of the `User-Agent` header.
const AGENT: &str = concat!("intercom-cli/", env!("CARGO_PKG_VERSION"));

impl Session {
    /// Reads the common options.
    pub fn new(catalog: Arc<Catalog>, matches: &ArgMatches) -> Self {
        let option = |name| matches_one(matches, name);
        Self {
            catalog,
            output: Output::new(option("output"), option("fields"), option("color")),
            quiet: is_set(matches, "quiet"),
            verbose: is_set(matches, "verbose"),
            profile: option("profile").map(str::to_owned),
            region: option("region").map(str::to_owned),
        }
    }

    /// A client for the workspace.
    ///
    /// # Errors
    /// Where there is no token, or a setting is not valid.
    pub fn client(&self) -> Result<Client> {
        self.finish(self.builder()?)
    }

    /// A client for many calls, which keeps below the rate limit.
    ///
    /// # Errors
    /// As for [`client`](Self::client).
    pub fn throttled_client(&self) -> Result<Client> {
        self.finish(self.builder()?.throttle(Paced::new()))
    }

    /// A client of a dry run, which needs no token.
    ///
    /// # Errors
    /// Where a setting is not valid.
    pub fn dry_run_client(&self, dry_run: &DryRun) -> Result<Client> {
        let builder = self.builder()?.transport(dry_run.clone());
        match self.finish(builder) {
            Err(failure) if failure.code == Code::Auth => {
                self.finish(self.builder()?.transport(dry_run.clone()).token("none"))
            }
            done => done,
        }
    }

    /// The settings of a client: of the default profile, which is read only without `--profile` and INTERCOM_ACCESS_TOKEN, then of the
    /// environment, then of `--profile` and `--region`; each overrides those before it.
    ///
    /// # Errors
    /// Where the profile cannot be read.
    pub fn builder(&self) -> Result<ClientBuilder<Client>> {
        let mut builder = self.builder_without_profile();
        // A token in the environment is used without looking at the profile, whose keyring may ask for a password.
        let has_token = std::env::var_os("INTERCOM_ACCESS_TOKEN").is_some_and(|token| !token.is_empty());
        if let (None, false) = (&self.profile, has_token) {
            let stored = profile::read(profile::DEFAULT)?.unwrap_or_default();
            builder = with_profile(builder, profile::DEFAULT, stored)?;
        }
        builder = builder.from_env();
        if let Some(name) = &self.profile {
            let stored = profile::read(name)?.ok_or_else(|| {
                let message = format!("there is no profile `{name}`; `intercom login --profile {name}` makes one");
                Failure::new(Code::Auth, message)
            })?;
            builder = with_profile(builder, name, stored)?;
        }
        if let Some(region) = self.region.as_deref().and_then(|region| region.parse::<Region>().ok()) {
            builder = builder.region(region);
        }
        if self.verbose {
            builder = builder.metrics(PrintAttempts);
        }
        Ok(builder)
    }

    /// Makes the client.
    ///
    /// # Errors
    /// Where there is no token, or a setting is not valid.
    pub fn finish(&self, builder: ClientBuilder<Client>) -> Result<Client> {
        builder.build().map_err(|error| {
            let text = error.to_string();
            if text.contains("there is no access token") {
                return Failure::new(
                    Code::Auth,
                    "there is no access token: set INTERCOM_ACCESS_TOKEN, or run `intercom login`",
                );
            }
            Failure::usage(text)
        })
    }

    /// Prints a note on standard error, unless `--quiet` is given.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// The settings of a client for the version, before any of the user's.
    pub fn builder_without_profile(&self) -> ClientBuilder<Client> {
        let version = VERSIONS.iter().find(|version| **version == self.catalog.version);
        ClientBuilder::for_version(version.copied().unwrap_or_default(), AGENT)
    }
}

/// Takes over the token and the region of a profile.
fn with_profile(
    mut builder: ClientBuilder<Client>,
    name: &str,
    stored: profile::Profile,
) -> Result<ClientBuilder<Client>> {
    if let Some(region) = stored.region {
        let region = region.parse::<Region>();
        let region = region.map_err(|problem| Failure::usage(format!("profile `{name}`: {problem}")))?;
        builder = builder.region(region);
    }
    if let Some(token) = stored.token {
        builder = builder.token(token);
    }
    Ok(builder)
}

/// Prints each attempt on standard error, for `--verbose`.
struct PrintAttempts;

impl Metrics for PrintAttempts {
    fn attempt(&self, report: &AttemptReport<'_>) {
        let status = report.status.map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string());
        let mut line = format!(
            "{} {}: {status} in {} ms",
            report.endpoint.method,
            report.endpoint.path,
            report.elapsed.as_millis()
        );
        if let Some(error) = report.error {
            line.push_str(&format!(", {error}"));
        }
        if let Some(wait) = report.wait {
            line.push_str(&format!("; retry in {} ms", wait.as_millis()));
        }
        eprintln!("{line}");
    }
}
