//! `src/operations.rs`: the table of operations, and how each is called with JSON arguments.
//!
//! ```text
//! pub(super) const UPDATE: Operation = Operation {
//!     endpoint: &api::contacts::UPDATE, group: "contacts", method: "update", parameters: &[…], request: …, responses: …,
//!     call: |client, mut arguments| {
//!         let mut request = api::contacts::Update::new(client, arguments.needed("path", "contact_id")?, arguments.body()?);
//!         if let Some(value) = arguments.optional("query", "display_as")? { request = request.display_as(value); }
//!         Ok(request.send().into_invocation())
//!     },
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::api::{builder_names, endpoint_name, setter_names};
use super::rust::{Style, ident, ident_text};
use crate::ir::{Api, Body, Group, Location, Operation, Param, RustName, Success, Ty};
use crate::names;

/// Emits `operations.rs` and the modules below it.
pub(super) fn emit(api: &Api, files: &mut Vec<(String, String, TokenStream)>) {
    let (mut modules, mut entries) = (TokenStream::new(), TokenStream::new());
    for group in &api.groups {
        let (name, feature) = (ident(&names::snake(&group.name)), &group.name);
        modules.extend(quote!(#[cfg(feature = #feature)] mod #name;));
        for builder in builder_names(group) {
            let constant = endpoint_name(&builder);
            entries.extend(quote!(#[cfg(feature = #feature)] #name::#constant,));
        }
        files.push((format!("src/operations/{}.rs", group.name), "/paths".to_owned(), module(group)));
    }
    let index = quote! {
        #![doc = " Every operation as data, to be looked up and called by name."]

        pub use intercom_runtime::operations::{Operation, Parameter, TypeEntry};

        #modules

        #[doc = " The operations of the groups whose features are on, by group and method."]
        pub const OPERATIONS: &[Operation] = &[#entries];
    };
    files.push(("src/operations.rs".to_owned(), "/paths".to_owned(), index));
}

fn module(group: &Group) -> TokenStream {
    let style = Style::new(false, None);
    let operations = group.operations.iter().zip(builder_names(group));
    let entries: TokenStream =
        operations.map(|(operation, builder)| entry(group, operation, &builder, &style)).collect();
    let imports = style.imports();
    let text = entries.to_string();
    let types = text.contains("types ::").then(|| {
        quote!(
            use crate::types;
        )
    });
    let used = ["Parameter", "TypeEntry"].into_iter().filter(|name| text.contains(&format!("{name} ")));
    let used = used.map(ident_text);
    let api = ident(&names::snake(&group.name));
    quote! {
        #imports
        use intercom_runtime::operations::{IntoInvocation as _, Operation #(, #used)*};

        use crate::api::#api as api;
        #types

        #entries
    }
}

fn entry(group: &Group, operation: &Operation, builder: &RustName, style: &Style) -> TokenStream {
    let constant = endpoint_name(builder);
    let (group_name, method) = (&group.name, operation.method.bare());
    let parameters = operation.params.iter().filter(|param| param.constant.is_none()).map(|param| {
        let (name, location, required) = (&param.wire.0, location(param), param.required);
        quote!(Parameter { name: #name, location: #location, required: #required })
    });
    let request = match &operation.body {
        Some(Body::Json(ty)) => some_type(ty, style),
        Some(Body::Multipart(_)) => quote!(Some(TypeEntry::of::<intercom_runtime::data::Attributes>("Multipart"))),
        None => quote!(None),
    };
    let success = operation.successes.iter().map(|(status, ty)| (status, ty));
    let responses = success.chain(operation.errors.iter().map(|(status, ty)| (status, ty))).map(|(status, ty)| {
        let entry = type_entry(ty, style);
        quote!((#status, #entry))
    });
    let response = match &operation.success {
        // Only a text: nothing is imported for it.
        Success::Json(ty) => type_name(ty, &Style::new(false, None)),
        Success::Text => "String".to_owned(),
        Success::Empty => "()".to_owned(),
        Success::Download => "Download".to_owned(),
    };
    let call = call(operation, builder, style, &quote!(request.send().into_invocation()));
    let items = match &operation.paging {
        Some(paging) => {
            let item = style.ty(&paging.item);
            let items = quote!(intercom_runtime::paging::Items::through::<#item>(request.into_call()));
            let call = self::call(operation, builder, style, &items);
            quote!(Some(#call))
        }
        None => quote!(None),
    };
    quote! {
        pub(super) const #constant: Operation = Operation {
            endpoint: &api::#constant,
            group: #group_name,
            method: #method,
            parameters: &[#(#parameters),*],
            request: #request,
            responses: &[#(#responses),*],
            response: #response,
            call: #call,
            items: #items,
        };
    }
}

/// The function that fills the typed builder and then does what `end` says with the `request`.
fn call(operation: &Operation, builder: &RustName, style: &Style, end: &TokenStream) -> TokenStream {
    let builder_ident = ident(builder);
    let mut given = TokenStream::new();
    for param in operation.params.iter().filter(|param| param.required && param.constant.is_none()) {
        let (location, name, ty) = (location(param), &param.wire.0, style.ty(&param.ty));
        given.extend(quote!(, arguments.needed::<#ty>(#location, #name)?));
    }
    if let Some(Body::Json(ty)) = &operation.body {
        let ty = style.ty(ty);
        given.extend(quote!(, arguments.body::<#ty>()?));
    }
    let mut sets = TokenStream::new();
    for (param, setter) in setter_names(operation) {
        let (location, name, ty, setter) = (location(param), &param.wire.0, style.ty(&param.ty), ident(&setter));
        sets.extend(quote! {
            if let Some(value) = arguments.optional::<#ty>(#location, #name)? {
                request = request.#setter(value);
            }
        });
    }
    if let Some(Body::Multipart(fields)) = &operation.body {
        let files = fields.iter().filter(|field| field.ty == Ty::Bytes).map(|field| &field.wire.0);
        sets.extend(quote!(request = request.form(arguments.form(&[#(#files),*])?);));
    }
    let mutable = (!sets.is_empty()).then(|| ident_text("mut"));
    let arguments = if given.is_empty() && sets.is_empty() { quote!(_) } else { quote!(mut arguments) };
    quote! {
        |client, #arguments| {
            let #mutable request = api::#builder_ident::new(client #given);
            #sets
            Ok(#end)
        }
    }
}

fn location(param: &Param) -> &'static str {
    match param.location {
        Location::Path => "path",
        Location::Header => "header",
        _ => "query",
    }
}

fn some_type(ty: &Ty, style: &Style) -> TokenStream {
    let entry = type_entry(ty, style);
    quote!(Some(#entry))
}

fn type_entry(ty: &Ty, style: &Style) -> TokenStream {
    let (tokens, name) = (style.ty(ty), type_name(ty, style));
    quote!(TypeEntry::of::<#tokens>(#name))
}

/// A type as people write it: without the modules.
fn type_name(ty: &Ty, style: &Style) -> String {
    let text = style.ty(ty).to_string().replace(' ', "");
    ["types::", "intercom_runtime::data::", "intercom_runtime::", "::std::collections::"]
        .iter()
        .fold(text, |text, prefix| text.replace(prefix, ""))
}
