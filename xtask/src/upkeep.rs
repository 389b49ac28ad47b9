//! `cargo xtask upkeep`: prepares pull requests that bring the project up to date with the upstream descriptions.
//!
//! One pull request imports every known version whose description changed; each new version has a pull request of
//! its own. A workflow runs this command each day and opens or updates a pull request for each text that it writes.

mod changelog;
mod release;
#[cfg(test)]
mod replay_tests;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::docs::{self, Docs};
use crate::import::{self, Commit, Sources};
use crate::project::{Project, read};

/// Finds what changed upstream, and writes the texts of the pull requests to open.
#[derive(Debug, clap::Args)]
pub(crate) struct Upkeep {
    /// A checkout of the upstream repository, or its folder `descriptions`.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The upstream commit of the folder; read from git where the folder is a checkout.
    #[arg(long, value_name = "SHA", requires = "date")]
    commit: Option<String>,
    /// The date of that commit.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "commit")]
    date: Option<String>,
    /// The folder for the texts: NAME.md, whose first line is the title.
    #[arg(long, value_name = "DIR", default_value = "target/upkeep")]
    texts: PathBuf,
    /// Make the changes of this pull request: `descriptions` for the known versions, or the name of a new version.
    #[arg(long, value_name = "NAME")]
    apply: Option<String>,
}

/// A pull request.
pub(crate) struct PullRequest {
    /// `descriptions`, or the version that is new; the branch is `upkeep/` and this name.
    pub(crate) name: String,
    /// One line.
    pub(crate) title: String,
    /// Markdown.
    pub(crate) body: String,
    imports: Vec<import::VersionImport>,
    changelog: Vec<String>,
}

/// The name of the pull request for versions that the project already has.
const KNOWN: &str = "descriptions";

/// The pull requests to open for a state of the upstream repository.
pub(crate) struct Plan {
    pub(crate) commit: Commit,
    /// In the order of their names.
    pub(crate) requests: Vec<PullRequest>,
    /// The versions whose new file cannot be imported, with the reason.
    pub(crate) not_imported: Vec<String>,
}

/// Runs the command. `Ok(false)` means that a description cannot be imported.
pub(crate) fn run(args: &Upkeep, project: &Project) -> Result<bool> {
    let given = args.commit.as_deref().zip(args.date.as_deref());
    let Plan { commit, requests, not_imported } = plan(&args.from, given, project)?;
    let texts = project.root().join(&args.texts);
    std::fs::create_dir_all(&texts).with_context(|| format!("cannot create {}", texts.display()))?;
    if requests.is_empty() && not_imported.is_empty() {
        println!("nothing changed upstream up to {} of {}", commit.sha, commit.date);
    }
    for request in &requests {
        // `with_extension` would replace the end of `2.17`.
        let path = texts.join(format!("{}.md", request.name));
        std::fs::write(&path, format!("{}\n\n{}", request.title, request.body))
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}: {} ({})", request.name, request.title, project.relative(&path));
    }
    not_imported.iter().for_each(|reason| println!("left out: {reason}"));
    if let Some(name) = &args.apply {
        let Some(request) = requests.iter().find(|request| request.name == *name) else {
            let known: Vec<&str> = requests.iter().map(|request| request.name.as_str()).collect();
            match known.as_slice() {
                [] => bail!("there is no pull request `{name}`, as nothing changed upstream that could be imported"),
                _ => bail!("there is no pull request `{name}`; the names are {}", known.join(", ")),
            }
        };
        request.write(&commit, project)?;
        request.generate(project)?;
    }
    Ok(not_imported.is_empty())
}

/// Compares upstream with the project, and returns the pull requests to open. Writes nothing.
pub(crate) fn plan(from: &Path, given: Option<(&str, &str)>, project: &Project) -> Result<Plan> {
    let found = import::find(from)?;
    let paths: Vec<&Path> = found.values().map(PathBuf::as_path).collect();
    let commit = Commit::of(&paths, given)?;
    let sources = Sources::read(&Sources::path(project))?;
    let mut groups: BTreeMap<String, Vec<import::VersionImport>> = BTreeMap::new();
    let mut not_imported = Vec::new();
    for (version, path) in found {
        if sources.is_from(version, &read(&path)?) {
            continue;
        }
        let name = if sources.has(version) { KNOWN.to_owned() } else { version.to_string().to_lowercase() };
        match import::VersionImport::read(version, &path, &commit, project) {
            Ok(import) => groups.entry(name).or_default().push(import),
            Err(error) => {
                let place = path.strip_prefix(from).unwrap_or(&path).display().to_string();
                let reason = error.to_string().replace(&path.display().to_string(), &place);
                not_imported.push(format!("{version} of {}: {}", commit.date, reason.replace("\n  hint: ", "; ")));
            }
        }
    }
    let current = release::CurrentVersion::of(project)?;
    let request = |(name, imports): (String, Vec<import::VersionImport>)| {
        let reviews: Vec<_> = imports.iter().map(|import| &import.review).collect();
        let changelog: Vec<String> = reviews.iter().flat_map(|review| changelog::lines(review, &commit.date)).collect();
        let title = text::title(&reviews, &commit.date);
        let body = text::body(&reviews, &commit, &current, &changelog, &not_imported);
        PullRequest { name, title, body, imports, changelog }
    };
    let requests = groups.into_iter().map(request).collect();
    Ok(Plan { commit, requests, not_imported })
}

impl PullRequest {
    /// Writes the descriptions, the overlays that keep removed items, SOURCES.toml, and the lines of CHANGELOG.md.
    fn write(&self, commit: &Commit, project: &Project) -> Result<()> {
        import::write(&self.imports, commit, project)?;
        let path = project.root().join("CHANGELOG.md");
        let changed = changelog::with(&read(&path)?, &self.changelog)?;
        std::fs::write(&path, changed).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Generates the crates for which nothing has to be corrected beforehand. If these are all crates of the pull request, also writes the
    /// migration notes.
    fn generate(&self, project: &Project) -> Result<()> {
        let mut generated = true;
        for import in &self.imports {
            generated &= import.generate(project)?;
        }
        if generated {
            docs::run(&Docs::without_check(), project)?;
        }
        Ok(())
    }
}
