//! Emits the aliases of operations: methods that call the method with the operation's main name.
//!
//! ```text
//! /// Another name for [`list`](Self::list).
//! pub fn list_brands(&self) -> Request<List> { self.list() }
//!
//! #[doc(hidden)]
//! pub type ListBrands = List;
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::request::RequestModel;
use crate::emit::rust::{Imports, doc, ident};
use crate::ir::{Alias, Api, Group, Operation};

/// The alias methods of a group.
pub(super) fn methods(api: &Api, group: &Group, imports: &Imports<'_>) -> TokenStream {
    let handle = ident(&group.handle);
    let methods: TokenStream = api
        .aliases_in(group)
        .map(|(owner, operation, alias)| method(api, group, owner, operation, alias, imports))
        .collect();
    if methods.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[doc = " # Aliases"]
        #[doc = ""]
        #[doc = " Other names of operations, such as those that Intercom's official SDKs use."]
        impl #handle<'_> {
            #methods
        }
    }
}

/// Type aliases for the aliases of operations. If the main name of an operation changes and the old one becomes an alias, code that names
/// the operation's type by the old name still compiles.
pub(super) fn types(api: &Api, group: &Group) -> TokenStream {
    let types = api.aliases_in(group).map(|(owner, operation, alias)| {
        let (name, target) = (ident(&alias.type_name), target(group, owner, operation));
        let about = doc(&format!(" Another name for [`{target}`].", target = plain(&target)));
        quote!(#about #[doc(hidden)] pub type #name = #target;)
    });
    types.collect()
}

fn method(
    api: &Api,
    group: &Group,
    owner: &Group,
    operation: &Operation,
    alias: &Alias,
    imports: &Imports<'_>,
) -> TokenStream {
    let request = RequestModel::new(api, owner, operation);
    let arguments = request.arguments(&api.types);
    let passed = arguments.passed();
    let (name, method) = (ident(&alias.method), ident(&operation.method));
    let target = target(group, owner, operation);
    let (link, handle) = if group.name == owner.name {
        (format!("[`{0}`](Self::{0})", operation.method.bare()), quote!(self))
    } else {
        let (module, handle) = (ident(&owner.ident), ident(&owner.handle));
        let path = format!("crate::api::{}::{}::{}", owner.ident.bare(), owner.handle.bare(), operation.method.bare());
        let link = format!("[`{}().{}`]({path})", owner.ident.bare(), operation.method.bare());
        (link, quote!(super::#module::#handle { client: self.client }))
    };
    let accepts = arguments.parameters(imports, &module(group, owner));
    let about = doc(&format!(" Another name for {link}."));
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"] #[allow(deprecated)]));
    quote! {
        #about
        #deprecated
        pub fn #name(&self, #accepts) -> Request<#target> {
            #handle.#method(#passed)
        }
    }
}

/// The path of an operation's type, seen from the module of a group.
fn target(group: &Group, owner: &Group, operation: &Operation) -> TokenStream {
    let (module, name) = (module(group, owner), ident(&operation.type_name));
    quote!(#module #name)
}

/// The path from the module of a group to that of the group `owner`, with the colons that follow; empty if both are the same group.
fn module(group: &Group, owner: &Group) -> TokenStream {
    let name = ident(&owner.ident);
    if group.name == owner.name { TokenStream::new() } else { quote!(super::#name::) }
}

/// A path as text.
fn plain(path: &TokenStream) -> String {
    path.to_string().replace(' ', "")
}
