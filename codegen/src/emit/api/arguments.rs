//! The arguments of the method that makes a request: what an operation cannot do without.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::request::{Request, RequestBody};
use crate::emit::rust::{Style, ident};
use crate::emit::types::constructor_fields;
use crate::ir::{Field, Param, RustName, Ty};
use crate::names::Scope;

/// An argument.
pub(super) struct Argument<'a> {
    pub(super) name: Ident,
    pub(super) of: Given<'a>,
}

/// What an argument gives.
pub(super) enum Given<'a> {
    /// A parameter of the path, the query or the headers.
    Param(&'a Param),
    /// The query of a search.
    Query(&'a Field),
    /// A field of the body.
    Field(&'a Field),
    /// The body as a whole.
    Body(&'a Ty),
}

impl<'a> Request<'a> {
    /// The arguments in their order: parameters first, then what the body requires.
    pub(super) fn arguments(&self) -> Vec<Argument<'a>> {
        let mut given: Vec<Given<'a>> = self.given().map(Given::Param).collect();
        match &self.body {
            RequestBody::Object(_, structure) => {
                given.extend(constructor_fields(structure).map(|field| {
                    if self.query_of(field).is_some() { Given::Query(field) } else { Given::Field(field) }
                }))
            }
            RequestBody::Whole(ty) => given.push(Given::Body(ty)),
            RequestBody::None | RequestBody::Form(_) => {}
        }
        // A body field that has the name of a parameter gets another one.
        let mut scope = Scope::default();
        let name = |of| {
            let name = match &of {
                Given::Param(param) => param.ident.clone(),
                Given::Query(_) => RustName("query".to_owned()),
                Given::Field(field) => field.ident.clone(),
                Given::Body(_) => RustName("body".to_owned()),
            };
            Argument { name: ident(&scope.claim(name)), of }
        };
        given.into_iter().map(name).collect()
    }
}

impl Argument<'_> {
    /// The parameter of the method, after a comma.
    pub(super) fn parameter(&self, style: &Style<'_>) -> TokenStream {
        let name = &self.name;
        let accepts = match &self.of {
            Given::Query(_) => {
                let into = style.std("Into");
                quote!(impl #into<intercom_runtime::search::Query>)
            }
            Given::Param(param) => style.argument(name, &param.ty).0,
            Given::Field(field) => style.argument(name, &field.ty).0,
            Given::Body(ty) => style.argument(name, ty).0,
        };
        quote!(, #name: #accepts)
    }
}
