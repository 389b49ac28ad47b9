//! Emits shorthands: methods that create an operation's request with a part of its body filled in. Each has its own operation type, so that
//! its requests have no setters for the fields that are arguments.
//!
//! ```text
//! pub fn close(&self, conversation_id: impl Into<Id>, admin_id: impl Into<Id>) -> Request<Close> { … }
//!
//! pub enum Close {}
//! impl Operation for Close { type Body = types::CloseConversationRequest; fn endpoint(…) { Manage::endpoint(…) } … }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arguments::Arguments;
use super::example::ExampleContext;
use super::request::{RequestBody, RequestModel};
use crate::doc_comments;
use crate::emit::rust::{Imports, doc, ident};
use crate::ir::{
    ArgumentTarget, Field, Operation, RustName, Shorthand, Ty, TypeId, TypeKind, TypeTable, WireName, dotted,
};

impl<'a> RequestModel<'a> {
    /// The method of a shorthand.
    pub(super) fn shorthand_method(
        &self,
        shorthand: &'a Shorthand,
        imports: &Imports<'_>,
        context: &ExampleContext<'a>,
    ) -> TokenStream {
        let (method, operation) = (ident(&shorthand.method), ident(&shorthand.type_name));
        let arguments = self.shorthand_arguments(shorthand, context.types);
        let accepts = arguments.parameters(imports, &TokenStream::new());
        let destructured = arguments.destructured();
        let request = ident(&RustName(if arguments.has("request") { "made" } else { "request" }.to_owned()));
        let sets: TokenStream = arguments.all.iter().map(|argument| argument.put(&request, imports)).collect();
        let fields = arguments.all.iter().filter(|argument| matches!(argument.target, ArgumentTarget::Field(_)));
        let names: Vec<Ident> = fields.map(|argument| argument.name.clone()).collect();
        let body = Body { types: context.types, shorthand, imports }.made(shorthand.body, &[], &names);
        let made = if sets.is_empty() {
            quote!(Request::new(self.client, #body))
        } else {
            quote!(let mut #request = Request::new(self.client, #body); #sets #request)
        };
        let about = doc(&self.shorthand_doc(shorthand, &arguments.section(), context));
        let deprecated = self
            .operation
            .deprecated
            .then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"]));
        quote! {
            #about
            #deprecated
            pub fn #method(&self, #accepts) -> Request<#operation> {
                #destructured
                #made
            }
        }
    }

    /// The arguments of a shorthand: the required parameters of its operation, then the fields that it takes.
    pub(super) fn shorthand_arguments(&self, shorthand: &'a Shorthand, types: &'a TypeTable) -> Arguments<'a> {
        let operation: &'a Operation = self.operation;
        let all = shorthand.arguments(operation, types).into_iter().map(|(name, target)| (name, target, false));
        Arguments::new(all, shorthand.ids_type.as_ref(), types)
    }

    /// The type of a shorthand, and the setters of its requests.
    pub(super) fn shorthand_definition(
        &self,
        shorthand: &'a Shorthand,
        types: &'a TypeTable,
        imports: &Imports<'_>,
    ) -> TokenStream {
        let (name, operation) = (ident(&shorthand.type_name), ident(&self.operation.type_name));
        let body = imports.named(shorthand.body);
        let ids = self.shorthand_arguments(shorthand, types).definition(&self.method_link(&shorthand.method), imports);
        let setters = self.setters(imports);
        let about = self.type_attributes(&shorthand.method, !setters.is_empty());
        let setters = (!setters.is_empty()).then(|| quote!(impl Setters<#name> { #setters }));
        let (endpoint_type, trait_name, emitted) =
            (imports.library("Endpoint"), imports.library("Operation"), imports.library("Emitted"));
        quote! {
            #ids

            #about
            pub enum #name {}

            impl #trait_name for #name {
                type Body = #body;
                type Response = <#operation as #trait_name>::Response;
                const HEADERS: &'static [(&'static str, &'static str)] = <#operation as #trait_name>::HEADERS;

                #[inline]
                fn endpoint(emitted: #emitted) -> &'static #endpoint_type {
                    <#operation as #trait_name>::endpoint(emitted)
                }
            }

            #setters
        }
    }

    /// The documentation of the method; `section` is that of its arguments.
    fn shorthand_doc(&self, shorthand: &'a Shorthand, section: &str, context: &ExampleContext<'a>) -> String {
        let filled: Vec<String> =
            shorthand.sets.iter().map(|(path, value)| format!("`{}` is `{value}`", dotted(path))).collect();
        let opening = format!(
            "`{} {}`: [`{2}`](Self::{2}){3}{4}.",
            self.operation.http_method,
            self.operation.path,
            self.operation.method.bare(),
            if filled.is_empty() { "" } else { ", where " },
            filled.join(" and ")
        );
        let example = self.shorthand_example(shorthand, context).unwrap_or_default();
        doc_comments::of_method(&opening, &shorthand.doc, &[], &format!("{section}{example}"))
    }
}

/// Writes the expression for the body of a shorthand.
struct Body<'a> {
    types: &'a TypeTable,
    shorthand: &'a Shorthand,
    imports: &'a Imports<'a>,
}

impl Body<'_> {
    /// The expression for a struct: the body itself, or the struct at the path `at` inside the body. `arguments` are the names of the
    /// arguments that the body takes, in the order of `Shorthand::takes`.
    fn made(&self, id: TypeId, at: &[WireName], arguments: &[Ident]) -> TokenStream {
        let TypeKind::Struct(structure) = &self.types[id].kind else { return TokenStream::new() };
        let ty = self.imports.named(id);
        let required = structure.constructor_fields().filter_map(|field| self.value(field, at, arguments));
        let made = quote!(#ty::new(#(#required),*));
        let optional = structure.optional_fields().filter_map(|field| {
            let (setter, value) = (ident(&field.ident), self.value(field, at, arguments)?);
            Some(quote!(.#setter(#value)))
        });
        quote!(#made #(#optional)*)
    }

    /// The expression for the value of a field; `None` if the shorthand neither fills in nor takes the field or a part of it.
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
        let (def, _) = self.types.struct_of(&field.ty).filter(|_| inside)?;
        Some(self.made(def.id, &path, arguments))
    }

    /// The expression for a value that the shorthand fills in: a boolean, a variant of a string enum, or a string.
    fn literal(&self, ty: &Ty, value: &str) -> TokenStream {
        if *self.types.resolve(ty) == Ty::Bool {
            return if value == "true" { quote!(true) } else { quote!(false) };
        }
        match self.types.definition(ty).map(|def| (def.id, &def.kind)) {
            Some((id, TypeKind::TextEnum(variants))) => {
                let name = self.imports.named(id);
                let variant =
                    variants.iter().find(|variant| variant.wire.0 == value).map(|variant| ident(&variant.name));
                quote!(#name::#variant)
            }
            _ => quote!(#value),
        }
    }
}

/// The request of a shorthand, from the request of its operation. `None` if the body is not a struct, which lowering prevents.
pub(super) fn request<'a>(
    request: &RequestModel<'a>,
    types: &'a TypeTable,
    shorthand: &'a Shorthand,
) -> Option<RequestModel<'a>> {
    let TypeKind::Struct(structure) = &types[shorthand.body].kind else { return None };
    Some(request.for_shorthand(RequestBody::Object(shorthand.body, structure), shorthand))
}
