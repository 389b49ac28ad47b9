//! The crates of the workspace that are published.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::project::Project;

/// A crate that is published.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) folder: PathBuf,
    /// The crates of the workspace that it depends on when it is published.
    pub(crate) needs: BTreeSet<String>,
    /// Its entry in the output of `cargo metadata`.
    pub(crate) manifest: Value,
}

/// Returns all published crates, each after those that it depends on.
pub(crate) fn members(project: &Project) -> Result<Vec<Member>> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(project.root())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    // An empty list of registries is `publish = false`.
    let published = packages.iter().filter(|package| package["publish"].as_array().is_none_or(|list| !list.is_empty()));
    let mut members: Vec<Member> = published.map(member).collect::<Result<_>>()?;
    let names: BTreeSet<String> = members.iter().map(|member| member.name.clone()).collect();
    for member in &mut members {
        member.needs.retain(|name| names.contains(name));
    }
    ordered(members)
}

fn member(package: &Value) -> Result<Member> {
    let text = |key: &str| {
        package[key].as_str().map(str::to_owned).with_context(|| format!("cargo metadata has a package without {key}"))
    };
    let folder = PathBuf::from(text("manifest_path")?).parent().context("a manifest is in a folder")?.to_owned();
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    // Development dependencies without a version are left out of what is published.
    let needs = dependencies.filter(|dependency| dependency["kind"] != "dev" || dependency["req"] != "*");
    let needs = needs.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned)).collect();
    Ok(Member { name: text("name")?, version: text("version")?, folder, needs, manifest: package.clone() })
}

/// Sorts crates so that each comes after those that it depends on.
fn ordered(mut rest: Vec<Member>) -> Result<Vec<Member>> {
    rest.sort_by(|left, right| left.name.cmp(&right.name));
    let mut done: Vec<Member> = Vec::new();
    while !rest.is_empty() {
        let known: BTreeSet<&str> = done.iter().map(|member| member.name.as_str()).collect();
        let ready = rest.iter().position(|member| member.needs.iter().all(|name| known.contains(name.as_str())));
        let Some(index) = ready else {
            let names: Vec<&str> = rest.iter().map(|member| member.name.as_str()).collect();
            bail!("these crates depend on each other in a cycle: {}", names.join(", "));
        };
        done.push(rest.remove(index));
    }
    Ok(done)
}

/// The named crates with those that they depend on, in order.
pub(super) fn with_dependencies(members: &[Member], names: &[String]) -> Result<Vec<Member>> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for name in names {
        ensure!(members.iter().any(|member| member.name == *name), "there is no published crate `{name}`");
        wanted.insert(name);
    }
    // From the last to the first, because the crates that depend on a crate come after it.
    for member in members.iter().rev() {
        if wanted.contains(member.name.as_str()) {
            wanted.extend(member.needs.iter().map(String::as_str));
        }
    }
    Ok(members.iter().filter(|member| wanted.contains(member.name.as_str())).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_comes_after_those_that_it_depends_on() {
        let members = members(&Project::here().unwrap()).unwrap();
        let place = |name: &str| members.iter().position(|member| member.name == name);
        assert!(place("intercom-data") < place("intercom-runtime"));
        assert!(place("intercom-runtime") < place("intercom-v2-15"));
        assert!(place("xtask").is_none() && members.len() > 14, "{}", members.len());
        let some = with_dependencies(&members, &["intercom-throttle-redis".to_owned()]).unwrap();
        let names: Vec<&str> = some.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["intercom-data", "intercom-platform", "intercom-runtime", "intercom-throttle-redis"]);
    }
}
