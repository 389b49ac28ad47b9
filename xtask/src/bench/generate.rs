//! `cargo xtask bench generate`: measures the generators.

use std::process::Command;

use anyhow::{Result, bail};

use super::{MeasureArgs, cpu, peers};
use crate::project::Project;

/// How often a generator runs for one measurement.
const REPEAT: u32 = 10;

/// Prints a table of the CPU time of the generators.
pub fn run(measured: &MeasureArgs, project: &Project) -> Result<()> {
    let target = project.root().join("target/bench/build/generator");
    eprintln!("building the generator for release");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--package", "xtask", "--target-dir"])
        .arg(&target)
        .current_dir(project.root())
        .status()?;
    if !built.success() {
        bail!("the generator does not build");
    }
    let ours = target.join("release/xtask");
    let spec = peers::spec(measured, project)?;
    let out = project.root().join("target/bench/generated");
    let version = measured.version.to_string().to_lowercase();
    let arguments: Vec<String> = ["generate", "--version", &version, "--spec"]
        .into_iter()
        .map(str::to_owned)
        .chain([spec.display().to_string(), "--out".to_owned(), out.display().to_string()])
        .collect();
    let mut generators = vec![("ours".to_owned(), ours, arguments)];
    for peer in peers::asked_for(measured, project)? {
        peer.prepare()?;
        generators.push((format!("{} {}", peer.name, peer.version), peer.program(project)?, peer.arguments()));
    }
    let medians = cpu::medians(measured.runs, generators.len(), |index| {
        let (_, program, arguments) = &generators[index];
        cpu::seconds(program, arguments, project.root(), REPEAT)
    })?;
    println!("| generator | CPU s | ours ÷ this |\n|---|---|---|");
    for ((name, _, _), seconds) in generators.iter().zip(&medians) {
        println!("| {name} | {seconds:.3} | {:.2} |", medians[0] / seconds);
    }
    Ok(())
}
