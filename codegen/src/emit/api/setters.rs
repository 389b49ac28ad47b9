//! Emits the setters of a request: for optional parameters, and for optional fields or parts of the body.

use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::added_part;
use super::request::{RequestBody, RequestModel, converted, set_param};
use crate::doc_comments;
use crate::emit::paging;
use crate::emit::rust::{Imports, doc, ident, ident_text};
use crate::emit::types::setter;
use crate::ir::{Field, Struct, Ty};
use crate::names::Scope;

impl RequestModel<'_> {
    /// The setters of the request: of its optional parameters, and of the
    /// [`fields_with_setter`](Self::fields_with_setter) of an object or the optional parts of a form.
    pub(super) fn setters(&self, imports: &Imports<'_>) -> TokenStream {
        let mut scope = Scope::of(paging::setter_kind(self.operation));
        let mut setters = TokenStream::new();
        for param in paging::params_with_setter(self.operation) {
            let name = ident(&scope.claim(param.ident.clone()));
            let deprecated =
                param.deprecated.then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"]));
            let value = ident_text("value");
            let (accepts, convert) = imports.argument(&value, &param.ty);
            let about = doc(&doc_comments::of_param(&format!("The parameter `{}`.", param.wire.0), param));
            let convert = converted(&value, &param.ty, &convert, imports);
            let set = set_param(param, &value, &quote!(self.call));
            setters.extend(quote! {
                #about
                #deprecated
                pub fn #name(mut self, value: #accepts) -> Self {
                    #convert
                    #set
                    self
                }
            });
        }
        match &self.body {
            RequestBody::Object(_, structure) => {
                for (index, field) in self.fields_with_setter(structure) {
                    setters.extend(setter(index, field, &mut scope, imports, &quote!(self.body)));
                }
            }
            RequestBody::Form(fields) => {
                let optional = fields.iter().filter(|field| !field.required);
                setters.extend(optional.map(|field| form_setter(field, &mut scope, imports)))
            }
            RequestBody::None | RequestBody::Whole(_) => {}
        }
        setters
    }

    /// The fields of the body that have a setter, with their numbers. Fields whose setter is replaced by `per_page` or
    /// `starting_at`, and those that a shorthand takes as arguments, have none.
    pub(super) fn fields_with_setter<'s>(&self, structure: &'s Struct) -> impl Iterator<Item = (usize, &'s Field)> {
        let has_setter = |field: &Field| paging::has_setter(self.operation, field) && !self.is_taken(field);
        structure.fields.iter().enumerate().filter(move |(_, field)| has_setter(field))
    }
}

/// The setter of a part of a form.
fn form_setter(field: &Field, scope: &mut Scope, imports: &Imports<'_>) -> TokenStream {
    let name = ident(&scope.claim(field.ident.clone()));
    let about = doc(&doc_comments::of_field(&format!("The part `{}`.", field.wire.0), field));
    let value = ident_text(if field.ty == Ty::Bytes { "part" } else { "value" });
    let accepts = if field.ty == Ty::Bytes { imports.library("Part") } else { imports.argument(&value, &field.ty).0 };
    let (converted, added) = added_part(field, &value, imports);
    quote! {
        #about
        pub fn #name(mut self, #value: #accepts) -> Self {
            #converted
            self.body = self.body #added;
            self
        }
    }
}
