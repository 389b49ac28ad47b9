//! Operations that are carried out before the called one, such as those of a job.

use serde_json::Value;

use super::store::Store;
use super::{Call, act, done, place};
use crate::answer::Refusal;

/// The result of the operations of [`Resource::also`](intercom_catalog::Resource::also).
#[derive(Default)]
pub(super) struct AlsoResult {
    /// The last item that one of them was about.
    pub(super) item: Value,
    /// How many were refused.
    pub(super) failed: u64,
    /// The topics and the items of their webhook notifications.
    pub(super) notifications: Vec<(String, Value)>,
}

/// Runs the operations of the called one's resource. An operation that runs for each item of a list may fail, which is
/// counted; if one that runs once fails, the call fails.
pub(super) fn run(store: &mut Store, call: &Call<'_>) -> Result<AlsoResult, Refusal> {
    let mut result = AlsoResult::default();
    let scope = call.scope(&Value::Null, None, &Value::Null);
    for also in &call.resource.also {
        let operation = call.catalog.operations.iter().find(|operation| operation.operation_id == also.operation);
        let Some((operation, resource)) = operation.and_then(|it| Some((it, it.resource.as_deref()?))) else {
            continue;
        };
        let bodies = match &also.each {
            None => vec![call.body.clone()],
            Some(each) => match scope.text(each) {
                Some(Value::Array(bodies)) => bodies,
                _ => continue,
            },
        };
        for body in &bodies {
            let path: Vec<(String, String)> =
                body.get("id").map(|id| ("id".to_owned(), place::text(id))).into_iter().collect();
            let done = done(resource.action);
            match act(store, &Call { operation, resource, path: &path, body, done, ..*call }) {
                Ok(effect) => {
                    result.item = effect.item;
                    result.notifications.extend(effect.notifications);
                }
                Err(refusal) if also.each.is_none() => return Err(refusal),
                Err(_) => result.failed += 1,
            }
        }
    }
    Ok(result)
}
