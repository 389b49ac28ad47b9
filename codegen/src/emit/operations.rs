//! Emits `src/operations.rs`: the table of operations, whose entries can be called by name with JSON arguments.
//!
//! ```text
//! pub(super) const UPDATE: OperationEntry = OperationEntry::of::<api::Update>("contacts", "update", "Contact")
//!     .parameters(&[Parameter::new("contact_id", "path", true, setters::path::<Id>)])
//!     .responses(&[("200", TypeEntry::of::<types::Contact>("Contact"))]);
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Crate;
use super::file::File;
use super::paging;
use super::rust::{Imports, ident, ident_text};
use crate::ir::{Alias, Api, Body, Content, Group, Location, Operation, Param, Success, Ty};

/// `operations.rs` and the modules below it.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    let (api, mut files) = (krate.api, Vec::new());
    let (mut modules, mut entries) = (TokenStream::new(), TokenStream::new());
    for group in api.groups_with_operations() {
        let (name, feature) = (ident(&group.ident), &group.name);
        modules.extend(quote!(#[cfg(feature = #feature)] mod #name;));
        for operation in &group.operations {
            let constant = constant(operation);
            entries.extend(quote!(#[cfg(feature = #feature)] #name::#constant,));
        }
        files.push(File::rust(format!("src/operations/{}.rs", group.name), "/paths", module(api, group)));
    }
    let index = quote! {
        #![doc = " The table of the operations of the enabled groups, by which they are found and called by name."]

        pub use intercom_runtime::operations::{OperationEntry, Parameter, TypeEntry};

        #modules

        #[doc = " Finds an operation by any of its names, as [`find`](intercom_runtime::operations::find) does."]
        pub fn find(name: &str) -> Option<&'static OperationEntry> {
            intercom_runtime::operations::find(OPERATIONS, name)
        }

        #[doc = " The operations of the enabled groups, sorted by group and method."]
        pub const OPERATIONS: &[OperationEntry] = &[#entries];
    };
    files.push(File::rust("src/operations.rs", "/paths", index));
    files
}

fn module(api: &Api, group: &Group) -> TokenStream {
    let imports = Imports::new(&api.types, false, None);
    let entries: TokenStream = group.operations.iter().map(|operation| entry(group, operation, &imports)).collect();
    let use_items = imports.use_items();
    let types = imports.types_import();
    let any = |has: fn(&Operation) -> bool| group.operations.iter().any(has);
    let parameters = any(|operation| operation.params.iter().any(|param| param.constant.is_none()));
    let types_named =
        any(|operation| operation.body.is_some() || operation.successes().chain(operation.errors()).count() > 0);
    let used = [("Parameter", parameters), ("TypeEntry", types_named), ("setters", parameters)];
    let used = used.into_iter().filter(|(_, used)| *used).map(|(name, _)| ident_text(name));
    let api = ident(&group.ident);
    quote! {
        #use_items
        use intercom_runtime::operations::{OperationEntry #(, #used)*};

        use crate::api::#api as api;
        #types

        #entries
    }
}

/// The constant that holds an entry.
fn constant(operation: &Operation) -> Ident {
    // Names of methods are in snake case and unique, so they are unique in upper case, too.
    ident_text(&operation.method.bare().to_uppercase())
}

fn entry(group: &Group, operation: &Operation, imports: &Imports<'_>) -> TokenStream {
    let (constant, name) = (constant(operation), ident(&operation.type_name));
    let (group_name, method) = (&group.name, operation.method.bare());
    let parameters = operation.params.iter().filter(|param| param.constant.is_none()).map(|param| {
        let (wire, location, required, set) =
            (&param.wire.0, location(param), param.required, setter(operation, param, imports));
        quote!(Parameter::new(#wire, #location, #required, #set))
    });
    let parameters: Vec<_> = parameters.collect();
    let parameters = (!parameters.is_empty()).then(|| quote!(.parameters(&[#(#parameters),*])));
    let request = match &operation.body {
        Some(Body { content: Content::Json(ty), .. }) => Some(type_entry(ty, imports)),
        Some(Body { content: Content::Multipart(_), .. }) => {
            Some(quote!(TypeEntry::of::<intercom_data::Attributes>("Multipart")))
        }
        None => None,
    };
    let request = request.map(|entry| quote!(.request(#entry)));
    // Most errors of an operation have the same type, which is written once, so that rustc takes less time.
    let error = operation.errors().next().map(|(_, ty)| ty);
    let (errors, others): (Vec<_>, Vec<_>) = operation.errors().partition(|(_, ty)| Some(*ty) == error);
    let statuses = errors.iter().map(|(status, _)| status);
    let errors = error.map(|ty| {
        let entry = type_entry(ty, imports);
        quote!(.errors(#entry, &[#(#statuses),*]))
    });
    let responses = operation.successes().chain(others).map(|(status, ty)| {
        let entry = type_entry(ty, imports);
        quote!((#status, #entry))
    });
    let responses: Vec<_> = responses.collect();
    let responses = (!responses.is_empty()).then(|| quote!(.responses(&[#(#responses),*])));
    let response = match &operation.success {
        Success::Json(ty) => imports.plain(ty),
        Success::Text => "String".to_owned(),
        Success::Empty => "()".to_owned(),
        Success::Download => "Download".to_owned(),
    };
    let aliases: Vec<String> = operation.aliases.iter().map(Alias::id).collect();
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    let parts = operation.body.iter().flat_map(Body::parts);
    let files: Vec<_> = parts.filter(|field| field.ty == Ty::Bytes).map(|field| &field.wire.0).collect();
    let files = (!files.is_empty()).then(|| quote!(.files(&[#(#files),*])));
    let paged = operation.paging.as_ref().map(|_| quote!(.paged::<api::#name>()));
    quote! {
        pub(super) const #constant: OperationEntry =
            OperationEntry::of::<api::#name>(#group_name, #method, #response)
                #aliases #parameters #request #files #responses #errors #paged;
    }
}

/// The function that sets a parameter of a call from a JSON value, as the typed setter of the parameter does.
fn setter(operation: &Operation, param: &Param, imports: &Imports<'_>) -> TokenStream {
    let function = match param.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryCommaList => "query_list",
        Location::QueryRepeated => "query_repeated",
        Location::QueryExploded => "query_object",
        Location::Header => "header",
    };
    let function = match paging::paged_method_for_parameter(operation, &param.wire.0) {
        Some(method) => ident(&method),
        None => ident_text(function),
    };
    // The functions for lists are generic over the type of the items.
    let ty = match (imports.resolve(&param.ty), param.location) {
        (Ty::List(item), Location::QueryCommaList | Location::QueryRepeated) => imports.ty(item),
        _ => imports.ty(&param.ty),
    };
    quote!(setters::#function::<#ty>)
}

/// Where a parameter is sent, as OpenAPI's `in` names it.
fn location(param: &Param) -> &'static str {
    match param.location {
        Location::Path => "path",
        Location::Header => "header",
        _ => "query",
    }
}

fn type_entry(ty: &Ty, imports: &Imports<'_>) -> TokenStream {
    let (tokens, name) = (imports.ty(ty), imports.plain(ty));
    quote!(TypeEntry::of::<#tokens>(#name))
}
