//! A program in its own package, like a user's program: one of benches/programs, with the generated crate that it uses,
//! if it uses one.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cpu;
use crate::project::Project;

/// A program in a folder on disk.
pub struct Program {
    folder: PathBuf,
    /// The generated crate that it uses; `None` for the program written by hand.
    used_crate: Option<GeneratedCrate>,
    target: PathBuf,
}

/// A generated crate that a program uses.
pub struct GeneratedCrate {
    /// The name in Cargo.toml.
    pub name: String,
    pub folder: PathBuf,
    pub features: Features,
}

/// The features of the crate.
#[derive(Clone, Copy)]
pub enum Features {
    Default,
    DefaultAnd(&'static [&'static str]),
    Only(&'static [&'static str]),
}

impl Features {
    fn in_manifest(self) -> String {
        match self {
            Self::Default => String::new(),
            Self::DefaultAnd(features) => format!(", features = {features:?}"),
            Self::Only(features) => format!(", default-features = false, features = {features:?}"),
        }
    }

    /// A suffix that distinguishes packages with the same program.
    fn label(self) -> String {
        match self {
            Self::Default => String::new(),
            Self::DefaultAnd(features) | Self::Only(features) => format!("-{}", features.join("-")),
        }
    }
}

/// A build command that is measured repeatedly.
pub struct Build<'p> {
    program: &'p Program,
    arguments: Vec<String>,
}

impl Build<'_> {
    /// The CPU seconds of a build after both the crate and the program changed.
    pub fn seconds(&self) -> Result<f64> {
        if let Some(used_crate) = &self.program.used_crate {
            cpu::touch(&used_crate.folder.join("src/lib.rs"))?;
        }
        cpu::touch(&self.program.folder.join("src/main.rs"))?;
        cpu::seconds(Path::new("cargo"), &self.arguments, &self.program.folder, 1)
    }
}

impl Program {
    /// Writes the package: `source` from benches/programs, the crate that it uses, and further dependencies.
    pub fn new(
        source: &str,
        used_crate: Option<GeneratedCrate>,
        dependencies: &str,
        project: &Project,
    ) -> Result<Self> {
        let bench = project.root().join("target/bench");
        let owner = used_crate.as_ref().map_or("by-hand", |used| used.name.as_str());
        let label = used_crate.as_ref().map_or_else(String::new, |used| used.features.label());
        let name = source.trim_end_matches(".rs").replace('/', "-") + &label;
        let folder = bench.join("programs").join(&name);
        std::fs::create_dir_all(folder.join("src"))?;
        let path = project.root().join("benches/programs").join(source);
        std::fs::copy(&path, folder.join("src/main.rs")).with_context(|| format!("cannot read {}", path.display()))?;
        let dependency = used_crate.as_ref().map_or_else(String::new, |used| {
            let (path, features) = (used.folder.display().to_string(), used.features.in_manifest());
            format!("{} = {{ path = {path:?}{features} }}\n", used.name)
        });
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n{dependencies}\n[workspace]\n"
        );
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        // Dependencies that the workspace also has get the same versions.
        std::fs::copy(project.root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let program = Self { target: bench.join("build").join(owner), folder, used_crate };
        program.cargo(&["update", "--quiet", "--workspace"])?;
        Ok(program)
    }

    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let target = self.target.display().to_string();
        let mut all: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        if arguments.first() != Some(&"update") && arguments.first() != Some(&"tree") {
            all.extend(["--quiet".to_owned(), "--target-dir".to_owned(), target]);
        }
        all
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("cargo").args(self.arguments(arguments)).current_dir(&self.folder).output()?;
        if !output.status.success() {
            bail!("cargo {} failed\n{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A cargo command that builds the generated crate. It is run once now, so that the dependencies are not measured.
    pub fn building_the_crate(&self, arguments: &[&str]) -> Result<Build<'_>> {
        let used_crate = self.used_crate.as_ref().context("the program uses no generated crate")?;
        let mut arguments = arguments.to_vec();
        arguments.extend(["--package", &used_crate.name]);
        self.building(&arguments)
    }

    /// A cargo command that builds the generated crate and the program. It is run once now, so that the dependencies are not
    /// measured.
    pub fn building(&self, arguments: &[&str]) -> Result<Build<'_>> {
        self.cargo(arguments)?;
        Ok(Build { program: self, arguments: self.arguments(arguments) })
    }

    /// Builds the program for release, and returns the size of the binary without symbols.
    pub fn stripped_bytes(&self) -> Result<u64> {
        // Programs that share a target folder have the same name, so cargo could keep the binary of another one.
        cpu::touch(&self.folder.join("src/main.rs"))?;
        self.cargo(&["build", "--release", "--config", "profile.release.strip=true"])?;
        Ok(std::fs::metadata(self.target.join("release/program"))?.len())
    }

    /// Compiles the program, and returns the number of lines of its own LLVM IR before any optimization.
    pub fn llvm_lines(&self) -> Result<u64> {
        let text = self.target.join("program.ll");
        let _ = std::fs::remove_file(&text);
        cpu::touch(&self.folder.join("src/main.rs"))?;
        let emit = format!("--emit=llvm-ir={}", text.display());
        let mut all = self.arguments(&["rustc", "--release", "--bin", "program"]);
        all.extend(["--", "-Ccodegen-units=1", "-Cno-prepopulate-passes", &emit].map(str::to_owned));
        let output = Command::new("cargo").args(&all).current_dir(&self.folder).output()?;
        if !output.status.success() {
            bail!("cargo {} failed\n{}", all.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        let ir = std::fs::read(&text).with_context(|| format!("cannot read {}", text.display()))?;
        Ok(ir.split(|byte| *byte == b'\n').count() as u64)
    }

    /// The number of the generated crate's direct and indirect dependencies: all, and without procedural macros.
    pub fn crates(&self) -> Result<(usize, usize)> {
        let used_crate = self.used_crate.as_ref().context("the program uses no generated crate")?;
        let count = |edges: &str| -> Result<usize> {
            let tree = self.cargo(&["tree", "--package", &used_crate.name, "--edges", edges, "--prefix", "none"])?;
            let crates: std::collections::BTreeSet<&str> =
                tree.lines().filter_map(|line| line.split(" (").next()).map(str::trim).collect();
            Ok(crates.len() - 1)
        };
        Ok((count("normal")?, count("normal,no-proc-macro")?))
    }
}
