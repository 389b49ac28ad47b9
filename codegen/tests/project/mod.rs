//! The project's descriptions and overlays.

#![allow(dead_code, clippy::unwrap_used)] // each test program uses some of the functions only; a panic is a failed test

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use intercom_codegen::ir::Api;
use intercom_codegen::overlay::{self, Applied, Overlays, YamlFile};
use intercom_codegen::version::Version;
use intercom_codegen::{read, yaml};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../descriptions")
}

/// The versions that have a description, as text.
pub fn versions() -> Vec<String> {
    let folders = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().join("api.intercom.io.yaml").is_file());
    let mut versions: Vec<Version> =
        folders.map(|entry| entry.file_name().to_string_lossy().parse().unwrap()).collect();
    versions.sort();
    versions.iter().map(Version::to_string).collect()
}

/// The text of a version's description.
pub fn text(version: &str) -> String {
    let version: Version = version.parse().unwrap();
    fs::read_to_string(root().join(version.folder()).join("api.intercom.io.yaml")).unwrap()
}

/// The committed Rust files of a version's crate, by their path. They are what the generator writes, as CI checks with
/// `generate --all --check`. Tests use them because generating all versions takes a minute without optimisation.
pub fn crate_files(version: &str) -> BTreeMap<String, String> {
    fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let version: Version = version.parse().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated").join(version.crate_name());
    let mut files = BTreeMap::new();
    collect(&root, &root.join("src"), &mut files);
    files
}

/// The overlays, the platform features and the documentation: the files of all `FOLDERS`, in their order.
pub fn overlays() -> Vec<YamlFile> {
    let files = overlay::FOLDERS.iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name.ends_with(".yaml"));
        names.sort();
        names.into_iter().map(move |name| format!("{folder}/{name}"))
    });
    files.map(|name| YamlFile { text: fs::read_to_string(root().join(&name)).unwrap(), name }).collect()
}

/// The overlays, parsed.
pub fn parsed_overlays() -> &'static Overlays {
    static PARSED: LazyLock<Overlays> =
        LazyLock::new(|| Overlays::parse(&overlays()).unwrap_or_else(|error| panic!("{error}")));
    &PARSED
}

/// A value for each version that is computed once, because many tests of a program need it.
struct PerVersion<T>(LazyLock<BTreeMap<Version, OnceLock<T>>>);

impl<T> PerVersion<T> {
    const fn new() -> Self {
        Self(LazyLock::new(|| versions().iter().map(|version| (version.parse().unwrap(), OnceLock::new())).collect()))
    }

    fn get(&self, version: &str, compute: impl FnOnce() -> T) -> &T {
        self.0[&version.parse().unwrap()].get_or_init(compute)
    }
}

/// The IR of a version.
pub fn api(version: &str) -> &'static Api {
    static APIS: PerVersion<Api> = PerVersion::new();
    APIS.get(version, || {
        let api = read(&text(version), &overlays(), version.parse().unwrap());
        api.unwrap_or_else(|error| panic!("{version}: {error}")).0
    })
}

/// A version's description after its overlays, and what they did.
pub fn overlaid(version: &str) -> &'static (Value, Applied) {
    static DOCUMENTS: PerVersion<(Value, Applied)> = PerVersion::new();
    DOCUMENTS.get(version, || {
        let mut document = yaml::read(&text(version)).unwrap();
        let applied = parsed_overlays().apply(&mut document, version.parse().unwrap());
        (document, applied.unwrap_or_else(|error| panic!("{version}: {error}")))
    })
}

/// A version's description after its overlays.
pub fn document(version: &str) -> Value {
    overlaid(version).0.clone()
}
