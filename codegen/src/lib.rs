//! Reads an OpenAPI description and overlays, and returns the files of a Rust client crate.
//!
//! `text → Value + overlays → openapiv3 → lower → ir → passes → emit → prettyplease → files`

mod check;
pub mod diag;
pub mod diff;
mod docs;
pub mod documentation;
mod emit;
pub mod import;
pub mod ir;
pub mod lint;
mod lower;
mod markdown;
mod names;
pub mod overlay;
mod passes;
pub mod platform;
mod spec;
pub mod version;
pub mod yaml;

use std::collections::BTreeMap;

use diag::{Result, Warning};
pub use emit::Source;
use ir::Api;
use overlay::OverlayFile;
use version::Version;

/// A generated crate.
#[derive(Debug)]
pub struct Output {
    /// The files by their path inside the crate.
    pub files: BTreeMap<String, String>,
    /// What they were emitted from.
    pub api: Api,
    /// What the generator went past.
    pub warnings: Vec<Warning>,
}

/// Reads a description with its overlays into the IR.
///
/// # Errors
/// Where the text is no OpenAPI 3.0 description, an overlay does not apply, or something in it is not supported.
pub fn read(description: &str, overlays: &[OverlayFile], version: Version) -> Result<(Api, Vec<Warning>)> {
    let mut document = document(description)?;
    overlay::apply(&mut document, overlays, version)?;
    read_document(document, version)
}

/// Reads a description that the overlays need not fit; also gives the errors of the actions that were left out.
///
/// # Errors
/// As for [`read`], except for actions that do not fit.
pub fn read_fitting(description: &str, overlays: &[OverlayFile], version: Version) -> Result<(Api, Vec<diag::Error>)> {
    let mut document = document(description)?;
    let left_out = overlay::Overlays::parse(overlays)?.apply_fitting(&mut document, version);
    let (api, _) = read_document(document, version)?;
    Ok((api, left_out))
}

fn document(description: &str) -> Result<serde_json::Value> {
    let document = yaml::read(description)?;
    check::is_openapi(&document)?;
    Ok(document)
}

fn read_document(mut document: serde_json::Value, version: Version) -> Result<(Api, Vec<Warning>)> {
    check::check(&mut document)?;
    let spec = spec::Spec::parse(&document)?;
    let (mut api, warnings) = lower::lower(&spec)?;
    // The header's value; the document of Preview calls itself by another name.
    api.version = version.to_string();
    passes::run(&mut api);
    Ok((api, warnings))
}

/// Generates a crate.
///
/// # Errors
/// Those of [`read`].
pub fn generate(description: &str, overlays: &[OverlayFile], version: Version, source: &Source) -> Result<Output> {
    let (api, warnings) = read(description, overlays, version)?;
    let files = emit::emit(&api, source)?;
    Ok(Output { files, api, warnings })
}

/// Generates a crate from a description that the overlays need not fit, such as a user's own copy; each action that was
/// left out is a warning.
///
/// # Errors
/// As for [`generate`], except for actions that do not fit.
pub fn generate_fitting(
    description: &str,
    overlays: &[OverlayFile],
    version: Version,
    source: &Source,
) -> Result<Output> {
    let mut document = document(description)?;
    let left_out = overlay::Overlays::parse(overlays)?.apply_fitting(&mut document, version);
    let (api, mut warnings) = read_document(document, version)?;
    warnings.extend(
        left_out
            .iter()
            .map(|error| Warning::new("overlay-action-left-out", error.file(), error.pointer(), error.message())),
    );
    let files = emit::emit(&api, source)?;
    Ok(Output { files, api, warnings })
}
