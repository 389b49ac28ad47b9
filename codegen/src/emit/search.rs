//! `src/search.rs` and a file for each group that searches: a function for each field that its search takes.
//!
//! ```text
//! /// `created_at`, a point in time. Operators: `=`, `<`, `>`.
//! pub fn created_at() -> DateField { DateField::new("created_at").only(&[Operator::Equals, …]) }
//! pub fn custom_attribute(name: impl Display) -> AnyField { AnyField::named(format!("custom_attributes.{name}")) }
//! ```

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::Features;
use super::rust::{doc, ident, ident_text};
use crate::ir::{Api, Field, Group, Operation, RustName, SearchField, Struct, Ty, TypeDef, TypeId, TypeKind};
use crate::names;

/// The key of a search body that holds the filters.
const QUERY: &str = "query";

/// Emits `search.rs` and the modules below it, if anything searches.
pub(super) fn emit(api: &Api, features: &Features, files: &mut Vec<(String, String, TokenStream)>) {
    let mut modules = TokenStream::new();
    for group in &api.groups {
        for operation in group.operations.iter().filter(|operation| !operation.search.is_empty()) {
            let (module, feature) = (module(group, operation), &group.name);
            let (name, handle, method) = (ident(&names::snake(&module)), &group.name, operation.method.bare());
            let about = doc(&format!(" The fields of [`{handle}().{method}(..)`](crate::Client::{handle})."));
            modules.extend(quote!(#about #[cfg(feature = #feature)] pub mod #name;));
            files.push((format!("src/search/{module}.rs"), operation.pointer.clone(), fields(operation)));
        }
    }
    if modules.is_empty() {
        return;
    }
    let conversions = conversions(api, features);
    let index = quote! {
        #![doc = " What searches take: a module for each, with a function for each field; see [`Query`]."]

        pub use intercom_runtime::search::{AnyField, BoolField, DateField, IntField, Operand, Operator, Query, TextField};

        #modules

        #conversions
    };
    files.push(("src/search.rs".to_owned(), "/paths".to_owned(), index));
}

/// Whether the crate has a module `search`.
pub(super) fn is_there(api: &Api) -> bool {
    api.groups.iter().flat_map(|group| &group.operations).any(|operation| !operation.search.is_empty())
}

/// The path of an operation's fields inside the crate.
pub(super) fn path(api: &Api, operation: &Operation) -> Option<String> {
    let group = api.groups.iter().find(|group| group.name == operation.group)?;
    (!operation.search.is_empty()).then(|| format!("search::{}", module(group, operation)))
}

/// A group's name, with the method's where the group searches in several ways.
fn module(group: &Group, operation: &Operation) -> String {
    let searches = group.operations.iter().filter(|operation| !operation.search.is_empty()).count();
    if searches == 1 { group.name.clone() } else { format!("{}_{}", group.name, operation.method.bare()) }
}

fn fields(operation: &Operation) -> TokenStream {
    let functions: TokenStream = operation.search.iter().map(field).collect();
    let text = functions.to_string();
    let used = ["AnyField", "BoolField", "DateField", "IntField", "Operator", "TextField"].into_iter();
    let used = used.filter(|name| text.contains(&format!("{name} "))).map(ident_text);
    quote! {
        use super::{#(#used),*};

        #functions
    }
}

fn field(field: &SearchField) -> TokenStream {
    let (kind, what) = match field.kind.as_str() {
        "string" => ("TextField", "text"),
        "integer" => ("IntField", "an integer"),
        "boolean" => ("BoolField", "true or false"),
        "date" => ("DateField", "a point in time"),
        _ => ("AnyField", "a value of any type"),
    };
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
            let pattern = format!("{before}{{name}}{}", rest.split_once('}').map_or("", |(_, after)| after));
            quote! {
                #about
                pub fn #name(name: impl ::core::fmt::Display) -> #kind {
                    #kind::named(format!(#pattern)) #only
                }
            }
        }
    }
}

/// The variant of the runtime's `Operator`. Lowering has refused every other text.
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

/// Where a body takes a query: the field, and what makes its value of JSON.
pub(super) fn query_field<'a>(api: &Api, operation: &Operation, structure: &'a Struct) -> Option<QueryField<'a>> {
    let field = structure.fields.iter().find(|field| field.wire.0 == QUERY && field.required)?;
    let path = path(api, operation)?;
    let value = match &field.ty {
        Ty::Value => quote!(query.to_json()),
        Ty::Named(id) if union_members(api, *id).is_some() => {
            let name = ident(&api.types[*id].name);
            quote!(types::#name::Unknown(query.to_json()))
        }
        _ => return None,
    };
    Some(QueryField { field, value, path })
}

/// The field of a body that takes a query.
pub(super) struct QueryField<'a> {
    pub(super) field: &'a Field,
    /// Makes its value of a `query`.
    pub(super) value: TokenStream,
    /// Where the fields to search for are.
    pub(super) path: String,
}

fn union_members(api: &Api, id: TypeId) -> Option<Vec<TypeId>> {
    match &api.types[id].kind {
        TypeKind::Union(union) => Some(union.members.iter().filter_map(|member| member.ty.named()).collect()),
        _ => None,
    }
}

/// The types that the description has for queries become one too.
fn conversions(api: &Api, features: &Features) -> TokenStream {
    let mut found: BTreeMap<&RustName, &TypeDef> = BTreeMap::new();
    for operation in
        api.groups.iter().flat_map(|group| &group.operations).filter(|operation| !operation.search.is_empty())
    {
        let Some((_, structure)) = operation.body.as_ref().and_then(|body| api.types.object(body.json()?)) else {
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
