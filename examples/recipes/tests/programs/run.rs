//! Runs a program against a server.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

pub const TOKEN: &str = "dG9rOnRlc3Q";

/// Exit code, standard output and standard error.
pub type Run = (i32, String, String);

/// Runs a program with a token, and with a server in place of the API.
macro_rules! run {
    ($name:literal, $server:expr, $arguments:expr) => {
        $crate::run::with_environment(
            env!(concat!("CARGO_BIN_EXE_", $name)),
            &[("INTERCOM_ACCESS_TOKEN", $crate::run::TOKEN), ("INTERCOM_BASE_URL", &$server.url())],
            $arguments,
        )
    };
}
pub(crate) use run;

pub fn with_environment(
    program: &str,
    environment: &[(&str, &str)],
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Run {
    let mut command = Command::new(program);
    // A proxy of this machine is no part of the test.
    for name in ["INTERCOM_REGION", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let output = command.envs(environment.iter().copied()).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// An empty folder for the files of a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}
