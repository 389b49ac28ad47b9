//! Finds dangling references, except those inside `example` and `examples`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DANGLING_REFERENCE, Finding};
use crate::diag::join;

pub(super) fn find(document: &Value, findings: &mut BTreeSet<Finding>) {
    walk(document, document, "", findings);
}

fn walk(document: &Value, value: &Value, pointer: &str, findings: &mut BTreeSet<Finding>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => {
                        let target = reference.strip_prefix('#').and_then(|target| document.pointer(target));
                        if target.is_none() {
                            findings.insert(Finding {
                                defect: &DANGLING_REFERENCE,
                                pointer: pointer.to_owned(),
                                detail: reference.clone(),
                            });
                        }
                    }
                    // An example is data, where `$ref` may be an ordinary key.
                    ("example" | "examples", _) => {}
                    _ => walk(document, value, &join(pointer, key), findings),
                }
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| walk(document, value, &join(pointer, index), findings));
        }
        _ => {}
    }
}
