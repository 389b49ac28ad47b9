//! Runs the generator in its own process, with a time limit, so that a stack overflow or an endless loop ends only that
//! process.
//!
//! The process runs the same test program, with an environment variable, and of its tests only `entry_point_of_worker_processes`. A test
//! program that uses this module must have a test of that name, which calls [`work`].

#![allow(dead_code)] // each test program reads some of the fields only

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use intercom_codegen::diag::Errors;
use intercom_codegen::overlay::{Overlays, YamlFile};
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, generate};
use serde_json::{Value, json};

/// The environment variable that makes a process a worker. It contains the path of the file with the task.
const TASK: &str = "INTERCOM_CODEGEN_TASK";

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// The description was accepted.
    Generated { files: BTreeMap<String, String>, warnings: Vec<String> },
    /// The description was rejected, with these errors.
    Refused(Vec<Refusal>),
    /// The process ended without writing an outcome.
    Aborted(String),
    /// The process was killed: its CPU time exceeded the limit, or it ran for twelve times that long.
    TooLong,
}

/// An error of the generator.
#[derive(Debug)]
pub struct Refusal {
    pub line: Option<u64>,
    pub pointer: String,
    pub message: String,
    pub hint: String,
}

/// The task of a worker.
pub struct Task<'a> {
    pub text: &'a str,
    pub crate_name: &'a str,
    pub version: Version,
    pub overlays: &'a [YamlFile],
    /// Whether the outcome includes the generated files.
    pub files: bool,
}

/// Carries out the task that the environment variable names, if this process is a worker.
pub fn work() {
    let Some(path) = std::env::var_os(TASK).map(PathBuf::from) else { return };
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let task: Value = serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{error}"));
    let text = |key: &str| task[key].as_str().unwrap_or_default().to_owned();
    let overlays: Vec<YamlFile> = task["overlays"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|file| YamlFile {
            name: file[0].as_str().unwrap_or_default().to_owned(),
            text: file[1].as_str().unwrap_or_default().to_owned(),
        })
        .collect();
    let version: Version = text("version").parse().unwrap_or_else(|error| panic!("{error}"));
    let info = CrateInfo {
        crate_name: text("crate"),
        crate_version: "0.1.0".to_owned(),
        command: "cargo xtask generate".to_owned(),
        description: "case.yaml".to_owned(),
        sha256: "0".repeat(64),
        runtime_path: runtime(),
    };
    let generated = Overlays::parse(&overlays)
        .map_err(Errors::from)
        .and_then(|overlays| generate(&text("text"), &overlays, version, &info));
    let answer = match generated {
        Ok(output) => {
            let warnings: Vec<&str> = output.warnings.iter().map(|warning| warning.code).collect();
            let files = if task["files"] == true { output.files } else { BTreeMap::new() };
            json!({"files": files, "warnings": warnings})
        }
        Err(errors) => {
            let all =
                errors.iter().map(|error| json!([error.line(), error.pointer(), error.message(), error.hint_text()]));
            json!({"errors": all.collect::<Vec<_>>()})
        }
    };
    fs::write(path.with_extension("answer"), answer.to_string()).unwrap_or_else(|error| panic!("{error}"));
}

/// Where generated crates find the runtime.
pub fn runtime() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime").display().to_string()
}

/// Runs a task in its own process. `name` distinguishes its files from those of runs at the same time.
pub fn run(name: &str, task: &Task<'_>, limit: Duration) -> Outcome {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tasks");
    let path = folder.join(format!("{}-{name}.task", std::process::id()));
    let answer = path.with_extension("answer");
    let overlays: Vec<_> = task.overlays.iter().map(|file| json!([file.name, file.text])).collect();
    let content = json!({
        "text": task.text, "crate": task.crate_name, "version": task.version.to_string(), "overlays": overlays,
        "files": task.files,
    });
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, content.to_string()));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let said_file = path.with_extension("said");
    let stderr = fs::File::create(&said_file).unwrap_or_else(|error| panic!("{}: {error}", said_file.display()));
    let mut child = command(limit)
        .args(["entry_point_of_worker_processes", "--exact", "--nocapture", "--test-threads", "1"])
        .env(TASK, &path)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .unwrap_or_else(|error| panic!("{error}"));
    let start = Instant::now();
    // On a busy machine a process waits longer than it computes.
    let limit = limit * 12;
    let status = loop {
        match child.try_wait().unwrap_or_else(|error| panic!("{error}")) {
            Some(status) => break Some(status),
            None if start.elapsed() > limit => {
                // It may have ended in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let said = fs::read_to_string(&answer).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let stderr = fs::read_to_string(&said_file).unwrap_or_default();
    for file in [&answer, &path, &said_file] {
        // If the process wrote no outcome, the file does not exist.
        let _ = fs::remove_file(file);
    }
    match (status, said) {
        (None, _) => Outcome::TooLong,
        (Some(_), Some(said)) => outcome(&said),
        (Some(status), None) if ran_out(status) => Outcome::TooLong,
        (Some(status), None) => Outcome::Aborted(format!("{status}: {}", stderr.trim())),
    }
}

/// A command that runs this program; the operating system kills it when its CPU time exceeds the limit.
#[cfg(unix)]
fn command(limit: Duration) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -t {} && exec \"$0\" \"$@\"", limit.as_secs())]).arg(program());
    command
}

#[cfg(not(unix))]
fn command(_: Duration) -> Command {
    Command::new(program())
}

fn program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|error| panic!("{error}"))
}

/// Whether the operating system killed the process because of its CPU time.
#[cfg(unix)]
fn ran_out(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    // SIGXCPU, or SIGKILL where that was not enough.
    matches!(status.signal(), Some(24 | 9))
}

#[cfg(not(unix))]
fn ran_out(_: std::process::ExitStatus) -> bool {
    false
}

fn outcome(said: &Value) -> Outcome {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match said["errors"].as_array() {
        Some(errors) => Outcome::Refused(
            errors
                .iter()
                .map(|error| Refusal {
                    line: error[0].as_u64(),
                    pointer: text(&error[1]),
                    message: text(&error[2]),
                    hint: text(&error[3]),
                })
                .collect(),
        ),
        None => Outcome::Generated {
            files: said["files"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, content)| (name.clone(), text(content)))
                .collect(),
            warnings: said["warnings"].as_array().into_iter().flatten().map(text).collect(),
        },
    }
}
