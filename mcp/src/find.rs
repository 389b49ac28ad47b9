//! The tools `find_operation` and `call_operation`, which reach every operation.

use intercom_catalog::json_schema::{self, DIALECT};
use intercom_catalog::{Catalog, Operation};
use serde_json::{Map, Value, json};

use crate::call::{self, Sending, needs};
use crate::curated::{dry_run, result_cursor};
use crate::failure::Failure;
use crate::options::Access;
use crate::search::required;
use crate::server::Shared;

/// How many operations are listed by default.
const DEFAULT_LIMIT: usize = 10;

/// The JSON Schema of the arguments of `find_operation`.
pub(crate) fn find_input() -> Value {
    json!({
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            "query": {"type": "string", "description": "Words for the task, or the name of an operation to get its arguments.", "examples": ["merge contacts", "tickets.reply"]},
            "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": DEFAULT_LIMIT},
            "result_cursor": result_cursor()
        },
        "required": ["query"],
        "additionalProperties": false
    })
}

/// The JSON Schema of the arguments of `call_operation`.
pub(crate) fn call_input() -> Value {
    json!({
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            "operation": {"type": "string", "description": "The operation's name.", "examples": ["teams.list"]},
            "arguments": {"type": "object", "description": "Its arguments, as find_operation shows them: each parameter by its name, and the body as `body`.", "examples": [{"contact_id": "63a07ddf05a32042dffac965", "body": {"body": "A note"}}]},
            "dry_run": dry_run(),
            "result_cursor": {"type": "string", "description": "For the rest of a truncated result of an operation that only reads: a `cursor` from its `_cut`."}
        },
        "required": ["operation"],
        "additionalProperties": false
    })
}

impl Shared {
    /// Answers a call of `find_operation`: the operation with its schema where the query names one, else a list.
    ///
    /// # Errors
    /// Where the query is missing, or nothing fits it.
    pub(crate) fn find_operation(&self, arguments: &Map<String, Value>) -> Result<Value, Failure> {
        let query = required(arguments, "query")?;
        if let Some(operation) = self.catalog.operation(query.trim()) {
            let mut out = self.summary(operation);
            if let Some(fields) = out.as_object_mut() {
                if let Some(description) = &operation.description {
                    fields.insert("description".to_owned(), description.clone().into());
                }
                fields.insert("arguments".to_owned(), json_schema::arguments(&self.catalog, operation));
                let example = operation.body.as_ref().and_then(|body| body.examples.first());
                if let Some(example) = example {
                    fields.insert("example_body".to_owned(), Value::clone(&example.value));
                }
            }
            return Ok(out);
        }
        let limit =
            arguments.get("limit").and_then(Value::as_u64).map_or(DEFAULT_LIMIT, |limit| limit.clamp(1, 50) as usize);
        let found = rank(&self.catalog, query);
        if found.is_empty() {
            let groups: Vec<&str> = self.catalog.groups.iter().map(|group| group.name.as_str()).collect();
            return Err(Failure::new(format!(
                "no operation of version {} matches `{query}`. Try other words, or the name of a group: {}.",
                self.catalog.version,
                groups.join(", ")
            )));
        }
        let total = found.len();
        let operations: Vec<Value> = found.into_iter().take(limit).map(|operation| self.summary(operation)).collect();
        Ok(json!({
            "operations": operations,
            "total": total,
            "_note": "Call find_operation with the name of an operation to get its arguments, then call_operation."
        }))
    }

    /// Answers a call of `call_operation`.
    ///
    /// # Errors
    /// Where there is no such operation, or as [`Shared::call`].
    pub(crate) async fn call_operation(
        &self,
        arguments: &Map<String, Value>,
        sending: Sending,
    ) -> Result<Value, Failure> {
        let operation = call::operation(&self.catalog, required(arguments, "operation")?)?;
        let given = match arguments.get("arguments") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => given.clone(),
            // Some clients send nested objects as text.
            Some(Value::String(text)) => serde_json::from_str(text).map_err(|error| {
                Failure::new(format!("`arguments` is an object, but the given string is no JSON object: {error}."))
            })?,
            Some(other) => return Err(Failure::new(format!("`arguments` is an object, not {other}."))),
        };
        self.call(operation, call::arguments(operation, given)?, sending).await
    }

    fn summary(&self, operation: &Operation) -> Value {
        let parameters = operation
            .parameters
            .iter()
            .map(|parameter| if parameter.required { parameter.name.clone() } else { format!("{}?", parameter.name) });
        let body = operation.body.as_ref().map(|_| "body".to_owned());
        let takes: Vec<String> = parameters.chain(body).collect();
        let needed = needs(operation);
        let mut out = json!({
            "operation": operation.id,
            "does": operation.summary,
            "http": format!("{} {}", operation.http_method, operation.path),
            "takes": takes,
            "access": match needed { Access::Read => "read", Access::Write => "write", Access::Delete => "delete" },
        });
        if let (true, Some(fields)) = (needed > self.options.access, out.as_object_mut()) {
            fields.insert("allowed".to_owned(), false.into());
        }
        if let (true, Some(fields)) = (operation.deprecated, out.as_object_mut()) {
            fields.insert("deprecated".to_owned(), true.into());
        }
        out
    }
}

/// The operations that match the words, the best first. A word that matches few operations counts more than one that matches many.
fn rank<'a>(catalog: &'a Catalog, query: &str) -> Vec<&'a Operation> {
    let places: Vec<[(f64, Vec<String>); 4]> = catalog
        .operations
        .iter()
        .map(|operation| {
            [
                (8.0, operation.id.as_str()),
                (4.0, operation.summary.as_deref().unwrap_or_default()),
                (3.0, operation.path.as_str()),
                (1.0, operation.description.as_deref().unwrap_or_default()),
            ]
            .map(|(weight, text)| (weight, words(text)))
        })
        .collect();
    let mut scores = vec![0.0; places.len()];
    for word in words(query) {
        let fits: Vec<f64> = places
            .iter()
            .map(|places| {
                let fitting = places.iter().filter(|(_, words)| words.iter().any(|known| alike(known, &word)));
                fitting.map(|(weight, _)| weight).sum()
            })
            .collect();
        let count = fits.iter().filter(|fit| **fit > 0.0).count().max(1);
        let rarity = (1.0 + places.len() as f64 / count as f64).ln();
        scores.iter_mut().zip(&fits).for_each(|(score, fit)| *score += fit * rarity);
    }
    let mut scored: Vec<(f64, &Operation)> =
        scores.into_iter().zip(&catalog.operations).filter(|(score, _)| *score > 0.0).collect();
    // Stable: operations of equal score stay in the order of their names.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().map(|(_, operation)| operation).collect()
}

/// Stop words: ignored in queries and texts.
const STOP_WORDS: [&str; 12] = ["a", "all", "an", "by", "for", "from", "in", "of", "on", "the", "to", "with"];

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !STOP_WORDS.contains(&word.as_str()))
        .collect()
}

/// Whether two words seem to have the same stem: `merge` and `merging`, `company` and `companies`.
fn alike(left: &str, right: &str) -> bool {
    let shared = left.bytes().zip(right.bytes()).take_while(|(l, r)| l == r).count();
    let (shorter, longer) = (left.len().min(right.len()), left.len().max(right.len()));
    left == right || (shared >= 3 && shorter - shared <= 1 && longer - shared <= 3)
}
