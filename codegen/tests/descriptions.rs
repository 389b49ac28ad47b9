//! The descriptions of this project are imports, and its overlays fit them.
//!
//! Nobody edits a description by hand: whatever must be different goes into an overlay, with its reason.

use std::fs;
use std::path::Path;

use intercom_codegen::import::import;
use intercom_codegen::overlay::{OverlayFile, Overlays};
use intercom_codegen::version::Version;
use intercom_codegen::yaml;

/// Each version and its examples of success: the ones that the SDK's tests decode. None may get lost.
const VERSIONS: [(&str, usize); 11] = [
    ("2.7", 101),
    ("2.8", 101),
    ("2.9", 111),
    ("2.10", 113),
    ("2.11", 112),
    ("2.12", 122),
    ("2.13", 135),
    ("2.14", 149),
    ("2.15", 156),
    ("2.16", 232),
    ("0", 267),
];

fn description(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../descriptions").join(folder).join("api.intercom.io.yaml");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn importing_a_description_of_the_project_changes_nothing() {
    for (folder, examples) in VERSIONS {
        let text = description(folder);
        let imported = import(&text).unwrap_or_else(|error| panic!("{folder}: {error}"));
        assert!(imported.yaml == text, "descriptions/{folder} was edited by hand: run `cargo xtask import`");
        assert_eq!(imported.after.get("examples of success"), examples, "{folder}");
        assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
    }
}

#[test]
fn every_overlay_fits_every_version_that_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../descriptions/overlays");
    let mut overlays: Vec<_> = fs::read_dir(&folder)
        .and_then(|items| items.map(|item| item.map(|item| item.path())).collect::<Result<Vec<_>, _>>())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| OverlayFile {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        })
        .collect();
    overlays.sort_by(|a, b| a.name.cmp(&b.name));
    let overlays = Overlays::parse(&overlays).unwrap_or_else(|error| panic!("{error}"));
    for (folder, _) in VERSIONS {
        let version: Version = folder.parse().unwrap_or_else(|error| panic!("{error}"));
        let mut document = yaml::read(&description(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let applied = overlays.apply(&mut document, version).unwrap_or_else(|error| panic!("{error}"));
        assert!(applied.actions > 0 && applied.places >= applied.actions);
        let parsed = serde_json::from_value::<openapiv3::OpenAPI>(document);
        assert!(parsed.is_ok(), "{folder}: {parsed:?}");
    }
}
