//! Emits the method `into_items` of types that are list responses.
//!
//! ```text
//! impl intercom_data::IntoItems for AdminList { type Item = Admin; fn into_items(self) -> Vec<Admin> { … } }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::rust::{Imports, ident};
use crate::ir::{Field, Presence, Struct, Ty, TypeDef};

/// The keys that a list response may have besides its items, such as its type, counts and pagination.
const LIST_KEYS: &[&str] = &[
    "type",
    "pages",
    "page",
    "per_page",
    "total_pages",
    "total_count",
    "has_more",
    "next_cursor",
    "scroll_param",
    "url",
];

/// The impl of `IntoItems`; `None` if the type is not a list response.
pub(super) fn into_items(def: &TypeDef, structure: &Struct, imports: &Imports<'_>) -> Option<TokenStream> {
    let (field, item) = items(structure, imports)?;
    let (name, list) = (ident(&def.name), ident(&field.ident));
    let (nullable, item) = match item {
        Ty::Nullable(item) => (true, &**item),
        item => (false, item),
    };
    let (vec, item) = (imports.std("Vec"), imports.ty(item));
    let list = match field.presence {
        Presence::Always => quote!(self.#list),
        _ => quote!(self.#list.unwrap_or_default()),
    };
    let list = if nullable { quote!(#list.into_iter().flatten().collect()) } else { list };
    Some(quote! {
        impl intercom_data::IntoItems for #name {
            type Item = #item;

            #[inline]
            fn into_items(self) -> #vec<#item> {
                #list
            }
        }
    })
}

/// The field with the items, and the type of an item: a list of structs, enums or unions. `None` if there is no such field, or if any
/// other field is not one of [`LIST_KEYS`].
fn items<'t>(structure: &'t Struct, imports: &'t Imports<'_>) -> Option<(&'t Field, &'t Ty)> {
    let mut found = None;
    for field in &structure.fields {
        match imports.resolve(&field.ty) {
            Ty::List(item) if found.is_none() && is_named(item, imports) => found = Some((field, &**item)),
            _ if LIST_KEYS.contains(&field.wire.0.as_str()) => {}
            _ => return None,
        }
    }
    found
}

fn is_named(ty: &Ty, imports: &Imports<'_>) -> bool {
    match imports.resolve(ty) {
        Ty::Nullable(inner) | Ty::Boxed(inner) => is_named(inner, imports),
        Ty::Named(_) => true,
        _ => false,
    }
}
