//! Builds the tools that a server offers.

use std::collections::BTreeSet;
use std::sync::Arc;

use intercom_catalog::{Operation, json_schema};
use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value};

use crate::call::{self, needs};
use crate::curated::own_argument;
use crate::failure::{Failure, did_you_mean};
use crate::find;
use crate::options::Access;
use crate::search;
use crate::server::Shared;
use crate::table::{CuratedTool, table};

/// The longest name of a tool. Some clients refuse longer names.
const LONGEST_NAME: usize = 60;

/// A tool and what it calls.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub tool: Tool,
    pub target: Target,
    /// The access that a call needs at least.
    pub needs: Access,
}

impl Entry {
    /// Whether a call of it may change something.
    pub fn may_write(&self) -> bool {
        self.needs > Access::Read || matches!(self.target, Target::CallOperation)
    }
}

/// What a tool calls.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Search,
    Fetch,
    FindOperation,
    CallOperation,
    /// A curated tool, with the id of its operation.
    Curated(&'static CuratedTool, String),
    /// An operation by its id.
    Operation(String),
}

impl Shared {
    /// The tools that the options name, including those that the user does not allow.
    ///
    /// # Errors
    /// Where a name is unknown.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = Vec::new();
        let mut known = BTreeSet::new();
        for name in self.options.tools.names() {
            for entry in self.entries_of(name)? {
                if known.insert(entry.tool.name.clone()) {
                    entries.push(entry);
                }
            }
        }
        Ok(entries)
    }

    fn entries_of(&self, name: &str) -> Result<Vec<Entry>, Failure> {
        let of = |fits: &dyn Fn(&Operation) -> bool| -> Vec<Entry> {
            self.catalog.operations.iter().filter(|it| fits(it)).map(|it| self.of_operation(it)).collect()
        };
        match name {
            "default" => Ok(self.default_entries()),
            "read" => Ok(of(&|operation| needs(operation) == Access::Read)),
            "all" => Ok(of(&|_| true)),
            name if self.catalog.groups.iter().any(|group| group.name == name) => {
                Ok(of(&|operation| operation.group == name))
            }
            name => {
                if let Some(operation) = self.catalog.operation(name) {
                    return Ok(vec![self.of_operation(operation)]);
                }
                let default = self.default_entries();
                if let Some(entry) = default.iter().find(|entry| entry.tool.name == name) {
                    return Ok(vec![entry.clone()]);
                }
                let groups = self.catalog.groups.iter().map(|group| group.name.as_str());
                let tools = default.iter().map(|entry| &*entry.tool.name);
                let near = did_you_mean(name, groups.chain(tools).chain(["default", "read", "all"]));
                Err(Failure::new(format!(
                    "there are no tools `{name}`.{near} Use `default`, `read`, `all`, a group such as `tickets`, an operation such as `tickets.search` or a tool such as `get_ticket`, separated by commas."
                )))
            }
        }
    }

    fn default_entries(&self) -> Vec<Entry> {
        let own = |name: &'static str, title: &str, text: String, input: Value, target: Target| {
            let access = if name == "call_operation" { self.options.access } else { Access::Read };
            let annotations = ToolAnnotations::from_raw(
                None,
                Some(access == Access::Read),
                (access > Access::Read).then_some(true),
                (access > Access::Read).then_some(false),
                Some(name != "find_operation"),
            );
            let tool = Tool::new(name, text, object(input)).with_title(title).with_annotations(annotations);
            Entry { tool, target, needs: Access::Read }
        };
        let mut entries = vec![
            own("search", "Search", self.search_description(), search::search_input(), Target::Search),
            own(
                "fetch",
                "Fetch",
                "Get an object by its id with a prefix, as in the results of `search`. The result has a link to the object's page in Intercom where the workspace is known.".to_owned(),
                search::fetch_input(),
                Target::Fetch,
            ),
        ];
        for curated in &table().tools {
            let Some(operation) = self.catalog.operation(&curated.operation) else { continue };
            let input = curated.input(&self.catalog, operation);
            let tool = Tool::new(curated.name.as_str(), curated.description.as_str(), object(input))
                .with_title(&curated.title)
                .with_annotations(annotations(operation));
            let target = Target::Curated(curated, operation.id.clone());
            entries.push(Entry { tool, target, needs: needs(operation) });
        }
        let (version, count) = (&self.catalog.version, self.catalog.operations.len());
        entries.push(own(
            "find_operation",
            "Find an operation",
            format!("Find an operation among all {count} of Intercom's REST API (version {version}) by words, or get the arguments of one by its name. Use it for what the other tools cannot do."),
            find::find_input(),
            Target::FindOperation,
        ));
        entries.push(own(
            "call_operation",
            "Call an operation",
            "Call any operation of Intercom's REST API by its name. Look up its arguments with find_operation first."
                .to_owned(),
            find::call_input(),
            Target::CallOperation,
        ));
        entries
    }

    /// Whether a call of a tool changes nothing, so that it may be repeated for the rest of its result.
    pub(crate) fn only_reads(&self, entry: &Entry, arguments: &Map<String, Value>) -> bool {
        match &entry.target {
            Target::CallOperation => {
                let id = arguments.get("operation").and_then(Value::as_str).unwrap_or_default();
                // An unknown operation is refused later, with those of similar names.
                call::operation(&self.catalog, id).map_or(true, |operation| needs(operation) == Access::Read)
            }
            _ => entry.needs == Access::Read,
        }
    }

    fn of_operation(&self, operation: &Operation) -> Entry {
        let mut input = json_schema::arguments(&self.catalog, operation);
        if let Some(Value::Object(properties)) = input.get_mut("properties") {
            properties.extend([own_argument(operation)]);
        }
        let text = [operation.summary.as_deref(), operation.description.as_deref()];
        let text = text.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        let tool = Tool::new(tool_name(operation), text, object(input)).with_annotations(annotations(operation));
        Entry { tool, target: Target::Operation(operation.id.clone()), needs: needs(operation) }
    }
}

/// The name of an operation's tool: `contacts_find`. Some clients accept letters, digits, `_` and `-` only.
pub(crate) fn tool_name(operation: &Operation) -> String {
    let name = format!("{}_{}", operation.group, operation.method);
    if name.len() <= LONGEST_NAME {
        return name;
    }
    // The names that are too long contain the group twice: `custom_object_instances_delete_custom_object_instances_by_id`.
    let method = operation.method.replace(&format!("{}_", operation.group), "");
    format!("{}_{method}", operation.group)
}

/// The hints of the protocol. A tool that only reads has no hints about writing, which would mean nothing.
fn annotations(operation: &Operation) -> ToolAnnotations {
    let writes = !operation.reads();
    ToolAnnotations::from_raw(
        None,
        Some(!writes),
        writes.then_some(operation.destructive),
        writes.then_some(operation.idempotent),
        Some(true),
    )
}

fn object(value: Value) -> Arc<Map<String, Value>> {
    Arc::new(match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    })
}
