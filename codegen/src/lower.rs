//! OpenAPI to IR.

mod operation;
mod paging;
mod schema;
mod search;

use std::collections::HashMap;

use crate::diag::{Result, Warning};
use crate::ir::{Api, RustName, TypeDef};
use crate::names::TypeNames;
use crate::spec::Spec;

/// What lowering carries along.
struct Lowering<'a> {
    spec: &'a Spec,
    names: TypeNames,
    types: Vec<TypeDef>,
    /// Inline types by the pointer of their schema: a property that two types share through `allOf` gives one type.
    inline: HashMap<String, RustName>,
    warnings: Vec<Warning>,
}

/// Lowers a description.
///
/// # Errors
/// At the first thing in it that has no meaning.
pub fn lower(spec: &Spec) -> Result<(Api, Vec<Warning>)> {
    let names = TypeNames::new(spec.schemas().map(|(key, schema)| (key, schema::given_name(schema))));
    let mut lowering = Lowering { spec, names, types: Vec::new(), inline: HashMap::new(), warnings: Vec::new() };
    for (key, schema) in spec.schemas() {
        lowering.named_schema(key, schema)?;
    }
    let groups = lowering.groups()?;
    let info = &spec.document.info;
    let api = Api { version: info.version.clone(), title: info.title.clone(), types: lowering.types, groups };
    Ok((api, lowering.warnings))
}
