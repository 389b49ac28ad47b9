//! Lowers an OpenAPI description to the IR.

mod body;
mod jobs;
mod metadata;
mod operation;
mod paging;
mod parameters;
mod platform;
mod resource;
mod responses;
mod schema;
mod search;
mod shorthands;

use std::collections::HashMap;

use openapiv3::{Operation, ReferenceOr, Schema};
use serde_json::Value;

use crate::cycles;
use crate::diag::{Result, Warning, join};
use crate::ir::{Api, Server, TypeId, TypeTable, WireName};
use crate::names::{self, TypeNames};
use crate::spec::Spec;

/// The host that the client sends to by default, in the region `us`.
const HOST: &str = "api.intercom.io";

/// The state of lowering.
struct Lowering<'a> {
    spec: &'a Spec,
    names: TypeNames,
    types: TypeTable,
    /// The types of the named schemas (`components.schemas`), by their key.
    named: HashMap<&'a str, TypeId>,
    /// The types of inline schemas by JSON pointer, so that a property that two types share through `allOf` has one type.
    inline: HashMap<String, TypeId>,
    /// The named schemas that are being merged, the outermost first.
    merging: Vec<&'a str>,
    /// Whether the parts of a form are being lowered.
    form: bool,
    /// How many types were made for unions that also declare keys, as in `{properties: …, oneOf: […]}`: for each alternative a type with
    /// its own keys and those of the union. Nested unions multiply them, so `count_combined` limits their number.
    combined_types: usize,
    warnings: Vec<Warning>,
}

/// Lowers a description.
///
/// # Errors
/// The first thing that cannot be translated.
pub fn lower(spec: &Spec) -> Result<(Api, Vec<Warning>)> {
    let mut lowering = Lowering {
        spec,
        names: TypeNames::new(spec.schemas().map(|(key, schema)| (key, given_name(schema)))),
        types: TypeTable::default(),
        named: HashMap::new(),
        inline: HashMap::new(),
        merging: Vec::new(),
        form: false,
        combined_types: 0,
        warnings: Vec::new(),
    };
    // References can point to schemas that are lowered later, so each named schema gets its id first.
    for (key, _) in spec.schemas() {
        let name = lowering.names.schema(key);
        let (pointer, module) = (join("/components/schemas", key), names::type_module(key));
        let id = lowering.types.reserve(name, Some(WireName(key.to_owned())), pointer, module);
        lowering.named.insert(key, id);
    }
    for (key, schema) in spec.schemas() {
        lowering.named_schema(key, schema)?;
    }
    // From here on, functions such as `TypeTable::is_object` follow types recursively. They end, because the check rejects the cycles that
    // they would follow.
    cycles::check(&lowering.types)?;
    let groups = lowering.groups()?;
    let platform_features = lowering.platform_features();
    let document = &spec.document;
    if !document.servers.is_empty() && !document.servers.iter().any(|server| server.url.contains(HOST)) {
        let message = format!("the client sends requests to {HOST}, unless the program sets another region or address");
        lowering.warn("other-servers", "/servers", message);
    }
    let servers = document
        .servers
        .iter()
        .map(|server| Server { url: server.url.clone(), description: server.description.clone() });
    let api = Api {
        version: document.info.version.clone(),
        title: document.info.title.clone(),
        servers: servers.collect(),
        security_schemes: metadata::security_schemes(spec),
        security: document.security.as_deref().map(metadata::security).unwrap_or_default(),
        types: lowering.types,
        groups,
        platform_features,
    };
    Ok((api, lowering.warnings))
}

/// The name that an overlay gives to a schema.
fn given_name(schema: &ReferenceOr<Schema>) -> Option<&str> {
    schema.as_item()?.schema_data.extensions.get("x-sdk-name")?.as_str()
}

impl Lowering<'_> {
    fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, "", pointer, message));
    }
}

/// Whether an extension of an operation is true.
fn flag(source: &Operation, key: &str) -> bool {
    source.extensions.get(key).and_then(Value::as_bool).unwrap_or(false)
}
