//! The other generators ("peers") of benches/peers.yaml: installs and runs them, and prepares the crates that they generate.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use intercom_codegen::yaml;
use serde_json::Value;

use super::MeasureArgs;
use crate::project::{Project, read};

/// Another generator.
pub struct Peer {
    pub name: String,
    pub version: String,
    package: String,
    program: String,
    arguments: Vec<String>,
    /// The generated file that lists the dependencies, if the generator writes source files but no Cargo.toml.
    dependencies: Option<String>,
    /// The description to generate from.
    spec: PathBuf,
    folder: PathBuf,
}

/// The peers that `--peer` names.
pub fn asked_for(measured: &MeasureArgs, project: &Project) -> Result<Vec<Peer>> {
    let path = project.root().join("benches/peers.yaml");
    let document = yaml::read(&read(&path)?).map_err(|error| error.in_file(project.relative(&path)))?;
    let known: Vec<&Value> = document["peers"].as_array().into_iter().flatten().collect();
    let names: Vec<&str> = known.iter().filter_map(|peer| peer["name"].as_str()).collect();
    let find = |name: &String| {
        let entry = known.iter().find(|peer| peer["name"] == name.as_str());
        let entry =
            entry.with_context(|| format!("there is no peer `{name}`\n  hint: the peers are {}", names.join(", ")))?;
        Peer::read(entry, measured, project)
    };
    measured.peers.iter().map(find).collect()
}

/// The description that the generators read: that of `--spec`, or else the project's.
pub fn spec(measured: &MeasureArgs, project: &Project) -> Result<PathBuf> {
    let path = measured.spec.clone().unwrap_or_else(|| project.description_path(measured.version));
    std::fs::canonicalize(&path).with_context(|| format!("cannot find {}", path.display()))
}

impl Peer {
    fn read(entry: &Value, measured: &MeasureArgs, project: &Project) -> Result<Self> {
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        let needed = |key: &str| text(key).with_context(|| format!("benches/peers.yaml: a peer has no `{key}`"));
        let name = needed("name")?;
        let spec = match (&measured.edited, entry["edited"] == true) {
            (Some(edited), true) => std::fs::canonicalize(edited)?,
            (None, true) => {
                bail!("{name} rejects the original description\n  hint: give an edited one with --edited FILE")
            }
            _ => spec(measured, project)?,
        };
        let arguments = entry["arguments"].as_array().into_iter().flatten();
        Ok(Self {
            folder: project.root().join("target/bench/peers").join(&name),
            package: text("package").unwrap_or_else(|| name.clone()),
            program: needed("program")?,
            version: needed("version")?,
            arguments: arguments.filter_map(|argument| argument.as_str().map(str::to_owned)).collect(),
            dependencies: text("dependencies"),
            spec,
            name,
        })
    }

    /// The path of the program, which is installed first if this version is not.
    pub fn program(&self, project: &Project) -> Result<PathBuf> {
        let root = project.root().join("target/bench/installed");
        let program = root.join("bin").join(&self.program);
        let stamp = root.join(format!("{}-{}", self.name, self.version));
        if !program.exists() || !stamp.exists() {
            eprintln!("installing {} {}", self.package, self.version);
            let status = Command::new("cargo")
                .args([
                    "install",
                    "--quiet",
                    "--locked",
                    "--force",
                    &self.package,
                    "--version",
                    &self.version,
                    "--root",
                ])
                .arg(&root)
                .status()
                .context("cannot run cargo")?;
            if !status.success() {
                bail!("{} {} cannot be installed", self.package, self.version);
            }
            std::fs::write(stamp, "")?;
        }
        Ok(program)
    }

    /// Its command-line arguments, with paths instead of `SPEC` and `OUT`.
    pub fn arguments(&self) -> Vec<String> {
        let output = self.output().display().to_string();
        let filled = |argument: &String| match argument.as_str() {
            "SPEC" => self.spec.display().to_string(),
            "OUT" => output.clone(),
            _ => argument.clone(),
        };
        self.arguments.iter().map(filled).collect()
    }

    /// Creates the folder that has its output.
    pub fn prepare(&self) -> Result<()> {
        Ok(std::fs::create_dir_all(&self.folder)?)
    }

    /// The folder that it writes to: that of the crate, or another one if a Cargo.toml has to be added to the files.
    fn output(&self) -> PathBuf {
        if self.dependencies.is_some() { self.folder.join("generated") } else { self.crate_folder() }
    }

    fn crate_folder(&self) -> PathBuf {
        self.folder.join("crate")
    }

    /// Generates the crate, names it `peer`, and returns its folder.
    pub fn generate(&self, project: &Project) -> Result<PathBuf> {
        self.prepare()?;
        let program = self.program(project)?;
        let output = Command::new(&program).args(self.arguments()).output()?;
        if !output.status.success() {
            bail!("{} failed\n{}", self.name, String::from_utf8_lossy(&output.stderr));
        }
        let folder = self.crate_folder();
        if let Some(dependencies) = &self.dependencies {
            self.arrange(&folder, &read(&self.output().join(dependencies))?)?;
        }
        rename(&folder.join("Cargo.toml"))?;
        Ok(folder)
    }

    /// Makes a crate of the generated source files and a Cargo.toml.
    fn arrange(&self, folder: &Path, dependencies: &str) -> Result<()> {
        std::fs::create_dir_all(folder.join("src"))?;
        for entry in std::fs::read_dir(self.output())? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.file_name().unwrap_or_default();
                let name = if name == "mod.rs" { "lib.rs".as_ref() } else { name };
                std::fs::copy(&path, folder.join("src").join(name))?;
            }
        }
        let manifest = format!("[package]\nname = \"peer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}");
        Ok(std::fs::write(folder.join("Cargo.toml"), manifest)?)
    }
}

/// Sets the name in a Cargo.toml to `peer`, by which the programs refer to the crate of any peer.
fn rename(manifest: &Path) -> Result<()> {
    let text = read(manifest)?;
    let mut named = false;
    let lines = text.lines().map(|line| {
        let first = line.starts_with("name = ") && !std::mem::replace(&mut named, true);
        if first { "name = \"peer\"" } else { line }
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    Ok(std::fs::write(manifest, text + "\n")?)
}
