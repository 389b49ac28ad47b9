//! Compiles many generated crates as modules of one crate, which is faster than compiling each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Features that do not affect the emitted code but would compile more dependencies: those of TLS, `http2`, `default`, which turns two of
/// them on, and `tracing`.
const IRRELEVANT: [&str; 5] = ["default", "http2", "rustls", "native-tls", "tracing"];

/// Compiles generated crates, by name, as modules of one crate in a folder below the target folder.
///
/// # Errors
/// The compiler's output, if there is an error; with `strict` also if there is a warning.
pub fn check(folder: &str, crates: &BTreeMap<String, BTreeMap<String, String>>, strict: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut lib = "//! Generated crates.\n\n#![allow(missing_docs)]\n".to_owned();
    let mut files = BTreeMap::new();
    let mut manifest = String::new();
    for (name, generated) in crates {
        let _ = writeln!(lib, "pub mod {name};");
        for (path, content) in generated {
            match path.as_str() {
                "Cargo.toml" => {
                    // The dependencies are those of the longest manifest, which has at least those of the others.
                    if content.len() > manifest.len() {
                        manifest.clone_from(content);
                    }
                    collect(content, &mut features);
                }
                "src/lib.rs" => {
                    let content = content.replace("include_str!(\"../README.md\")", "\"A generated crate.\"");
                    files.insert(format!("src/{name}.rs"), inside(&content, name));
                }
                _ => {
                    if let Some(path) = path.strip_prefix("src/") {
                        files.insert(format!("src/{name}/{path}"), inside(content, name));
                    }
                }
            }
        }
    }
    files.insert("src/lib.rs".to_owned(), lib);
    let head = manifest.split("[features]").next().unwrap_or_default();
    let package = head.replace(line(head, "name = "), "name = \"crates\"").replace("readme = \"README.md\"\n", "");
    let mut toml = format!("{package}[features]\n");
    for (name, needs) in &features {
        let needs: Vec<String> = needs.iter().map(|need| format!("{need:?}")).collect();
        let _ = writeln!(toml, "{name} = [{}]", needs.join(", "));
    }
    toml.push_str("\n[workspace]\n");
    files.insert("Cargo.toml".to_owned(), toml);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    files.insert("Cargo.lock".to_owned(), fs::read_to_string(lock).map_err(|error| error.to_string())?);
    write(&root, &files).map_err(|error| error.to_string())?;
    let names: Vec<&str> = features.keys().map(String::as_str).filter(|name| !IRRELEVANT.contains(name)).collect();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--offline", "--no-default-features", "--features", &names.join(",")])
        .current_dir(&root)
        // The tests in cases.rs compile the runtime in that folder, too.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases/target"))
        .env_remove("RUSTFLAGS")
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let warned = said.lines().any(|line| line.starts_with("warning: `crates`"));
    if output.status.success() && !(strict && warned) { Ok(()) } else { Err(said) }
}

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or_default()
}

/// Rewrites the code of a crate so that it compiles as a module.
fn inside(code: &str, name: &str) -> String {
    code.replace("crate::", &format!("crate::{name}::"))
        .replace("pub(crate)", &format!("pub(in crate::{name})"))
        .replace("$crate::", "::crates::")
}

/// Adds the features of a manifest, with those that they turn on.
fn collect(manifest: &str, features: &mut BTreeMap<String, BTreeSet<String>>) {
    let text = manifest.split("[features]").nth(1).unwrap_or_default();
    let mut current = None;
    for line in text.lines().take_while(|line| !line.starts_with('[')) {
        let needs = match line.split_once(" = [") {
            Some((name, needs)) => {
                current = Some(name.trim().to_owned());
                needs
            }
            None => line,
        };
        if let Some(name) = current.as_ref().filter(|_| !line.starts_with('#')) {
            let entry = features.entry(name.clone()).or_default();
            entry.extend(needs.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
}

/// Writes the files of a folder and removes all others. A file that has the right content already is not written.
fn write(root: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let known = path.strip_prefix(root).is_ok_and(|name| files.contains_key(&*name.to_string_lossy()));
            if path.is_dir() {
                folders.push(path);
            } else if !known {
                fs::remove_file(path)?;
            }
        }
    }
    for (name, content) in files {
        let path = root.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(&path, content)?;
    }
    Ok(())
}
