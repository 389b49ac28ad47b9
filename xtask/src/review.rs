//! What an import changes: shown before anybody builds it.

use std::path::PathBuf;

use anyhow::Result;
use intercom_codegen::diff::{Diff, Kept, diff, kept};
use intercom_codegen::ir::Api;
use intercom_codegen::overlay::{OverlayFile, Overlays};
use intercom_codegen::read_fitting;
use intercom_codegen::version::Version;

use crate::generate::{self, Generate};
use crate::project::{Project, read};

/// A version that is about to be imported.
pub struct Review {
    version: Version,
    /// The overlay that keeps what is gone, and where it is written to.
    pub overlay: Option<(PathBuf, String)>,
    needs_a_look: usize,
}

impl Review {
    /// Shows what an import changes. A version that is new is compared with the one before it.
    pub fn new(version: Version, new: &str, date: &str, project: &Project) -> Result<Self> {
        let overlays = project.overlays()?;
        let path = project.description_path(version);
        let old = if path.is_file() { Some(read(&path)?) } else { None };
        let kept = match old.as_deref() {
            Some(old) => kept(old, new, version, date)?,
            None => None,
        };
        let file = format!("descriptions/overlays/05-kept-{}-{date}.yaml", version.folder());
        let path = project.root().join(&file);
        let overlay = kept.map(|kept| {
            announce(&kept, &file);
            (path, kept.yaml)
        });
        let mut overlays_after = overlays.clone();
        if let Some((_, text)) = &overlay {
            // Before the others, which name what it puts back.
            overlays_after.insert(0, OverlayFile { name: file, text: text.clone() });
        }
        let mut needs_a_look = 0;
        match read_fitting(new, &overlays_after, version) {
            Ok(read) => {
                show_diff(version, old.as_deref(), &read.api, &overlays, project)?;
                needs_a_look = read.left_out.len();
                for error in read.left_out {
                    println!("  needs a look: {error}");
                }
            }
            Err(errors) => {
                for error in errors.in_file(Project::description_name(version)).iter() {
                    needs_a_look += 1;
                    println!("  needs a look: {error}");
                }
            }
        }
        Ok(Self { version, overlay, needs_a_look })
    }

    /// Generates the crate, unless an overlay has to be corrected first.
    pub fn generate(&self, project: &Project) -> Result<()> {
        if self.needs_a_look == 0 {
            return generate::run(&Generate::one(self.version), project).map(drop);
        }
        println!(
            "{}: not generated; correct {} of descriptions/overlays, then run `cargo xtask generate --version {}`",
            self.version,
            if self.needs_a_look == 1 { "one place".to_owned() } else { format!("{} places", self.needs_a_look) },
            self.version.to_string().to_lowercase()
        );
        Ok(())
    }
}

fn announce(kept: &Kept, file: &str) {
    println!("  {file} keeps for one release, marked deprecated:");
    for operation in &kept.operations {
        println!("    {operation}");
    }
    for field in &kept.fields {
        println!("    {field}");
    }
    for component in &kept.components {
        println!("    {component}, which those refer to");
    }
}

fn show_diff(
    version: Version,
    old: Option<&str>,
    api: &Api,
    overlays: &[OverlayFile],
    project: &Project,
) -> Result<()> {
    let (before, text) = match old {
        Some(old) => (version, old.to_owned()),
        None => {
            let known = project.versions().unwrap_or_default();
            let Some(before) = known.into_iter().filter(|known| *known < version).max() else {
                println!("  is the first version");
                return Ok(());
            };
            for action in Overlays::parse(overlays)?.not_for(version, before) {
                println!("  for {before}, but not for {version}: {action}");
            }
            println!("  is new; compared with {before}:");
            (before, project.description(before)?)
        }
    };
    let before = read_fitting(&text, overlays, before).map_err(|errors| errors.in_file("the present description"))?;
    let mut diff: Diff = diff(&before.api, api);
    if old.is_some() {
        diff.old.push_str(" as it was");
    }
    for line in diff.text().lines() {
        println!("  {line}");
    }
    Ok(())
}
