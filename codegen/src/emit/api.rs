//! Emits `src/api.rs` and a file for each group: its handle, its aliases, and a type for each operation and each shorthand.
//!
//! ```text
//! intercom_runtime::request!();                    // pub struct Request<O>: send, send_as, with_options, items, IntoFuture …
//!
//! pub struct Contacts<'a> { client: &'a Client }
//! impl Contacts<'_> { pub fn update(&self, contact_id: impl Into<Id>) -> Request<Update> { … } }
//!
//! pub enum Update {}
//! impl Operation for Update { type Body = types::UpdateContactRequest; type Response = Json<types::Contact>; fn endpoint … }
//! impl Setters<Update> { pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }    // `Setters<O>` is `Request<O>`
//! ```

mod alias;
mod arguments;
mod definition;
mod example;
mod request;
mod setters;
mod shorthand;

use proc_macro2::TokenStream;
use quote::quote;

use super::Crate;
use super::file::File;
use super::rust::{Imports, doc, ident};
use crate::doc_comments;
use crate::ir::Group;
use request::RequestModel;

/// `api.rs` and the modules below it.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    let api = krate.api;
    let modules = api.groups.iter().map(|group| {
        let (name, feature) = (ident(&group.ident), &group.name);
        let about = doc(&format!(" The operations of [`Client::{0}`](crate::Client::{0}).", group.ident.bare()));
        quote!(#about #[cfg(feature = #feature)] pub mod #name;)
    });
    let index = quote! {
        #![doc = " A module for each group of operations: its handle, and a type for each operation and shorthand."]
        #(#modules)*
        intercom_runtime::request!();

        #[doc = " The type on which the setters of an operation are implemented: the operation's `Request`."]
        #[cfg(not(doc))]
        #[allow(dead_code)]
        type Setters<O> = Request<O>;
        #[doc = " The type on which the setters of an operation are implemented: in the documentation, the operation itself, because the page of `Request` would list the setters of all operations."]
        #[cfg(doc)]
        #[allow(dead_code)]
        type Setters<O> = O;
    };
    let groups = api
        .groups
        .iter()
        .map(|group| File::rust(format!("src/api/{}.rs", group.name), "/paths", emit_group(krate, group)));
    std::iter::once(File::rust("src/api.rs", "/paths", index)).chain(groups).collect()
}

fn emit_group(krate: &Crate<'_>, group: &Group) -> TokenStream {
    let api = krate.api;
    let crate_path = krate.info.crate_name.replace('-', "_");
    let context = example::ExampleContext { types: &api.types, group, crate_path: &crate_path };
    let names = group.operations.iter().flat_map(|operation| {
        let shorthands = operation.shorthands.iter();
        let shorthands = shorthands.flat_map(|shorthand| [Some(&shorthand.type_name), shorthand.ids_type.as_ref()]);
        [Some(&operation.type_name), operation.ids_type.as_ref()].into_iter().chain(shorthands).flatten()
    });
    let aliases = api.aliases_in(group).map(|(_, _, alias)| &alias.type_name);
    let imports = Imports::new(&api.types, false, names.chain(aliases).chain([&group.handle]));
    let handle_ident = ident(&group.handle);
    let requests: Vec<RequestModel<'_>> =
        group.operations.iter().map(|operation| RequestModel::new(api, group, operation)).collect();
    let method = |request: &RequestModel<'_>| {
        request.method(&api.types, &imports, &request.operation_example(&context).unwrap_or_default())
    };
    let methods: TokenStream = requests.iter().map(method).collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl #handle_ident<'_> { #methods }));
    let shorthands: Vec<_> = requests
        .iter()
        .flat_map(|request| request.operation.shorthands.iter().map(move |shorthand| (request, shorthand)))
        .filter_map(|(request, shorthand)| Some((shorthand::request(request, &api.types, shorthand)?, shorthand)))
        .collect();
    let short_methods: TokenStream =
        shorthands.iter().map(|(request, shorthand)| request.shorthand_method(shorthand, &imports, &context)).collect();
    let short_methods = (!short_methods.is_empty()).then(|| {
        quote! {
            #[doc = " # Shorthands"]
            #[doc = ""]
            #[doc = " Methods for common uses of the operations above. Each creates the request of one of them and fills in a part of the body."]
            impl #handle_ident<'_> { #short_methods }
        }
    });
    let short_definitions: TokenStream = shorthands
        .iter()
        .map(|(request, shorthand)| request.shorthand_definition(shorthand, &api.types, &imports))
        .collect();
    let aliases = alias::methods(api, group, &imports);
    let alias_types = alias::types(api, group);
    let definitions: TokenStream = requests.iter().map(|request| request.definition(&api.types, &imports)).collect();
    let opening = match requests.is_empty() {
        true => format!("Aliases for operations of other groups, in the group `{}`.", group.name),
        false => format!("The operations of the group `{}`.", group.name),
    };
    let about = doc(&doc_comments::of_group(&opening, group));
    let client = imports.library("Client");
    let use_items = imports.use_items();
    let types_import = imports.types_import();
    let has_setters = |tokens: &TokenStream| tokens.to_string().contains("impl Setters");
    let setters_import = (has_setters(&definitions) || has_setters(&short_definitions)).then(|| {
        quote!(
            use super::Setters;
        )
    });
    quote! {
        #use_items

        use super::Request;
        #setters_import
        #types_import

        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #handle_ident<'a> {
            // There is no constructor `new`, because an operation of the group could have this name.
            pub(crate) client: &'a #client,
        }

        #methods

        #short_methods

        #aliases

        #definitions

        #short_definitions

        #alias_types
    }
}
