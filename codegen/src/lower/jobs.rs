//! `x-sdk-job`: which operation tells how a job stands that another one starts.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, join};
use crate::ir::{Job, Location, Operation, Success, WireName};

impl Lowering<'_> {
    /// Fills in the jobs that the operations of a group start.
    pub(super) fn jobs(&self, operations: &mut [Operation]) -> Result<()> {
        for at in 0..operations.len() {
            let operation = &operations[at];
            let Some(entry) = self.source(operation).and_then(|source| source.extensions.get("x-sdk-job")) else {
                continue;
            };
            let pointer = join(&operation.pointer, "x-sdk-job");
            operations[at].job = Some(self.job(entry, operation, operations, &pointer)?);
        }
        Ok(())
    }

    fn job(&self, entry: &Value, operation: &Operation, group: &[Operation], pointer: &str) -> Result<Job> {
        let wrong =
            |message: String| Err(Error::new("", pointer, message).hint("correct the entry in the overlay of jobs"));
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (poll, id, state) = (text("poll"), text("id"), text("state"));
        let Some(other) = group.iter().find(|other| other.operation_id == poll) else {
            return wrong(format!("the group `{}` has no operation `{poll}`", operation.group));
        };
        let mut given = other.params.iter().filter(|param| param.required && param.constant.is_none());
        let placeholder = match (given.next(), given.next()) {
            (Some(param), None) if param.location == Location::Path => param.wire.clone(),
            _ => return wrong(format!("`{poll}` needs something else than the job's id")),
        };
        for (operation, key) in [(operation, &id), (other, &state)] {
            if !matches!(&operation.success, Success::Json(ty) if self.property_type(ty, key).is_some()) {
                return wrong(format!("the answer of `{}` has no `{key}`", operation.operation_id));
            }
        }
        Ok(Job { poll: other.type_name.clone(), placeholder, id: WireName(id), state: WireName(state) })
    }

    fn source(&self, operation: &Operation) -> Option<&Source> {
        let item = self.spec.document.paths.paths.get(&operation.path)?.as_item()?;
        item.iter().find(|(http, _)| http.eq_ignore_ascii_case(&operation.http)).map(|(_, source)| source)
    }
}
