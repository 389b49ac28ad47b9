//! Reads `x-sdk-job`: the operations that start a job, and the operation that returns its state.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, join};
use crate::ir::{Job, Location, Operation, Success, WireName};

impl Lowering<'_> {
    /// Sets the job of the operations of a group that start one or return the state of one.
    pub(super) fn jobs(&self, operations: &mut [Operation]) -> Result<()> {
        for at in 0..operations.len() {
            let operation = &operations[at];
            let Some(entry) = self.source(operation).and_then(|source| source.extensions.get("x-sdk-job")) else {
                continue;
            };
            let pointer = join(&operation.pointer, "x-sdk-job");
            let job = self.job(entry, operation, operations, &pointer)?;
            // The polled operation also gets a job, so that a program can wait for a job that another process started.
            let is_polled = |other: &&mut Operation| other.type_name == job.poll && other.job.is_none();
            if let Some(other) = operations.iter_mut().find(is_polled) {
                other.job = Some(Job { starts: None, ..job.clone() });
            }
            operations[at].job = Some(job);
        }
        Ok(())
    }

    fn job(&self, entry: &Value, operation: &Operation, group: &[Operation], pointer: &str) -> Result<Job> {
        let wrong =
            |message: String| Err(Error::new("", pointer, message).hint("correct the entry in the overlay of jobs"));
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let state = text("state").unwrap_or_default();
        let has = |operation: &Operation, key: &str| matches!(&operation.success, Success::Json(ty) if self.property_type(ty, key).is_some());
        let (other, starts) = match (text("poll"), text("id")) {
            (None, None) => (operation, None),
            (Some(poll), Some(id)) => {
                let Some(other) = group.iter().find(|other| other.operation_id == poll) else {
                    return wrong(format!("the group `{}` has no operation `{poll}`", operation.group));
                };
                let mut given = other.required_params();
                let placeholder = match (given.next(), given.next()) {
                    (Some(param), None) if param.location == Location::Path => param.wire.clone(),
                    _ => {
                        return wrong(format!(
                            "the only required argument of `{poll}` must be the job's id, in its path"
                        ));
                    }
                };
                if !has(operation, id) {
                    return wrong(format!("the response of `{}` has no `{id}`", operation.id));
                }
                (other, Some((WireName(id.to_owned()), placeholder)))
            }
            _ => return wrong("`poll` and `id` belong together".to_owned()),
        };
        if !has(other, state) {
            return wrong(format!("the response of `{}` has no `{state}`", other.id));
        }
        Ok(Job { poll: other.type_name.clone(), starts, state: WireName(state.to_owned()) })
    }

    fn source(&self, operation: &Operation) -> Option<&Source> {
        let item = self.spec.document.paths.paths.get(&operation.path)?.as_item()?;
        item.iter().find(|(http, _)| http.eq_ignore_ascii_case(&operation.http_method)).map(|(_, source)| source)
    }
}
