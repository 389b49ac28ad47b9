//! `cargo xtask import`: imports upstream descriptions into the project's `descriptions/`.

mod commit;
mod sources;
#[cfg(test)]
mod tests;
mod version_import;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use intercom_codegen::import::Imported;
use intercom_codegen::version::Version;

use crate::project::Project;
pub(crate) use commit::Commit;
pub(crate) use sources::Sources;
pub(crate) use version_import::{VersionImport, write};

/// The file name of a description; each version has a folder.
const FILE: &str = "api.intercom.io.yaml";

/// Imports upstream descriptions: keeps the interface that they describe, and drops their prose.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// A checkout of the upstream repository, or its folder `descriptions`.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Only this version: `2.15`, or `preview`.
    #[arg(long, value_name = "V", conflicts_with = "all")]
    version: Option<Version>,
    /// Every version in the folder. This is the default, so the option has no effect.
    #[arg(long)]
    all: bool,
    /// The upstream commit of the folder; read from git where the folder is a checkout.
    #[arg(long, value_name = "SHA", requires = "date")]
    commit: Option<String>,
    /// The date of that commit.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "commit")]
    date: Option<String>,
    /// Do not generate the crates again.
    #[arg(long)]
    no_generate: bool,
}

/// Runs the command: imports into `descriptions/`, shows what changed, and generates the crates for which nothing has to be corrected
/// beforehand.
///
/// Everything is read and converted before anything is written, so a file that cannot be imported changes nothing.
pub(crate) fn run(args: &Import, project: &Project) -> Result<()> {
    let found = find(&args.from)?;
    let wanted: BTreeMap<Version, PathBuf> =
        found.iter().filter(|(version, _)| args.version.is_none_or(|only| only == **version)).map(owned).collect();
    if let (true, Some(version)) = (wanted.is_empty(), args.version) {
        let known: Vec<_> = found.keys().map(ToString::to_string).collect();
        bail!("{} has no description of {version}; it has {}", args.from.display(), known.join(", "));
    }
    let paths: Vec<&Path> = wanted.values().map(PathBuf::as_path).collect();
    let commit = Commit::of(&paths, args.commit.as_deref().zip(args.date.as_deref()))?;
    let imports: Vec<VersionImport> = wanted
        .iter()
        .map(|(version, path)| VersionImport::read(*version, path, &commit, project))
        .collect::<Result<_>>()?;
    for import in &imports {
        report(import.version, &import.path, &import.imported);
        import.review.print();
    }
    write(&imports, &commit, project)?;
    if args.no_generate {
        return Ok(());
    }
    imports.iter().try_for_each(|import| import.generate(project).map(drop))
}

fn owned((version, path): (&Version, &PathBuf)) -> (Version, PathBuf) {
    (*version, path.clone())
}

/// Finds the upstream files in a folder or in its subfolder `descriptions`, by version. It is an error if there are none.
pub(crate) fn find(from: &Path) -> Result<BTreeMap<Version, PathBuf>> {
    let nested = from.join("descriptions");
    let folder = if nested.is_dir() { nested } else { from.to_owned() };
    let mut found = BTreeMap::new();
    for item in fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
        let item = item?;
        let path = item.path().join(FILE);
        if let Some(version) = item.file_name().to_str().and_then(|name| name.parse().ok())
            && path.is_file()
        {
            found.insert(version, path);
        }
    }
    ensure!(!found.is_empty(), "no description in {}: expected files such as 2.15/{FILE}", folder.display());
    Ok(found)
}

/// Prints the counts of what the import kept, and its warnings.
fn report(version: Version, path: &Path, imported: &Imported) {
    println!("{version}: {}", imported.counts);
    for warning in &imported.warnings {
        println!("  warning: {}{warning}", path.display());
    }
}
