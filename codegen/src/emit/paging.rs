//! What an operation that pages has beside the others: how it pages, and what its pages hold.
//!
//! ```text
//! paging: Some(&Paging { style: PagingStyle::Cursor, cursor: "starting_after", … }),
//! impl Paged for List { type Item = types::Contact; }              // items, pages, page, per_page, starting_at
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{Style, ident, ident_text};
use crate::ir::{Operation, Paging, RustName};
use crate::names;

/// The method that stands in for the setter of a parameter or body field, so that there is one way to say it.
pub(super) fn stand_in(operation: &Operation, wire: &str, in_body: bool) -> Option<RustName> {
    let paging = operation.paging.as_ref().filter(|paging| paging.in_body == in_body)?;
    if paging.per_page.as_deref() == Some(wire) {
        return Some(RustName("per_page".to_owned()));
    }
    // A setter called `page` would be taken for the method that asks for one page.
    (paging.cursor == wire && wire == "page").then(|| RustName("starting_at".to_owned()))
}

/// What the pages hold.
pub(super) fn paged(operation: &RustName, paging: &Paging, style: &Style<'_>) -> TokenStream {
    let (operation, item, trait_name) = (ident(operation), style.ty(&paging.item), style.rt("Paged"));
    quote! {
        impl #trait_name for #operation {
            type Item = #item;
        }
    }
}

/// The facts for the runtime.
pub(super) fn table(paging: &Paging, style: &Style<'_>) -> TokenStream {
    let (some, none) = (style.std("Some"), style.std("None"));
    let option = |text: &Option<String>| text.as_ref().map_or_else(|| none.clone(), |text| quote!(#some(#text)));
    let kind = ident(&names::camel(&paging.style));
    let location = ident_text(if paging.in_body { "Body" } else { "Query" });
    let max = paging.max_per_page.map_or_else(|| none.clone(), |max| quote!(#some(#max)));
    let (per_page, last) = (option(&paging.per_page), option(&paging.last));
    let (more, total) = (option(&paging.more), option(&paging.total));
    let (cursor, next, items) = (&paging.cursor, &paging.next, &paging.items);
    quote! {
        intercom_runtime::paging::Paging {
            style: intercom_runtime::paging::PagingStyle::#kind,
            location: intercom_runtime::paging::Location::#location,
            cursor: #cursor,
            per_page: #per_page,
            max_per_page: #max,
            items: &[#(#items),*],
            next: #next,
            last: #last,
            more: #more,
            total: #total,
        }
    }
}
