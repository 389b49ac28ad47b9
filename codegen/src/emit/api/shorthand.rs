//! Shorthands: methods that send an operation's request with a part of its body filled in, each with a type of its own, so that
//! its requests have the setters that are left.
//!
//! ```text
//! pub fn close(&self, conversation_id: impl Into<Id>, admin_id: impl Into<Id>) -> Request<Close> { … }
//!
//! pub enum Close {}
//! impl Operation for Close { type Body = types::CloseConversationRequest; const ENDPOINT = Manage::ENDPOINT; … }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::request::{Request, RequestBody, converted, set_param};
use super::usage::ExampleContext;
use crate::docs;
use crate::emit::rust::{Style, doc, ident};
use crate::emit::types::constructor_fields;
use crate::ir::{Field, Shorthand, Struct, Ty, TypeId, TypeKind, TypeTable, WireName};
use crate::names::Scope;

impl Request<'_> {
    /// The method of a shorthand.
    pub(super) fn shorthand_method(
        &self,
        shorthand: &Shorthand,
        style: &Style<'_>,
        context: &ExampleContext<'_>,
    ) -> TokenStream {
        let (method, operation) = (ident(&shorthand.method), ident(&shorthand.type_name));
        let mut scope = Scope::default();
        let params: Vec<_> = self.given().map(|param| (param, ident(&scope.claim(param.ident.clone())))).collect();
        let (mut accepts, mut sets) = (TokenStream::new(), TokenStream::new());
        for (param, name) in &params {
            let (accept, convert) = style.argument(name, &param.ty);
            accepts.extend(quote!(, #name: #accept));
            sets.extend(converted(name, &param.ty, &convert, style));
            sets.extend(set_param(param, name, &quote!(request.call)));
        }
        let body = Body { types: context.types, shorthand, style };
        let names: Vec<Ident> = shorthand.takes.iter().map(|(name, _)| ident(&scope.claim(name.clone()))).collect();
        for (name, (_, path)) in names.iter().zip(&shorthand.takes) {
            let ty = field_at(context.types, shorthand.body, path).map(|field| &field.ty);
            let accept = ty.map(|ty| style.argument(name, ty).0);
            accepts.extend(quote!(, #name: #accept));
        }
        let body = body.made(shorthand.body, &[], &names);
        let made = if sets.is_empty() {
            quote!(Request::new(self.client, #body))
        } else {
            quote!(let mut request = Request::new(self.client, #body); #sets request)
        };
        let about = doc(&self.shorthand_doc(shorthand, context));
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the description marks it so"]));
        quote! {
            #about
            #deprecated
            pub fn #method(&self #accepts) -> Request<#operation> {
                #made
            }
        }
    }

    /// The type of a shorthand, and the setters of its requests.
    pub(super) fn shorthand_definition(&self, shorthand: &Shorthand, style: &Style<'_>) -> TokenStream {
        let (name, operation) = (ident(&shorthand.type_name), ident(&self.operation.type_name));
        let about = doc(&format!(
            " `{} {}`, the operation of [`{}::{}`]. Its requests have the setters of this page, and the methods of all [requests](Request).",
            self.operation.http,
            self.operation.path,
            self.handle.bare(),
            shorthand.method.bare()
        ));
        let body = style.named(shorthand.body);
        let setters = self.setters(style);
        let setters = (!setters.is_empty()).then(|| quote!(impl Setters<#name> { #setters }));
        let (endpoint_type, trait_name, emitted) = (style.rt("Endpoint"), style.rt("Operation"), style.rt("Emitted"));
        quote! {
            #about
            pub enum #name {}

            impl #trait_name for #name {
                type Body = #body;
                type Response = <#operation as #trait_name>::Response;
                const EMITTED: #emitted = #emitted;
                const ENDPOINT: &'static #endpoint_type = <#operation as #trait_name>::ENDPOINT;
                const HEADERS: &'static [(&'static str, &'static str)] = <#operation as #trait_name>::HEADERS;
            }

            #setters
        }
    }

    fn shorthand_doc(&self, shorthand: &Shorthand, context: &ExampleContext<'_>) -> String {
        let filled: Vec<String> =
            shorthand.sets.iter().map(|(path, value)| format!("`{}` is `{value}`", dotted(path))).collect();
        let opening = format!(
            "`{} {}`: [`{2}`](Self::{2}){3}{4}.",
            self.operation.http,
            self.operation.path,
            self.operation.method.bare(),
            if filled.is_empty() { "" } else { ", where " },
            filled.join(" and ")
        );
        let example = self.shorthand_usage(shorthand, context).unwrap_or_default();
        docs::of_shorthand(&opening, &shorthand.doc, &example)
    }
}

/// A field of a body, or inside of one.
pub(super) fn field_at<'t>(types: &'t TypeTable, body: TypeId, path: &[WireName]) -> Option<&'t Field> {
    let TypeKind::Struct(structure) = &types[body].kind else { return None };
    let (first, rest) = path.split_first()?;
    let field = structure.fields.iter().find(|field| field.wire == *first)?;
    match rest {
        [] => Some(field),
        rest => field_at(types, types.object(&field.ty)?.0.id, rest),
    }
}

fn dotted(path: &[WireName]) -> String {
    path.iter().map(|name| name.0.as_str()).collect::<Vec<_>>().join(".")
}

/// What makes the body of a shorthand.
struct Body<'a> {
    types: &'a TypeTable,
    shorthand: &'a Shorthand,
    style: &'a Style<'a>,
}

impl Body<'_> {
    /// A struct, or one inside of it at a path, of the arguments and the values that are filled in.
    fn made(&self, id: TypeId, at: &[WireName], arguments: &[Ident]) -> TokenStream {
        let TypeKind::Struct(structure) = &self.types[id].kind else { return TokenStream::new() };
        let ty = self.style.named(id);
        let required = constructor_fields(structure).filter_map(|field| self.value(field, at, arguments));
        let made = quote!(#ty::new(#(#required),*));
        let optional = optional(structure).filter_map(|field| {
            let (setter, value) = (ident(&field.ident), self.value(field, at, arguments)?);
            Some(quote!(.#setter(#value)))
        });
        quote!(#made #(#optional)*)
    }

    /// What a field is given, if it is.
    fn value(&self, field: &Field, at: &[WireName], arguments: &[Ident]) -> Option<TokenStream> {
        let path = [at, std::slice::from_ref(&field.wire)].concat();
        if let Some(index) = self.shorthand.takes.iter().position(|(_, to)| *to == path) {
            let name = arguments.get(index)?;
            return Some(quote!(#name));
        }
        if let Some((_, value)) = self.shorthand.sets.iter().find(|(to, _)| *to == path) {
            return Some(self.literal(&field.ty, value));
        }
        let sets = self.shorthand.sets.iter().map(|(to, _)| to);
        let inside = sets.chain(self.shorthand.takes.iter().map(|(_, to)| to)).any(|to| to.starts_with(&path));
        let (def, _) = self.types.object(&field.ty).filter(|_| inside)?;
        Some(self.made(def.id, &path, arguments))
    }

    fn literal(&self, ty: &Ty, value: &str) -> TokenStream {
        if *self.types.resolve(ty) == Ty::Bool {
            return if value == "true" { quote!(true) } else { quote!(false) };
        }
        match self.types.definition(ty).map(|def| (def.id, &def.kind)) {
            Some((id, TypeKind::TextEnum(variants))) => {
                let name = self.style.named(id);
                let variant =
                    variants.iter().find(|variant| variant.wire.0 == value).map(|variant| ident(&variant.name));
                quote!(#name::#variant)
            }
            _ => quote!(#value),
        }
    }
}

fn optional(structure: &Struct) -> impl Iterator<Item = &Field> {
    structure.fields.iter().filter(|field| field.constant.is_none() && !field.required)
}

/// A request of a shorthand: that of the operation with another body.
pub(super) fn request<'a>(
    request: &Request<'a>,
    types: &'a TypeTable,
    shorthand: &'a Shorthand,
) -> Option<Request<'a>> {
    let TypeKind::Struct(structure) = &types[shorthand.body].kind else { return None };
    Some(request.with_body(RequestBody::Object(shorthand.body, structure), shorthand))
}
