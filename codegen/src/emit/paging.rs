//! Emits what operations with pagination have in addition: the pagination in the `Endpoint`, and the impl of `Paged`. It also decides which
//! setters are left out, because a method of all paged requests replaces them.
//!
//! ```text
//! .paging(&Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"]).next("pages.next"))
//! impl Paged for List { type Item = types::Contact; }              // items, pages, page, per_page, starting_at
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{Imports, ident, ident_text};
use crate::ir::{Field, Operation, Paging, Param, RustName};
use crate::names::{self, reserved::NameKind};

/// The method of all paged requests that replaces the setter of a query parameter: `per_page` or `starting_at`; `None` if there is none
/// for the parameter.
pub(super) fn paged_method_for_parameter(operation: &Operation, wire: &str) -> Option<RustName> {
    paged_method(operation, wire, false)
}

/// The optional parameters that have a setter: those that no method of all paged requests replaces.
pub(crate) fn params_with_setter(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.optional_params().filter(|param| paged_method(operation, &param.wire.0, false).is_none())
}

/// Whether a field of the body has a setter: it is optional, and no method of all paged requests replaces the setter.
pub(crate) fn has_setter(operation: &Operation, field: &Field) -> bool {
    field.is_optional() && paged_method(operation, &field.wire.0, true).is_none()
}

fn paged_method(operation: &Operation, wire: &str, in_body: bool) -> Option<RustName> {
    let paging = operation.paging.as_ref().filter(|paging| paging.in_body == in_body)?;
    if paging.per_page.as_deref() == Some(wire) {
        return Some(RustName("per_page".to_owned()));
    }
    // A setter `page` would be confused with the method `page`, which fetches one page.
    (paging.position == wire && wire == "page").then(|| RustName("starting_at".to_owned()))
}

/// The name of the method that sets an optional parameter or an optional field of the body; `field` is its name in Rust. The two differ if
/// that name is reserved for a method of requests (see `NameKind::Setter` and `PagedSetter`), or if `per_page` or `starting_at`
/// replaces the setter.
pub(crate) fn setter_name(operation: &Operation, wire: &str, field: &RustName, in_body: bool) -> RustName {
    let reserved = || setter_kind(operation).instead_of(&field.0).map(RustName);
    paged_method(operation, wire, in_body).or_else(reserved).unwrap_or_else(|| field.clone())
}

/// The kind of name of an operation's setters, which decides what names are reserved.
pub(super) fn setter_kind(operation: &Operation) -> NameKind {
    if operation.paging.is_some() { NameKind::PagedSetter } else { NameKind::Setter }
}

/// The impl of `Paged`, with the type of the items.
pub(super) fn paged(operation: &RustName, paging: &Paging, imports: &Imports<'_>) -> TokenStream {
    let (operation, item, trait_name) = (ident(operation), imports.ty(&paging.item), imports.library("Paged"));
    quote! {
        impl #trait_name for #operation {
            type Item = #item;
        }
    }
}

/// The expression for the runtime's `Paging`.
pub(super) fn expression(paging: &Paging) -> TokenStream {
    let kind = ident(&names::camel(&paging.style));
    let location = ident_text(if paging.in_body { "Body" } else { "Query" });
    let (position, items) = (&paging.position, &paging.items);
    let max = paging.max_per_page.map(|most| quote!(.max_per_page(#most)));
    let places = [
        ("per_page", paging.per_page.as_ref()),
        ("next", Some(&paging.next).filter(|next| !next.is_empty())),
        ("last", paging.last.as_ref()),
        ("more", paging.more.as_ref()),
        ("total", paging.total.as_ref()),
    ];
    let places = places.into_iter().filter_map(|(setter, place)| {
        let (setter, place) = (ident_text(setter), place?);
        Some(quote!(.#setter(#place)))
    });
    quote! {
        intercom_runtime::paging::Paging::new(
            intercom_runtime::paging::PagingStyle::#kind,
            intercom_runtime::paging::Location::#location,
            #position,
            &[#(#items),*],
        )
        #max #(#places)*
    }
}
