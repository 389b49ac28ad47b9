//! The project's descriptions and overlays.

#![allow(dead_code, clippy::unwrap_used)] // each test uses some of the functions; a test fails by panicking

use std::fs;
use std::path::{Path, PathBuf};

use intercom_codegen::ir::Api;
use intercom_codegen::overlay::{self, OverlayFile};
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

/// The overlays, in their order.
pub fn overlays() -> Vec<OverlayFile> {
    let files = overlay::FOLDERS.iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name.ends_with(".yaml"));
        names.sort();
        names.into_iter().map(move |name| format!("{folder}/{name}"))
    });
    files.map(|name| OverlayFile { text: fs::read_to_string(root().join(&name)).unwrap(), name }).collect()
}

/// The IR of a version.
pub fn api(version: &str) -> Api {
    read(&text(version), &overlays(), version.parse().unwrap()).unwrap_or_else(|error| panic!("{version}: {error}")).0
}

/// A version's description after its overlays.
pub fn document(version: &str) -> Value {
    let mut document = yaml::read(&text(version)).unwrap();
    overlay::apply(&mut document, &overlays(), version.parse().unwrap())
        .unwrap_or_else(|error| panic!("{version}: {error}"));
    document
}
