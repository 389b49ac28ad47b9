//! Emits `src/search.rs` and a module for each search operation, with a function for each field that it accepts.
//!
//! ```text
//! /// `created_at`, a point in time. Operators: `=`, `<`, `>`.
//! pub const fn created_at() -> DateField { DateField::new("created_at").only(&[Operator::Equals, …]) }
//! pub fn custom_attribute(attribute_name: impl Display) -> AnyField {
//!     AnyField::dynamic(format!("custom_attributes.{attribute_name}"))
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Crate;
use super::features::Features;
use super::file::File;
use super::rust::{Imports, doc, ident, ident_text};
use crate::ir::{Api, Field, Operation, RustName, SearchField, Struct, Ty, TypeDef, TypeId, TypeKind};
use crate::names;

/// The key of a search body that holds the filters.
const QUERY: &str = "query";

/// Emits `search.rs` and the modules below it; nothing if no operation is a search.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    let (api, mut files) = (krate.api, Vec::new());
    let mut modules = TokenStream::new();
    for group in &api.groups {
        for operation in group.operations.iter().filter(|operation| !operation.search.is_empty()) {
            let (module, feature) = (&operation.search_module, &group.name);
            let (name, handle, method) = (ident(module), group.ident.bare(), operation.method.bare());
            let about = doc(&format!(" The fields of [`{handle}().{method}(..)`](crate::Client::{handle})."));
            modules.extend(quote!(#about #[cfg(feature = #feature)] pub mod #name;));
            files.push(File::rust(format!("src/search/{}.rs", module.bare()), &operation.pointer, fields(operation)));
        }
    }
    if modules.is_empty() {
        return files;
    }
    let conversions = conversions(api, &krate.features);
    let index = quote! {
        #![doc = " The fields of searches: a module for each search, with a function for each field. [`Query`] explains how to combine them."]

        pub use intercom_runtime::search::{AnyField, BoolField, DateField, IntField, Operand, Operator, Query, TextField};

        #modules

        #conversions
    };
    files.push(File::rust("src/search.rs", "/paths", index));
    files
}

/// Whether the crate has a module `search`.
pub(super) fn has_search(api: &Api) -> bool {
    api.operations().any(|operation| !operation.search.is_empty())
}

fn fields(operation: &Operation) -> TokenStream {
    let functions: TokenStream = operation.search.iter().map(field).collect();
    let mut used: BTreeSet<&str> = operation.search.iter().map(|field| kind(field).0).collect();
    if operation.search.iter().any(|field| !field.operators.is_empty()) {
        used.insert("Operator");
    }
    let used = used.into_iter().map(ident_text);
    quote! {
        use super::{#(#used),*};

        #functions
    }
}

/// The runtime's type of a field, and a description of its values.
fn kind(field: &SearchField) -> (&'static str, &'static str) {
    match field.kind.as_str() {
        "string" => ("TextField", "text"),
        "integer" => ("IntField", "an integer"),
        "boolean" => ("BoolField", "true or false"),
        "date" => ("DateField", "a point in time"),
        _ => ("AnyField", "a value of any type"),
    }
}

fn field(field: &SearchField) -> TokenStream {
    let (kind, what) = kind(field);
    let (name, kind, wire) = (ident(&field.ident), ident_text(kind), &field.wire.0);
    let mut about = format!("`{wire}`, {what}.");
    if !field.operators.is_empty() {
        let listed: Vec<String> = field.operators.iter().map(|operator| format!("`{operator}`")).collect();
        about.push_str(&format!(" Operators: {}.", listed.join(", ")));
    }
    let about = doc(&format!(" {about}"));
    let only = (!field.operators.is_empty()).then(|| {
        let operators = field.operators.iter().map(|operator| ident_text(variant(operator)));
        quote!(.only(&[#(Operator::#operators),*]))
    });
    match wire.split_once('{') {
        None => quote! {
            #about
            pub const fn #name() -> #kind {
                #kind::new(#wire) #only
            }
        },
        Some((before, rest)) => {
            let (placeholder, after) = rest.split_once('}').unwrap_or((rest, ""));
            let name_of_argument = names::snake(placeholder);
            // A format string names an argument without the `r#` of a raw identifier.
            let pattern = format!("{before}{{{}}}{after}", name_of_argument.bare());
            let argument = ident(&name_of_argument);
            quote! {
                #about
                pub fn #name(#argument: impl ::core::fmt::Display) -> #kind {
                    #kind::dynamic(format!(#pattern)) #only
                }
            }
        }
    }
}

/// The variant of the runtime's `Operator`. The check of the document accepts only `SEARCH_OPERATORS`, so the last arm is `$`.
fn variant(operator: &str) -> &'static str {
    match operator {
        "=" => "Equals",
        "!=" => "NotEquals",
        "IN" => "In",
        "NIN" => "NotIn",
        "<" => "Less",
        "<=" => "LessOrEqual",
        ">" => "Greater",
        ">=" => "GreaterOrEqual",
        "~" => "Contains",
        "!~" => "NotContains",
        "^" => "StartsWith",
        _ => "EndsWith",
    }
}

/// The field of a body that takes a search query: the required field `query` of a search, if its type is a union or any JSON.
pub(super) fn query_field<'a>(api: &Api, operation: &Operation, structure: &'a Struct) -> Option<QueryField<'a>> {
    let field = structure.fields.iter().find(|field| field.wire.0 == QUERY && field.required)?;
    let path = (!operation.search.is_empty()).then(|| format!("search::{}", operation.search_module.bare()))?;
    let union = match &field.ty {
        Ty::Value => None,
        Ty::Named(id) if union_members(api, *id).is_some() => Some(*id),
        _ => return None,
    };
    Some(QueryField { field, union, path })
}

/// The field of a body that takes a query.
pub(super) struct QueryField<'a> {
    pub(super) field: &'a Field,
    /// The union that is its type; `None` where it accepts any JSON.
    union: Option<TypeId>,
    /// The path of the module with the search fields.
    pub(super) path: String,
}

impl QueryField<'_> {
    /// The expression that converts a `Query` into the field's type.
    pub(super) fn value(&self, imports: &Imports<'_>, query: &Ident) -> TokenStream {
        match self.union {
            None => quote!(#query.to_json()),
            Some(id) => {
                // `Unknown` holds any JSON and is sent unchanged, so a query need not become one of the alternatives.
                let union = imports.named(id);
                quote!(#union::Unknown(#query.to_json()))
            }
        }
    }
}

/// The types of the API that are members of a union; `None` if the type is not a union.
fn union_members(api: &Api, id: TypeId) -> Option<Vec<TypeId>> {
    match &api.types[id].kind {
        TypeKind::Union(union) => Some(union.members.iter().filter_map(|member| member.ty.named()).collect()),
        _ => None,
    }
}

/// The `From` impls that convert the types that the description declares for queries into a `Query`.
fn conversions(api: &Api, features: &Features) -> TokenStream {
    let mut found: BTreeMap<&RustName, &TypeDef> = BTreeMap::new();
    for operation in api.operations().filter(|operation| !operation.search.is_empty()) {
        let Some((_, structure)) = operation.body.as_ref().and_then(|body| api.types.struct_of(body.json()?)) else {
            continue;
        };
        for field in structure.fields.iter().filter(|field| field.wire.0 == QUERY) {
            if let Ty::Named(id) = &field.ty {
                let all = union_members(api, *id).into_iter().flatten().chain([*id]);
                found.extend(all.map(|id| (&api.types[id].name, &api.types[id])));
            }
        }
    }
    let conversions = found.into_values().map(|def| {
        let feature = features.condition(&def.module);
        let name = ident(&def.name);
        quote! {
            #feature
            impl From<crate::types::#name> for Query {
                fn from(query: crate::types::#name) -> Self {
                    Self::typed(&query)
                }
            }
        }
    });
    conversions.collect()
}
