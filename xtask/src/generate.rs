//! `cargo xtask generate`: generates crates and catalogs from descriptions, or checks that they are up to date.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use intercom_codegen::overlay::Overlays;
use intercom_codegen::plural::counted;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, Output, ir, yaml};
use sha2::{Digest, Sha256};

use crate::output::{self, Written};
use crate::project::{Project, read};

/// Writes the client crate and the catalog of a version, or of all versions. With --spec, --overlays or --out it writes only
/// the crate.
#[derive(Debug, Args)]
pub struct Generate {
    /// The version, such as 2.15, or preview
    #[arg(long, value_name = "V", required_unless_present_any = ["all", "spec"])]
    version: Option<String>,
    /// Every version that has a description
    #[arg(long, conflicts_with_all = ["version", "spec", "out"])]
    all: bool,
    /// Write nothing; list what is outdated and exit with 1 if there is anything
    #[arg(long)]
    check: bool,
    /// Read this description instead of the project's; its version is --version, or the one in the description
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Apply the overlays of this folder, or `none`, instead of the project's
    #[arg(long, value_name = "DIR|none", conflicts_with = "all")]
    overlays: Option<PathBuf>,
    /// Write the crate into this folder, which must be new, empty or a generated crate [default: generated/CRATE, or target/spec/CRATE
    /// with --spec or --overlays]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Generate {
    /// The command for one version of the project.
    pub fn one(version: Version) -> Self {
        Self { version: Some(version.to_string()), all: false, check: false, spec: None, overlays: None, out: None }
    }

    /// The command that checks whether the crate of one version is up to date.
    #[cfg(test)]
    pub fn check_one(version: Version) -> Self {
        Self { check: true, ..Self::one(version) }
    }
}

/// What to generate, and where.
struct Job {
    version: Version,
    /// The path of the description, for messages.
    description_path: String,
    /// The text of the description.
    text: String,
    out: PathBuf,
    info: CrateInfo,
    /// The command that brings the crate up to date.
    update: String,
    /// Whether overlay actions, tables and platform features that do not apply to the description are left out, instead of failing
    /// the run.
    lenient: bool,
    /// The path of the version's catalog; `None` with `--spec`, `--overlays` or `--out`.
    catalog: Option<PathBuf>,
}

/// A generated crate, and how long generating it took.
struct Done {
    output: Output,
    time: Duration,
}

/// Runs the command. `Ok(false)` means that `--check` found something outdated.
pub fn run(args: &Generate, project: &Project) -> Result<bool> {
    let start = Instant::now();
    let overlays = match &args.overlays {
        None => project.overlays()?,
        Some(none) if none.as_os_str() == "none" => Vec::new(),
        Some(folder) => project.overlays_in(folder)?,
    };
    let overlays = Overlays::parse(&overlays)?;
    let jobs = jobs(args, project)?;
    let done = generate_all(&jobs, &overlays)?;
    let mut fresh = true;
    for (job, done) in jobs.iter().zip(&done) {
        if args.check {
            fresh &= check(job, &done.output.files, project)?;
            fresh &= check_catalog(job, &done.output.api, project)?;
        } else {
            write_catalog(job, &done.output.api)?;
            summary(job, done, project, &output::write(&job.out, &done.output.files)?);
        }
    }
    if args.check && fresh {
        let count: usize = done.iter().map(|done| done.output.files.len()).sum();
        println!(
            "up to date: {} ({}) in {:.2?}",
            counted(jobs.len(), "crate"),
            counted(count, "file"),
            start.elapsed()
        );
    } else if jobs.len() > 1 && !args.check {
        println!("{} crates in {:.2?}", jobs.len(), start.elapsed());
    }
    Ok(fresh)
}

fn jobs(args: &Generate, project: &Project) -> Result<Vec<Job>> {
    if args.all {
        return project.versions()?.into_iter().map(|version| job(version, args, project)).collect();
    }
    let given = args.version.as_deref().map(str::parse::<Version>).transpose()?;
    let version = match (given, &args.spec) {
        (Some(version), _) => version,
        (None, Some(spec)) => version_of(spec)?,
        (None, None) => bail!("give --version or --all"),
    };
    Ok(vec![job(version, args, project)?])
}

fn job(version: Version, args: &Generate, project: &Project) -> Result<Job> {
    let spec = args.spec.as_deref();
    let crate_name = Project::crate_name(version);
    let (path, text) = match spec {
        Some(path) => (path.to_owned(), read(path)?),
        None => (project.description_path(version), project.description(version)?),
    };
    let description = match spec {
        Some(path) => {
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
        }
        None => Project::description_name(version),
    };
    let out = match &args.out {
        Some(out) => std::path::absolute(out)?,
        None if spec.is_some() || args.overlays.is_some() => project.root().join("target/spec").join(&crate_name),
        None => project.crate_path(version),
    };
    let name = version.to_string().to_lowercase();
    let overlays = match args.overlays.as_deref() {
        Some(none) if none.as_os_str() == "none" => Some(none),
        Some(_) => Some(Path::new("DIR")),
        None => None,
    };
    // The command is written into the crate, so it has no paths of this machine.
    let command = command_line(&name, spec.map(|_| Path::new("FILE")), overlays, None);
    let update = command_line(&name, spec, args.overlays.as_deref(), args.out.as_deref());
    let info = CrateInfo {
        crate_name,
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        command,
        description: description.clone(),
        sha256: Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect(),
        runtime_path: runtime_path(&out, project),
    };
    // The project's overlays were written for the project's descriptions, so not all apply to another one. Overlays of a
    // folder that the user named must all apply.
    let lenient = spec.is_some() && args.overlays.is_none();
    let own = spec.is_none() && args.overlays.is_none() && args.out.is_none();
    let catalog = own.then(|| project.catalog_path(version));
    let description_path = project.relative(&path);
    Ok(Job { version, description_path, text, out, info, update, lenient, catalog })
}

/// The command that generates a crate.
fn command_line(version: &str, spec: Option<&Path>, overlays: Option<&Path>, out: Option<&Path>) -> String {
    let mut line = format!("cargo xtask generate --version {version}");
    for (option, path) in [("spec", spec), ("overlays", overlays), ("out", out)] {
        if let Some(path) = path {
            let _ = write!(line, " --{option} {}", path.display());
        }
    }
    line
}

/// The path from a crate to the runtime: relative inside the project, absolute elsewhere.
fn runtime_path(out: &Path, project: &Project) -> String {
    match out.strip_prefix(project.root()) {
        Ok(inside) => "../".repeat(inside.components().count()) + "runtime",
        Err(_) => project.root().join("runtime").display().to_string(),
    }
}

fn version_of(spec: &Path) -> Result<Version> {
    let document = yaml::read(&read(spec)?).map_err(|error| error.in_file(spec.display().to_string()))?;
    let version = document.pointer("/info/version").and_then(|version| version.as_str());
    let version = version.and_then(|version| version.parse().ok());
    version.with_context(|| format!("{} does not name its version\n  hint: give --version", spec.display()))
}

/// Generates all crates, at most as many at a time as there are cores.
fn generate_all(jobs: &[Job], overlays: &Overlays) -> Result<Vec<Done>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((index, job)) = {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            jobs.get(index).map(|job| (index, job))
        } {
            eprintln!("generating {} from {}", job.info.crate_name, job.description_path);
            let start = Instant::now();
            let generate = if job.lenient { intercom_codegen::generate_lenient } else { intercom_codegen::generate };
            let output = generate(&job.text, overlays, job.version, &job.info)
                .map_err(|error| error.in_file(&job.description_path));
            done.push((index, output.map(|output| Done { output, time: start.elapsed() })));
        }
        done
    };
    let mut all = BTreeMap::new();
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        for handle in handles {
            all.extend(handle.join().map_err(|_| anyhow!("the generator panicked, which is a bug; please report it"))?);
        }
        Ok::<(), anyhow::Error>(())
    })?;
    all.into_values().map(|done| Ok(done?)).collect()
}

/// Shows how the files on disk differ from the generated ones. `Ok(false)` means that they do.
fn check(job: &Job, files: &BTreeMap<String, String>, project: &Project) -> Result<bool> {
    let mut fresh = true;
    for (name, text) in files {
        let path = job.out.join(name);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        if old != *text {
            fresh = false;
            let name = project.relative(&path);
            print!(
                "{}",
                similar::TextDiff::from_lines(&old, text)
                    .unified_diff()
                    .header(&format!("{name} (on disk)"), &format!("{name} (generated)"))
            );
        }
    }
    let found = output::found(&job.out, files)?;
    for name in found.no_longer_generated {
        fresh = false;
        println!("{} is no longer generated", project.relative(&job.out.join(name)));
    }
    if !fresh {
        println!("{} is outdated; run `{}`", project.relative(&job.out), job.update);
    }
    // A crate of the project has generated files only. In other folders, other files are allowed.
    for name in found.others.iter().filter(|_| job.out == project.crate_path(job.version)) {
        fresh = false;
        println!("{} is not written by the generator; delete it", project.relative(&job.out.join(name)));
    }
    Ok(fresh)
}

/// Writes the catalog of a version, if it changed.
fn write_catalog(job: &Job, api: &ir::Api) -> Result<()> {
    let Some(path) = &job.catalog else { return Ok(()) };
    let text = intercom_codegen::catalog(api).to_text()?;
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Checks that the catalog on disk is the one generated from the description. `Ok(false)` means that it is not.
fn check_catalog(job: &Job, api: &ir::Api, project: &Project) -> Result<bool> {
    let Some(path) = &job.catalog else { return Ok(true) };
    let fresh = std::fs::read_to_string(path).unwrap_or_default() == intercom_codegen::catalog(api).to_text()?;
    if !fresh {
        println!("{} is outdated; run `{}`", project.relative(path), job.info.command);
    }
    Ok(fresh)
}

/// Prints what was generated, and the warnings.
fn summary(job: &Job, done: &Done, project: &Project, files: &Written) {
    let api = &done.output.api;
    let operations = api.operations().count();
    let fields: usize = api
        .types
        .iter()
        .map(|def| match &def.kind {
            ir::TypeKind::Struct(structure) => structure.fields.len(),
            _ => 0,
        })
        .sum();
    let lines: usize = done.output.files.values().map(|text| text.lines().count()).sum();
    let warnings = &done.output.warnings;
    println!(
        "{}: {operations} operations in {} groups, {} types, {fields} fields, {}; {} files written, {} unchanged, {} removed ({lines} lines) in {} in {:.2?}",
        job.info.crate_name,
        api.groups_with_operations().count(),
        api.types.len(),
        counted(warnings.len(), "warning"),
        files.written,
        files.unchanged,
        files.removed,
        project.relative(&job.out),
        done.time
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for warning in warnings {
        *counts.entry(warning.code).or_default() += 1;
        println!("  warning: {warning}");
    }
    for (code, count) in counts {
        println!("  {count} × {code}");
    }
    if !files.others.is_empty() {
        let others: Vec<&str> = files.others.iter().map(String::as_str).collect();
        println!("  not changed, because they are not generated: {}", others.join(", "));
    }
}
