//! `login` with a real keyring, that of GNOME, on a session bus of its own, and without one. If the keyring is not installed, its test
//! prints that and is skipped.

#![allow(clippy::unwrap_used, reason = "a test panics")]
#![cfg(all(target_os = "linux", feature = "secret-service"))]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::{program, stderr, stdout};

fn is_there(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().unwrap().status.success();
    if !found {
        println!("left out: {tool} is not installed");
    }
    found
}

/// Runs a script with the program as `$INTERCOM`, on a bus with an unlocked keyring that is kept below `home`.
fn with_keyring(home: &Path, server: &intercom_mock::Server, script: &str) -> Output {
    let unlock = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
    let mut bus = Command::new("dbus-run-session");
    bus.args(["--", "sh", "-c", &format!("{unlock} && {script}")]);
    bus.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    bus.env("HOME", home).env("XDG_RUNTIME_DIR", home).env("INTERCOM_CONFIG_DIR", home.join("intercom"));
    bus.env("INTERCOM_BASE_URL", server.url()).env("INTERCOM", env!("CARGO_BIN_EXE_intercom"));
    bus.env("TOKEN", server.token()).output().unwrap()
}

#[test]
fn a_token_is_kept_in_the_keyring_of_the_desktop() {
    if !is_there("gnome-keyring-daemon") || !is_there("dbus-run-session") {
        return;
    }
    let server = intercom_mock::Server::start_blocking("2.16");
    let home = tempfile::tempdir().unwrap();
    let login = with_keyring(home.path(), &server, "echo $TOKEN | $INTERCOM login --profile shop");
    assert!(stderr(&login).contains("profile `shop`, region us: the token is in the system's keyring"), "{login:?}");
    let profiles = std::fs::read_to_string(home.path().join("intercom/profiles.json")).unwrap();
    assert!(profiles.contains("shop") && !profiles.contains(server.token()), "{profiles}");

    // Another process, on another bus, as after a restart.
    let used = with_keyring(home.path(), &server, "$INTERCOM tags list --profile shop -o json");
    assert_eq!((stdout(&used).as_str(), used.status.code()), ("[]\n", Some(0)), "{used:?}");

    let gone =
        with_keyring(home.path(), &server, "$INTERCOM logout --profile shop && $INTERCOM tags list --profile shop");
    assert_eq!(gone.status.code(), Some(4), "{gone:?}");
    assert!(stderr(&gone).contains("there is no profile `shop`"), "{gone:?}");
}

#[test]
fn without_a_keyring_the_token_is_in_a_file_and_the_user_is_told() {
    let server = intercom_mock::Server::start_blocking("2.16");
    let home = tempfile::tempdir().unwrap();
    let mut login = program(&server.url());
    login.env("INTERCOM_CONFIG_DIR", home.path()).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    login.args(["login", "--no-check"]).stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = login.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"secret\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stderr(&output).contains("warning: there is no keyring"), "{output:?}");
    assert!(std::fs::read_to_string(home.path().join("profiles.json")).unwrap().contains("secret"));
}
