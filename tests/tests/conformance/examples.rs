//! Every example of a response or a request decodes as its declared type and is encoded again without loss.

use intercom_runtime::data::{Decoding, Mismatch};
use intercom_runtime::operations::TypeEntry;
use intercom_tests::json::{differences, walk};
use serde_json::Value;

use super::{Failures, Suite};

/// The counts.
#[derive(Default)]
pub struct Counts {
    /// The number of examples of successful JSON responses.
    pub successes: usize,
    /// The number of examples of other JSON responses.
    pub errors: usize,
    /// How many of both were encoded again without loss.
    pub lossless: usize,
    /// The examples of responses that do not fit their own schema, with the mismatches.
    pub tolerated: Vec<String>,
    /// How many of both do not fit their own schema: undeclared keys, nulls, other types.
    pub disagreeing: usize,
    /// The number of examples of JSON request bodies.
    pub requests: usize,
    /// How many of them were encoded again without loss.
    pub requests_lossless: usize,
    /// How many of them show a call that lacks its body.
    pub requests_without_body: usize,
    /// The examples of requests that do not fit their own schema, with the mismatches.
    pub requests_tolerated: Vec<String>,
}

/// Checks all examples of a description.
pub fn check(suite: &Suite, failures: &mut Failures) -> Counts {
    let mut counts = Counts::default();
    for operation in suite.description.operations() {
        let Some(entry) = suite.entry(&operation.method, operation.path) else {
            failures.add(format!("{} is not in the table", operation.name()));
            continue;
        };
        for response in &operation.responses {
            let media = response.media.iter().filter(|media| media.media_type == "application/json");
            for (name, example, schema) in
                media.flat_map(|media| media.examples.iter().map(|(name, value)| (name, *value, media.schema)))
            {
                let place = format!("{} {} {name}", operation.name(), response.status);
                let as_declared = |(path, value): &(_, &Value)| {
                    suite.description.is_as_declared(&suite.description.place(schema, path), value)
                };
                counts.disagreeing += usize::from(!walk(example).iter().all(as_declared));
                let success = response.status.starts_with('2');
                *(if success { &mut counts.successes } else { &mut counts.errors }) += 1;
                let Some(declared) = entry.response_type(response.status) else {
                    failures.add(format!("{place}: no type is in the table"));
                    continue;
                };
                if let Some(mismatches) = round_trip(declared, example, &place, failures) {
                    counts.lossless += 1;
                    counts.tolerated.extend(describe(&place, &mismatches));
                }
            }
        }
        let body = operation.body.iter().filter(|media| media.media_type == "application/json");
        for (name, example) in body.flat_map(|media| &media.examples) {
            counts.requests += 1;
            let place = format!("{} request {name}", operation.name());
            if example.is_null() {
                // An example of a call that lacks its body.
                counts.requests_without_body += 1;
                continue;
            }
            let Some(declared) = &entry.request else {
                failures.add(format!("{place}: no type is in the table"));
                continue;
            };
            if let Some(mismatches) = round_trip(declared, example, &place, failures) {
                counts.requests_lossless += 1;
                counts.requests_tolerated.extend(describe(&place, &mismatches));
            }
        }
    }
    counts
}

/// Decodes and encodes an example. Returns the mismatches where nothing was lost.
fn round_trip(declared: &TypeEntry, example: &Value, place: &str, failures: &mut Failures) -> Option<Vec<Mismatch>> {
    let text = example.to_string();
    let (back, mismatches) = match declared.round_trip(text.as_bytes(), Decoding::Tolerant) {
        Ok(decoded) => decoded,
        Err(error) => {
            failures.add(format!("{place}: {} does not decode: {error}", declared.name));
            return None;
        }
    };
    let strict = declared.round_trip(text.as_bytes(), Decoding::Strict);
    if strict.is_ok() != mismatches.is_empty() {
        let strict = strict.map_or_else(|error| error.to_string(), |_| "accepts it".to_owned());
        failures.add(format!("{place}: strict decoding: {strict}, yet {} mismatches", mismatches.len()));
    }
    let lost = differences(example, &back);
    for difference in &lost {
        failures.add(format!("{place}: {difference} ({})", declared.name));
    }
    lost.is_empty().then_some(mismatches)
}

fn describe(place: &str, mismatches: &[Mismatch]) -> Option<String> {
    let all: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    (!all.is_empty()).then(|| format!("{place}: {}", all.join("; ")))
}
