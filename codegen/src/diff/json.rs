//! The report as JSON, for programs. docs/diff.md describes the format.

use serde_json::{Value, json};

use super::rules::{OPERATION_ADDED, OPERATION_REMOVED};
use super::{Change, Diff, Subject};

/// The version of the format; it is increased with every incompatible change.
const FORMAT: u32 = 1;

impl Diff {
    /// The report as JSON.
    pub fn json(&self) -> Value {
        let [wire, major, minor, patch] = self.counts();
        json!({
            "format": FORMAT,
            "old": self.old,
            "new": self.new,
            "wire": self.wire().to_string(),
            "rust": self.rust().to_string(),
            "operations": {
                "old": self.operations.0,
                "new": self.operations.1,
                "added": self.count(&OPERATION_ADDED),
                "removed": self.count(&OPERATION_REMOVED),
            },
            "types": { "old": self.types.0, "new": self.types.1 },
            "counts": { "changes": self.changes.len(), "wire_breaking": wire, "major": major, "minor": minor, "patch": patch },
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
        })
    }
}

fn change(change: &Change) -> Value {
    let ((wire, wire_rule), (rust, rust_rule)) = (change.wire(), change.rust());
    let subject = match &change.subject {
        Subject::Group(name) => json!({ "kind": "group", "name": name }),
        Subject::Operation { endpoint, id } => json!({ "kind": "operation", "name": id, "endpoint": endpoint }),
        Subject::Type(name) => json!({ "kind": "type", "name": name, "used_by": change.used_by }),
    };
    json!({
        "subject": subject,
        "part": change.part.as_ref().map(|part| json!({ "kind": part.kind, "name": part.name })),
        "before": change.before,
        "after": change.after,
        "wire": { "verdict": wire.to_string(), "rule": wire_rule.id },
        "rust": { "verdict": rust.to_string(), "rule": rust_rule.id },
        "rules": change.rules().map(|rule| rule.id).collect::<Vec<_>>(),
        "text": change.sentence(),
    })
}
