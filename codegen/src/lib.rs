//! Reads an OpenAPI description and overlays, and returns the files of a Rust client crate.
//!
//! `text → Value → overlays → check → normalise → openapiv3 → lower → IR → passes → emit → prettyplease → files`
//!
//! [`diff`], [`lint`], [`import`] and [`catalog()`] are the other uses of a description.

mod catalog;
mod cycles;
pub mod diag;
pub mod diff;
mod doc_comments;
pub mod documentation;
mod emit;
pub mod import;
pub mod ir;
pub mod lint;
mod lower;
mod markdown;
mod names;
mod openapi;
mod origin;
pub mod overlay;
mod passes;
mod platform;
pub mod plural;
mod spec;
pub mod version;
pub mod yaml;

use std::collections::BTreeMap;

pub use catalog::catalog;
use diag::{Error, Errors, Result, Warning};
pub use emit::CrateInfo;
use ir::Api;
use overlay::{LeftOut, Overlays, YamlFile};
use serde_json::Value;
use version::Version;

/// A generated crate.
#[derive(Debug)]
pub struct Output {
    /// The files by their path inside the crate.
    pub files: BTreeMap<String, String>,
    /// The IR that they were emitted from.
    pub api: Api,
    /// What the generator ignored or translated inexactly.
    pub warnings: Vec<Warning>,
}

/// Reads a description with its overlays into the IR.
///
/// # Errors
/// Those of the first stage that fails. There can be several if overlays do not apply or the check fails; the other stages stop
/// at the first one.
pub fn read(description: &str, overlays: &[YamlFile], version: Version) -> Result<(Api, Vec<Warning>), Errors> {
    read_with(description, &Overlays::parse(overlays)?, version)
}

fn read_with(description: &str, overlays: &Overlays, version: Version) -> Result<(Api, Vec<Warning>), Errors> {
    let mut document = document(description)?;
    // Nothing is left out in advance; `apply_except` adds the steps (overlay actions and platform features) that fail, with their
    // errors.
    let mut left_out = LeftOut::new();
    overlays.apply_except(&mut document, version, &mut left_out);
    if let Some(errors) = Errors::of(left_out.into_values().collect()) {
        return Err(errors);
    }
    read_document(document, version).map_err(|errors| {
        let placed = overlays.blame(&errors, description, version, &LeftOut::new());
        Errors::of(placed.into_iter().map(|(_, error)| error).collect()).unwrap_or(errors)
    })
}

/// The IR of a description to which some overlays may not apply. See [`read_lenient`].
#[derive(Debug)]
pub struct LenientRead {
    /// The IR.
    pub api: Api,
    /// What the generator ignored or translated inexactly.
    pub warnings: Vec<Warning>,
    /// For each overlay action, table or platform feature that was left out, an error that it causes.
    pub left_out: Vec<Error>,
}

/// Reads a description that the overlays were not written for, such as a user's own copy, with those overlays that apply to
/// it. An action that selects nothing is left out, and so is an action, a table or a platform feature that causes an error.
///
/// # Errors
/// Where an overlay cannot be parsed, or the description itself has errors; these are reported as by [`read`].
pub fn read_lenient(description: &str, overlays: &[YamlFile], version: Version) -> Result<LenientRead, Errors> {
    read_lenient_with(description, &Overlays::parse(overlays)?, version)
}

fn read_lenient_with(description: &str, overlays: &Overlays, version: Version) -> Result<LenientRead, Errors> {
    let plain = document(description)?;
    let mut left_out = LeftOut::new();
    // Each round leaves out at least one more step, so the loop ends.
    loop {
        let mut document = plain.clone();
        overlays.apply_except(&mut document, version, &mut left_out);
        let errors = match read_document(document, version) {
            Ok((api, warnings)) => {
                return Ok(LenientRead { api, warnings, left_out: left_out.into_values().collect() });
            }
            Err(errors) => errors,
        };
        let (blamed, own): (Vec<_>, Vec<_>) =
            overlays.blame(&errors, description, version, &left_out).into_iter().partition(|(step, _)| step.is_some());
        if blamed.is_empty() {
            return Err(Errors::of(own.into_iter().map(|(_, error)| error).collect()).unwrap_or(errors));
        }
        for (step, error) in blamed {
            left_out.extend(step.map(|step| (step, error)));
        }
    }
}

fn document(description: &str) -> Result<Value> {
    let document = yaml::read(description)?;
    openapi::check_is_openapi(&document).map_err(|error| match yaml::lines(description).find(error.pointer()) {
        origin::Origin::Line(line) => error.at_line(Some(line)),
        origin::Origin::Step(_) => error,
    })?;
    Ok(document)
}

fn read_document(mut document: Value, version: Version) -> Result<(Api, Vec<Warning>), Errors> {
    let openapi::Checked { errors, mut warnings } = openapi::check(&document);
    if let Some(errors) = Errors::of(errors) {
        return Err(errors);
    }
    openapi::normalise(&mut document);
    let spec = spec::Spec::parse(&document)?;
    let (mut api, lowered) = lower::lower(&spec).map_err(|error| {
        let pointer = spec::written_at(&document, error.pointer());
        error.at(pointer)
    })?;
    warnings.extend(lowered);
    // The value of the version header. A user's own description may have another `info.version`.
    api.version = version.to_string();
    passes::run(&mut api);
    Ok((api, warnings))
}

/// Generates a crate.
///
/// # Errors
/// Those of [`read`] and of the emitters.
pub fn generate(description: &str, overlays: &Overlays, version: Version, info: &CrateInfo) -> Result<Output, Errors> {
    let (api, warnings) = read_with(description, overlays, version)?;
    let files = emit::emit(&api, info)?;
    Ok(Output { files, api, warnings })
}

/// Generates a crate from a description that the overlays were not written for; each overlay action, table or platform
/// feature that was left out is a warning. See [`read_lenient`].
///
/// # Errors
/// Those of [`read_lenient`] and of the emitters.
pub fn generate_lenient(
    description: &str,
    overlays: &Overlays,
    version: Version,
    info: &CrateInfo,
) -> Result<Output, Errors> {
    let LenientRead { api, mut warnings, left_out } = read_lenient_with(description, overlays, version)?;
    warnings.extend(
        left_out
            .iter()
            .map(|error| Warning::new("overlay-step-left-out", error.file(), error.pointer(), error.message())),
    );
    let files = emit::emit(&api, info)?;
    Ok(Output { files, api, warnings })
}
