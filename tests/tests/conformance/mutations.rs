//! Mutated responses: they must decode without further losses, and the mismatches must be correct.

use std::panic::{AssertUnwindSafe, catch_unwind};

use intercom_runtime::data::{Decoding, Mismatch};
use intercom_runtime::operations::TypeEntry;
use intercom_tests::json::{Difference, Path, Step, differences};
use intercom_tests::mutate::{Mutation, mutations};
use intercom_tests::schema::Place;
use serde_json::Value;

use super::{Failures, Suite};

/// The counts.
#[derive(Default)]
pub struct Counts {
    /// The number of mutated documents.
    pub count: usize,
    /// The number of failures.
    pub failures: usize,
}

/// Decodes every mutation of every example of a success.
pub fn check(suite: &Suite, failures: &mut Failures) -> Counts {
    let mut counts = Counts::default();
    for operation in suite.description.operations() {
        let Some(entry) = suite.entry(&operation.method, operation.path) else { continue };
        for response in &operation.responses {
            let Some(declared) = entry.response_type(response.status) else {
                continue;
            };
            let media = response.media.iter().filter(|media| media.media_type == "application/json");
            for (name, example, schema) in
                media.flat_map(|media| media.examples.iter().map(|(name, value)| (name, value, media.schema)))
            {
                let text = example.to_string();
                let Ok((_, before)) = declared.round_trip(text.as_bytes(), Decoding::Tolerant) else { continue };
                let before: Vec<&str> = before.iter().map(Mismatch::path).collect();
                if let Some(what) = bare(suite, declared, example, schema) {
                    counts.count += 1;
                    if let Err(what) = what {
                        counts.failures += 1;
                        failures.add(format!(
                            "{} {} {name} as a bare array: {what}",
                            operation.name(),
                            response.status
                        ));
                    }
                }
                for mutation in mutations(example) {
                    counts.count += 1;
                    let place = suite.description.place(schema, &mutation.path);
                    let expected = mutation
                        .path
                        .find(&mutation.value)
                        .map_or_else(|| may_be_missing(suite, &place), |value| suite.description.fits(&place, value));
                    if let Err(what) = decode(declared, &mutation, &before, expected) {
                        counts.failures += 1;
                        failures.add(format!(
                            "{} {} {name} with {mutation}: {what}",
                            operation.name(),
                            response.status
                        ));
                    }
                }
            }
        }
    }
    counts
}

/// A bare array in place of the object around a list; `None` if there is no such list.
fn bare(suite: &Suite, declared: &TypeEntry, example: &Value, schema: &Value) -> Option<Result<(), String>> {
    let key = suite.description.only_list(schema)?;
    let list = example.get(&key).filter(|list| list.is_array())?;
    let (back, mismatches) = match declared.round_trip(list.to_string().as_bytes(), Decoding::Tolerant) {
        Ok(decoded) => decoded,
        Err(error) => return Some(Err(format!("does not decode: {error}"))),
    };
    let lost = differences(list, &back[&key]);
    // The mismatches of the bare array, and of the pinned fields beside the list.
    let right = mismatches.first().is_some_and(|mismatch| mismatch.path().is_empty());
    Some(match lost.first() {
        Some(lost) => Err(format!("lost {lost}")),
        None if right => Ok(()),
        None => Err(format!("the report is wrong: {}", said(&mismatches))),
    })
}

/// Whether a key may be absent, if that is known.
fn may_be_missing(suite: &Suite, place: &Place<'_>) -> Option<bool> {
    match place {
        Place::Declared { schema, pinned, .. } => Some(!pinned || suite.description.nullable(schema)),
        Place::Free | Place::Undeclared => Some(true),
        Place::Union => None,
    }
}

/// Decodes a mutated document. `fits` is whether the declared type accepts the mutation, if that is known.
fn decode(declared: &TypeEntry, mutation: &Mutation, before: &[&str], fits: Option<bool>) -> Result<(), String> {
    let text = mutation.value.to_string();
    let decoded = catch_unwind(AssertUnwindSafe(|| declared.round_trip(text.as_bytes(), Decoding::Tolerant)));
    let (back, mismatches) =
        decoded.map_err(|_| "panicked".to_owned())?.map_err(|error| format!("does not decode: {error}"))?;
    if let Some(lost) = lost(&mutation.value, &back, &mismatches).first() {
        return Err(format!("lost {lost}; said {}", said(&mismatches)));
    }
    let path = mutation.path.to_string();
    let new: Vec<&Mismatch> = mismatches.iter().filter(|mismatch| !before.contains(&mismatch.path())).collect();
    let covered = before.iter().any(|known| path.starts_with(known));
    let is_object = mutation.path.find(&mutation.value).is_some_and(Value::is_object);
    let inside = |mismatch: &&Mismatch| mismatch.path().len() > path.len() && mismatch.path().starts_with(&path);
    let right = match fits {
        _ if covered => true,
        // A new object may lack pinned fields, and a new key may be in a map of strings.
        Some(true) if is_object => new.iter().all(inside),
        Some(true) => new.is_empty(),
        Some(false) => {
            let raw = mutation.path.find(&mutation.value).map(Value::to_string);
            new.len() == 1 && new[0].path() == path && new[0].raw().is_none_or(|text| Some(text) == raw.as_deref())
        }
        // In a union, the mismatch is of the value itself or of a union around it.
        None => new.iter().all(|mismatch| path.starts_with(mismatch.path()) || mismatch.path().starts_with(&path)),
    };
    if right { Ok(()) } else { Err(format!("the report is wrong: {}; fits: {fits:?}", said(&mismatches))) }
}

fn said(mismatches: &[Mismatch]) -> String {
    let all: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join("; ") }
}

/// What was lost: values that are neither encoded again nor in a mismatch. Items that do not fit are encoded again if their list is in
/// an object, and are otherwise only in mismatches.
fn lost(before: &Value, back: &Value, mismatches: &[Mismatch]) -> Vec<Difference> {
    if mismatches.is_empty() {
        return differences(before, back);
    }
    let mut expected = before.clone();
    let mut aside: Vec<Path> = Vec::new();
    for (path, value) in intercom_tests::json::walk(before) {
        // A union keeps a value that fits none of its members.
        let name = path.to_string();
        let said = mismatches.iter().any(|mismatch| {
            mismatch.path() == name
                && mismatch.raw() == Some(&*value.to_string())
                && !mismatch.message().contains("no alternative fits")
        });
        let comes_back = path.0.len() > 1;
        if said && !comes_back && matches!(path.split(), Some((_, Step::Index(_)))) {
            aside.push(path);
        }
    }
    // The loop begins with the last item, so that the positions of earlier items do not change.
    for path in aside.iter().rev() {
        if let Some((parent, Step::Index(index))) = path.split()
            && let Some(Value::Array(items)) = parent.find_mut(&mut expected)
        {
            items.remove(*index);
        }
    }
    differences(&expected, back)
}
