//! Calls operations: checks permission and arguments, and returns the answer as JSON.

use intercom_catalog::call::{Answer, Arguments, Invocation};
use intercom_catalog::{Catalog, Location, Operation};
use intercom_runtime::Error;
use intercom_runtime::paging::PendingPage;
use serde_json::{Map, Value, json};

use crate::failure::{Failure, did_you_mean};
use crate::options::Access;
use crate::redact::redact;
use crate::server::Shared;

/// Whether a call is sent or only shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    Now,
    /// Checked and shown, but not sent.
    DryRun,
}

/// The access that a call of the operation needs.
pub(crate) fn needs(operation: &Operation) -> Access {
    if operation.reads() {
        Access::Read
    } else if operation.deletes {
        Access::Delete
    } else {
        Access::Write
    }
}

/// The operation with this id.
///
/// # Errors
/// Where the version has no such operation, with similar ones.
pub(crate) fn operation<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Operation, Failure> {
    // Agents also write `contacts_find` and `Contacts.find`.
    catalog
        .operation(id)
        .or_else(|| {
            let id = id.trim().to_lowercase().replace([' ', '/', '_'], ".");
            catalog.operations.iter().find(|operation| operation.id.replace('_', ".") == id)
        })
        .ok_or_else(|| Failure::unknown_operation(catalog, id))
}

/// Sorts arguments by name, as the JSON Schema of an operation has them, into the sections of a request.
///
/// # Errors
/// Where an argument is unknown, with those that exist.
pub(crate) fn arguments(operation: &Operation, given: Map<String, Value>) -> Result<Arguments, Failure> {
    let mut arguments = Arguments::default();
    for (name, value) in given {
        if name == "body" && operation.body.is_some() {
            arguments.body = Some(value);
            continue;
        }
        let Some(parameter) = operation.parameter(&name) else {
            let mut known: Vec<&str> = operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            known.extend(operation.body.as_ref().map(|_| "body"));
            let hint = match operation.body {
                Some(_) => {
                    format!(" Put fields of the body into `body`: {{\"body\": {{\"{name}\": …}}}}.")
                }
                None => String::new(),
            };
            let all =
                if known.is_empty() { "takes no arguments".to_owned() } else { format!("takes {}", known.join(", ")) };
            let near = did_you_mean(&name, known.iter().copied());
            return Err(Failure::new(format!("{} has no argument `{name}`.{near} It {all}.{hint}", operation.id)));
        };
        let section = match parameter.location {
            Location::Path => &mut arguments.path,
            Location::Header => &mut arguments.header,
            _ => &mut arguments.query,
        };
        section.insert(name, value);
    }
    Ok(arguments)
}

impl Shared {
    /// Calls an operation if the user allows it, or shows what would be sent.
    ///
    /// # Errors
    /// Where it is not allowed, the arguments do not fit, or the call fails. A dry run needs no permission.
    pub(crate) async fn call(
        &self,
        operation: &Operation,
        arguments: Arguments,
        sending: Sending,
    ) -> Result<Value, Failure> {
        if sending == Sending::DryRun {
            return self.dry_run(operation, arguments);
        }
        let ids: Vec<String> =
            arguments.path.values().map(|id| id.as_str().map_or(id.to_string(), str::to_owned)).collect();
        let invocation = self.prepare(operation, arguments)?;
        if operation.download {
            let words = format!("{} {}", operation.group, operation.method).replace('_', "-");
            let ids: Vec<String> = ids.iter().map(|id| for_shell(id)).collect();
            return Ok(json!({
                "_note": "The answer is a file, which this server does not return. Nothing was sent. Tell the user how to get it with the command line.",
                "command": format!("intercom {words} {} --to FILE", ids.join(" "))
            }));
        }
        Ok(match invocation.send().await? {
            Answer::Json(response) => self.redacted(response.into_inner()),
            Answer::Empty(response) => {
                json!({"status": response.status().as_u16(), "_note": "Done. The API sends no content."})
            }
            Answer::Text(_) if !self.options.redact.is_empty() => json!({
                "_note": "The answer is plain text. It is left out because the user redacts fields, which cannot be found in a text."
            }),
            Answer::Text(response) => json!({"text": response.into_inner()}),
            Answer::File(_) => json!({"_note": "The answer is a file, which this server does not return."}),
        })
    }

    /// Calls a paginated operation and returns one page: its items, and the cursor of the next page.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(crate) async fn page(
        &self,
        operation: &Operation,
        arguments: Arguments,
        per_page: Option<u32>,
        position: Option<&str>,
    ) -> Result<PageOfItems, Failure> {
        let invocation = self.prepare(operation, arguments)?;
        let mut call = invocation.into_call();
        let paging = operation.pagination.as_ref();
        if let Some(count) = per_page.filter(|_| paging.is_some_and(|paging| paging.per_page.is_some())) {
            call.per_page(count);
        }
        if let Some(position) = position {
            call.starting_at(position);
        }
        let page = match PendingPage::<Value>::new(call).await {
            Ok(page) => page,
            Err(error) => {
                let items = instead_of_a_page(operation, &error).ok_or(error)?;
                let items: Vec<Value> = items.into_iter().map(|item| self.redacted(item)).collect();
                return Ok(PageOfItems { total: Some(items.len() as u64), items, next: None });
            }
        };
        let next = page.next_position().map(str::to_owned);
        let total = page.total_count;
        let items = page.into_items()?.into_iter().map(|item| self.redacted(item)).collect();
        Ok(PageOfItems { items, total, next })
    }

    /// Shows what a call would send. It needs no permission, since nothing is sent.
    fn dry_run(&self, operation: &Operation, arguments: Arguments) -> Result<Value, Failure> {
        let Arguments { path, query, header, body, .. } = arguments.clone();
        Invocation::new(&self.client, &self.catalog, operation, arguments)
            .map_err(|refusal| Failure::refused(&refusal))?;
        let mut out = json!({
            "dry_run": true,
            "operation": operation.id,
            "http": format!("{} {}", operation.http_method, operation.path),
        });
        let sections = [("path", path), ("query", query), ("header", header)];
        let sections = sections.into_iter().filter(|(_, values)| !values.is_empty());
        let parts = sections.map(|(name, values)| (name, Value::Object(values))).chain(body.map(|body| ("body", body)));
        if let Some(fields) = out.as_object_mut() {
            fields.extend(parts.map(|(name, value)| (name.to_owned(), value)));
        }
        Ok(out)
    }

    /// Redacts a value. All JSON that tools return from the API goes through here before anything else uses it.
    fn redacted(&self, mut value: Value) -> Value {
        redact(&mut value, &self.options.redact);
        value
    }

    fn prepare(&self, operation: &Operation, arguments: Arguments) -> Result<Invocation, Failure> {
        let needed = needs(operation);
        if needed > self.options.access {
            return Err(Failure::forbidden(operation, needed));
        }
        Invocation::new(&self.client, &self.catalog, operation, arguments).map_err(|refusal| Failure::refused(&refusal))
    }
}

/// A text as one word of a POSIX shell.
fn for_shell(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Some lists return a single object if the call filters by a name or an id, and 404 if there is none. Returns that object, or no
/// items, in place of a page.
fn instead_of_a_page(operation: &Operation, error: &Error) -> Option<Vec<Value>> {
    let in_path = operation.parameters.iter().any(|parameter| parameter.location == Location::Path);
    if error.is_not_found() && !in_path {
        return Some(Vec::new());
    }
    let object = serde_json::from_slice::<Value>(error.body()).ok().filter(|_| error.is_decode())?;
    object.get("id").is_some().then(|| vec![object])
}

/// A page of an operation's results.
#[derive(Debug)]
pub(crate) struct PageOfItems {
    pub items: Vec<Value>,
    pub total: Option<u64>,
    pub next: Option<String>,
}

impl PageOfItems {
    /// The page in the form of Intercom's own tools: the items under the name `items`, the next cursor under `position`.
    pub fn into_json(self, items: &str, position: &str) -> Value {
        let mut out = Map::new();
        out.insert("total_in_page".to_owned(), self.items.len().into());
        if let Some(total) = self.total {
            out.insert("total_count".to_owned(), total.into());
        }
        out.insert(items.to_owned(), self.items.into());
        if let Some(next) = self.next {
            let next: Value = match position {
                "page" => next.parse::<u64>().map_or_else(|_| next.clone().into(), Value::from),
                _ => next.into(),
            };
            out.insert("pages".to_owned(), json!({"next": {position: next}}));
        }
        Value::Object(out)
    }
}
