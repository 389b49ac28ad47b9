//! `cargo xtask package`: packs all crates that are published, and checks the packed files.

mod check;
mod members;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use intercom_codegen::yaml;

use crate::project::{Project, read};
pub(crate) use members::{Member, members};

/// Packs every crate that is published, and checks metadata, files, sizes and README.md. Exits with 1 if something is wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Package {
    /// Also build the packed files of these crates and of what they depend on
    #[arg(long, value_name = "CRATE", value_delimiter = ',')]
    verify: Vec<String>,
    /// Write the packed sizes as the new budget
    #[arg(long)]
    write: bool,
    /// Where to pack and build, instead of the workspace's folder
    #[arg(long, value_name = "DIR")]
    target_dir: Option<PathBuf>,
    /// Also pack files that are not committed
    #[arg(long)]
    allow_dirty: bool,
}

/// The largest accepted ratio of a packed size to its budget.
const TOLERANCE: f64 = 1.1;

/// Runs the command. `Ok(false)` means that something is wrong.
pub(crate) fn run(args: &Package, project: &Project) -> Result<bool> {
    let members = members(project)?;
    pack(&members, args, project)?;
    let mut wrong = Vec::new();
    let mut sizes = BTreeMap::new();
    for member in &members {
        wrong.extend(check::metadata(member));
        let packed = packed(member, args, project)?;
        let files = files(&packed)?;
        wrong.extend(check::files(member, &files));
        let readme = member.folder.join("README.md");
        wrong.extend(check::readme(member, &std::fs::read_to_string(readme).unwrap_or_default()));
        let size = std::fs::metadata(&packed)?.len();
        sizes.insert(member.name.clone(), size);
        println!("{}: {} files, {} kB packed", member.name, files.len(), size.div_ceil(1000));
    }
    let path = project.root().join("benches/packages.yaml");
    if args.write {
        write_budget(&path, &sizes)?;
    } else {
        wrong.extend(over_budget(&read(&path)?, &sizes)?);
    }
    for line in &wrong {
        println!("{line}");
    }
    if !args.verify.is_empty() {
        verify(&members, args, project)?;
    }
    Ok(wrong.is_empty())
}

/// Packs all crates in one run of cargo, because only then may they depend on versions that are not published.
fn pack(members: &[Member], args: &Package, project: &Project) -> Result<()> {
    let mut command = cargo("package", args, project);
    command.arg("--no-verify");
    for member in members {
        command.args(["--package", &member.name]);
    }
    ensure!(command.status().context("cannot run cargo")?.success(), "cargo package failed");
    Ok(())
}

/// Builds packed crates, each with the packed crates that it depends on, by `cargo publish --dry-run`.
fn verify(members: &[Member], args: &Package, project: &Project) -> Result<()> {
    let wanted = members::with_dependencies(members, &args.verify)?;
    let names: Vec<&str> = wanted.iter().map(|member| member.name.as_str()).collect();
    println!("building the packed files of {}", names.join(", "));
    delete_extracted(members)?;
    let mut command = cargo("publish", args, project);
    command.arg("--dry-run");
    for name in names {
        command.args(["--package", name]);
    }
    ensure!(command.status().context("cannot run cargo")?.success(), "cargo publish --dry-run failed");
    Ok(())
}

/// Deletes what cargo extracted from packed crates in earlier runs. Cargo identifies extracted crates by name and version, so it
/// would build the old files.
fn delete_extracted(members: &[Member]) -> Result<()> {
    let in_home = || std::env::home_dir().map(|home| home.join(".cargo"));
    let Some(cargo_home) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(in_home) else { return Ok(()) };
    let Ok(registries) = std::fs::read_dir(cargo_home.join("registry/src")) else { return Ok(()) };
    for registry in registries {
        let registry = registry?;
        // The name of a registry's folder is the host, `-` and a hash. The temporary registry of packed crates has no host.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for member in members {
            let extracted = registry.path().join(format!("{}-{}", member.name, member.version));
            if extracted.is_dir() {
                std::fs::remove_dir_all(&extracted)
                    .with_context(|| format!("cannot delete {}", extracted.display()))?;
            }
        }
    }
    Ok(())
}

fn cargo(subcommand: &str, args: &Package, project: &Project) -> Command {
    let mut command = Command::new("cargo");
    command.args([subcommand, "--quiet"]).current_dir(project.root());
    if let Some(target) = &args.target_dir {
        command.arg("--target-dir").arg(target);
    }
    if args.allow_dirty {
        command.arg("--allow-dirty");
    }
    command
}

/// The path of a packed crate.
fn packed(member: &Member, args: &Package, project: &Project) -> Result<PathBuf> {
    let given = args.target_dir.clone().or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from));
    let target = project.root().join(given.unwrap_or_else(|| "target".into()));
    let path = target.join(format!("package/{}-{}.crate", member.name, member.version));
    ensure!(path.is_file(), "cargo package did not write {}", path.display());
    Ok(path)
}

/// The files of a package, by their paths in it.
fn files(packed: &std::path::Path) -> Result<Vec<String>> {
    let output = Command::new("tar").arg("tzf").arg(packed).output().context("cannot run tar")?;
    ensure!(output.status.success(), "tar cannot read {}", packed.display());
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(|line| line.split_once('/')).map(|(_, path)| path.to_owned()).collect())
}

/// Writes the sizes as the new budget.
fn write_budget(path: &std::path::Path, sizes: &BTreeMap<String, u64>) -> Result<()> {
    let mut text = "# Bytes of each package as it is published; `cargo xtask package` allows 10 % more, `--write` replaces them.\n\
         # crates.io accepts at most 10 MB.\n"
        .to_owned();
    for (name, size) in sizes {
        writeln!(text, "{name}: {size}")?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The crates that exceed their budget or have none.
fn over_budget(budget: &str, sizes: &BTreeMap<String, u64>) -> Result<Vec<String>> {
    let budget = yaml::read(budget).map_err(|error| error.in_file("benches/packages.yaml"))?;
    let one = |(name, size): (&String, &u64)| match budget[name].as_u64() {
        None => Some(format!("{name} has no budget\n  hint: `cargo xtask package --write`")),
        Some(allowed) if *size as f64 > allowed as f64 * TOLERANCE => Some(format!(
            "{name} is {size} bytes packed, more than its budget of {allowed}\n  hint: find out what grew, or set a new budget with `cargo xtask package --write`"
        )),
        Some(_) => None,
    };
    Ok(sizes.iter().filter_map(one).collect())
}
