//! A real terminal, by tmux, and completions in real shells. A test whose program is not installed prints that and is skipped.

#![allow(clippy::unwrap_used, reason = "a test panics")]
#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::Server;

fn is_there(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().unwrap().status.success();
    if !found {
        println!("left out: {tool} is not installed");
    }
    found
}

/// A terminal of 80 columns with a shell in it.
struct Terminal(String);

impl Terminal {
    fn start(server: &Server) -> Self {
        let terminal =
            Self(format!("intercom-test-{}-{}", std::process::id(), server.address.rsplit(':').next().unwrap()));
        let mut tmux = Command::new("tmux");
        tmux.args(["-L", &terminal.0, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sh"]);
        tmux.env("INTERCOM_ACCESS_TOKEN", "t").env("INTERCOM_BASE_URL", &server.address).env("TERM", "screen-256color");
        tmux.env("PS1", "ready> ").env("INTERCOM_CONFIG_DIR", "/nonexistent").env_remove("NO_COLOR");
        assert!(tmux.status().unwrap().success());
        terminal
    }

    fn keys(&self, keys: &[&str]) {
        assert!(Command::new("tmux").args(["-L", &self.0, "send-keys"]).args(keys).status().unwrap().success());
    }

    fn line(&self, line: &str) {
        self.keys(&["-l", &line.replace("intercom", env!("CARGO_BIN_EXE_intercom"))]);
        self.keys(&["Enter"]);
    }

    /// The screen once it shows a text, with the codes of colours where they are asked for.
    fn shows(&self, text: &str, colors: bool) -> String {
        let begin = Instant::now();
        loop {
            let mut tmux = Command::new("tmux");
            tmux.args(["-L", &self.0, "capture-pane", "-p"]).args(colors.then_some("-e"));
            let screen = String::from_utf8(tmux.output().unwrap().stdout).unwrap();
            if screen.contains(text) {
                return screen;
            }
            assert!(begin.elapsed() < Duration::from_secs(60), "no {text:?} on:\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.0, "kill-server"]).status();
    }
}

fn slow_contacts() -> Server {
    Server::start(|seen| {
        std::thread::sleep(Duration::from_millis(40));
        let begin: u64 = seen.query("starting_after").map_or(0, |cursor| cursor.parse().unwrap());
        let item = |id: u64| {
            let name = "A name that is far too long for what is left of a line in this terminal";
            json!({"type": "contact", "id": id.to_string(), "name": name, "email": format!("u{id}@example.com"), "created_at": 1_793_491_200})
        };
        let items: Vec<Value> = (begin..begin + 10).map(item).collect();
        let next = json!({"starting_after": (begin + 10).to_string()});
        (200, json!({"type": "list", "data": items, "total_count": 2000, "pages": {"next": next}}).to_string())
    })
}

#[test]
fn tables_fit_bars_move_and_ctrl_c_ends() {
    if !is_there("tmux") {
        return;
    }
    let server = slow_contacts();
    let terminal = Terminal::start(&server);
    terminal.line("intercom contacts list");
    let screen = terminal.shows("10 of 2000 items; --all prints all", true);
    assert!(screen.contains("\u{1b}[1m"), "the names are bold: {screen:?}");
    let screen = terminal.shows("of 2000 items", false);
    let row = screen.lines().find(|line| line.contains("u9@example.com")).unwrap();
    assert!(row.contains("2026-11-01 00:00") && row.chars().count() <= 80, "{row}");

    let folder = tempfile::tempdir().unwrap();
    terminal.line(&format!("clear; intercom export contacts --to {}; echo ended $?", folder.path().display()));
    let screen = terminal.shows("/2,000", false);
    assert!(screen.contains("contacts") && screen.contains("░"), "{screen}");
    terminal.keys(&["C-c"]);
    let screen = terminal.shows("ended 130", false);
    assert!(screen.contains("interrupted"), "{screen}");
    assert!(std::fs::read_to_string(folder.path().join("export.json")).unwrap().contains("position"));

    terminal.line("clear; NO_COLOR=1 intercom contacts list --limit 1; echo ended $?");
    let screen = terminal.shows("ended 0", true);
    assert!(!screen.contains("\u{1b}[1m"), "{screen:?}");
}

/// What a shell prints for a script, with the program in its path.
fn shell(name: &str, arguments: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_intercom")).parent().unwrap();
    let paths = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(name).args(arguments).env("PATH", paths).env("HOME", home.path()).output().unwrap();
    assert!(output.stderr.is_empty(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_loads_the_completions() {
    let line = "source <(intercom completions bash); \
        complete -p intercom; \
        COMP_WORDS=(intercom contacts upd); COMP_CWORD=2; COMP_LINE='intercom contacts upd'; COMP_POINT=21; COMP_TYPE=9; \
        $(complete -p intercom | sed 's/.*-F \\([^ ]*\\).*/\\1/') intercom upd contacts; \
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let shown = shell("bash", &["-c", line]);
    assert!(shown.lines().any(|line| line.trim() == "update"), "{shown}");
}

#[test]
fn zsh_loads_the_completions() {
    if !is_there("zsh") {
        return;
    }
    // zsh completes only in its line editor, so `_describe` is replaced with a function that prints.
    let line = "autoload -Uz compinit && compinit -u -D && source <(intercom completions zsh); \
        _describe() { print -l -- ${(P)3} }; words=(intercom contacts upd); CURRENT=3; $_comps[intercom]";
    let shown = shell("zsh", &["-fc", line]);
    assert!(shown.starts_with("update:Change fields of a contact"), "{shown}");
}

#[test]
fn fish_loads_the_completions() {
    if !is_there("fish") {
        return;
    }
    let line = "source (intercom completions fish | psub); complete -C 'intercom contacts upd'";
    let shown = shell("fish", &["--no-config", "-c", line]);
    assert!(shown.starts_with("update\tChange fields of a contact"), "{shown}");
}

/// PowerShell is not in Debian, so its script is not loaded: the command in it is run, and its brackets must match.
#[test]
fn what_powershell_loads_asks_the_program() {
    let script = shell("intercom", &["completions", "powershell"]);
    assert!(script.contains("Register-ArgumentCompleter -Native -CommandName intercom"), "{script}");
    assert!(script.contains("INTERCOM_COMPLETE = \"powershell\""), "{script}");
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        assert_eq!(script.matches(open).count(), script.matches(close).count(), "{script}");
    }
    assert!(script.matches('"').count().is_multiple_of(2), "{script}");
    let mut asked = Command::new(env!("CARGO_BIN_EXE_intercom"));
    let output =
        asked.env("INTERCOM_COMPLETE", "powershell").args(["--", "intercom", "contacts", "upd"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().split('\t').next(), Some("update"));
}
