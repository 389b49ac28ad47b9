//! What an operation's requests are made of, and the method of the handle that makes one.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arguments::added_part;
use crate::docs;
use crate::emit::rust::{Style, doc, ident};
use crate::emit::search;
use crate::ir::{
    Alias, Api, Body, Content, Field, Given, Group, Location, Operation, Param, RustName, Shorthand, Struct, Success,
    Ty, TypeId, TypeTable,
};

/// An operation, and what its requests are made of.
pub(super) struct Request<'a> {
    pub(super) operation: &'a Operation,
    pub(super) handle: &'a RustName,
    pub(super) body: RequestBody<'a>,
    query: Option<search::QueryField<'a>>,
    url: String,
    /// What fills in a part of the body, where this is the request of a shorthand.
    filled: Option<&'a Shorthand>,
}

pub(super) enum RequestBody<'a> {
    /// Nothing.
    None,
    /// An object whose fields become setters.
    Object(TypeId, &'a Struct),
    /// Anything else: given whole.
    Whole(&'a Ty),
    /// A form: its parts.
    Form(&'a [Field]),
}

impl<'a> Request<'a> {
    pub(super) fn new(api: &'a Api, group: &'a Group, operation: &'a Operation) -> Self {
        let body = match &operation.body {
            None => RequestBody::None,
            Some(Body { content: Content::Multipart(fields), .. }) => RequestBody::Form(fields),
            Some(Body { content: Content::Json(ty), .. }) => match api.types.object(ty) {
                Some((def, structure)) => RequestBody::Object(def.id, structure),
                None => RequestBody::Whole(ty),
            },
        };
        let url = docs::reference_url(&api.version, operation).unwrap_or_default();
        let query = match &body {
            RequestBody::Object(_, structure) => search::query_field(api, operation, structure),
            _ => None,
        };
        Self { operation, handle: &group.handle, body, query, url, filled: None }
    }

    /// The same request with another body, a part of which is filled in.
    pub(super) fn with_body(&self, body: RequestBody<'a>, shorthand: &'a Shorthand) -> Self {
        let (operation, handle, url) = (self.operation, self.handle, self.url.clone());
        Self { operation, handle, body, query: None, url, filled: Some(shorthand) }
    }

    /// Whether an argument gives a field of the body, which then has no setter.
    pub(super) fn is_taken(&self, field: &Field) -> bool {
        self.filled.is_some_and(|shorthand| shorthand.takes(&field.wire))
    }

    /// The method on the handle, documented with an example of its use.
    pub(super) fn method(&self, types: &'a TypeTable, style: &Style<'_>, example: &str) -> TokenStream {
        let (method, operation) = (ident(&self.operation.method), ident(&self.operation.type_name));
        let arguments = self.arguments(types);
        let accepts = arguments.parameters(style, &TokenStream::new());
        let taken_apart = arguments.taken_apart();
        // What the method calls the request that it fills.
        let request = if arguments.has("request") { "made" } else { "request" };
        let request = ident(&RustName(request.to_owned()));
        let (mut before, mut sets, mut fields) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
        let mut body = match &self.body {
            RequestBody::Form(_) => {
                let form = style.rt("Multipart");
                quote!(#form::new())
            }
            RequestBody::None => style.rt("NoBody"),
            // Made of arguments below.
            RequestBody::Object(..) | RequestBody::Whole(_) => TokenStream::new(),
        };
        for argument in &arguments.all {
            let name = &argument.name;
            sets.extend(argument.put(&request, style));
            match argument.of {
                Given::Field(field) => match self.query_of(field) {
                    Some(query) => {
                        let value = query.value(style, name);
                        fields.extend(quote!(#value,));
                        before.extend(quote!(let #name = #name.into();));
                        sets.extend(quote!(#name.check(&mut #request.call);));
                    }
                    None => fields.extend(quote!(#name,)),
                },
                Given::Body(ty) => body = style.argument(name, ty).1,
                Given::Part(field) => {
                    let (converted, added) = added_part(field, name, style);
                    before.extend(converted);
                    body.extend(added);
                }
                Given::Param(_) => {}
            }
        }
        if let RequestBody::Object(id, _) = &self.body {
            let ty = style.named(*id);
            body = quote!(#ty::new(#fields));
        }
        let more = format!("{}{example}", arguments.section());
        let about = doc(&self.method_doc(style, &more));
        let names = self.names();
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the description marks it so"]));
        let made = quote!(Request::new(self.client, #body));
        let made = if sets.is_empty() { made } else { quote!(let mut #request = #made; #sets #request) };
        quote! {
            #about
            #names
            #deprecated
            pub fn #method(&self, #accepts) -> Request<#operation> {
                #taken_apart
                #before
                #made
            }
        }
    }

    /// The names that the search of the documentation finds the method by: the operation id, and the other names as Intercom's
    /// SDKs spell them.
    fn names(&self) -> TokenStream {
        let operation = self.operation;
        let spelled = |alias: &Alias| heck::ToLowerCamelCase::to_lower_camel_case(alias.method.bare());
        let ids = Some(operation.operation_id.clone()).into_iter();
        let names: BTreeSet<String> = ids.chain(operation.aliases.iter().map(spelled)).collect();
        let named = |name: &String| {
            !name.is_empty() && *name != operation.method.bare() && name.chars().all(char::is_alphanumeric)
        };
        let names: Vec<&String> = names.iter().filter(|name| named(name)).collect();
        if names.is_empty() { TokenStream::new() } else { quote!(#[doc(alias(#(#names),*))]) }
    }

    /// The search query of the body, if `field` is the field that takes it.
    pub(super) fn query_of(&self, field: &Field) -> Option<&search::QueryField<'a>> {
        self.query.as_ref().filter(|query| query.field.wire == field.wire)
    }

    fn method_doc(&self, style: &Style<'_>, example: &str) -> String {
        let operation = self.operation;
        let mut opening = format!("`{} {}`", operation.http, operation.path);
        opening.push_str(&match &operation.success {
            Success::Json(ty) => format!(", answered with {}.", answer(ty, style)),
            Success::Text => ", answered with text.".to_owned(),
            Success::Empty => ", answered without content.".to_owned(),
            Success::Download => ", answered with a file.".to_owned(),
        });
        if operation.idempotent && operation.http == "POST" {
            opening.push_str(" It changes nothing, so it is retried like a GET.");
        }
        let mut more = Vec::new();
        if let Some(query) = &self.query {
            more.push(format!("The fields to search for are in [`{0}`](crate::{0}).", query.path));
        }
        let shorter = operation.shorthands.iter().map(|short| format!("[`{0}`](Self::{0})", short.method.bare()));
        let shorter: Vec<String> = shorter.collect();
        if !shorter.is_empty() {
            more.push(format!("\n\nShorter for what it is mostly called for: {}.", shorter.join(", ")));
        }
        if !self.url.is_empty() {
            more.push(format!("\n\n[Reference]({})", self.url));
        }
        docs::of_operation(&opening, operation, &more, example)
    }
}

fn answer(ty: &Ty, style: &Style<'_>) -> String {
    match ty {
        Ty::Named(id) => format!("[`{0}`](types::{0})", style.name(*id)),
        Ty::List(item) => format!("a list of {}", answer(item, style)),
        Ty::Value => "JSON of any shape".to_owned(),
        _ => "JSON".to_owned(),
    }
}

/// The statement that converts an argument into the parameter's type; `None` where it has that type already.
pub(super) fn converted(name: &Ident, ty: &Ty, convert: &TokenStream, style: &Style<'_>) -> Option<TokenStream> {
    let given = matches!(ty, Ty::Bool | Ty::I64 | Ty::F64);
    (!given).then(|| {
        let ty = style.ty(ty);
        quote!(let #name: #ty = #convert;)
    })
}

/// Puts a converted value where its parameter goes.
pub(super) fn set_param(param: &Param, value: &Ident, call: &TokenStream) -> TokenStream {
    let wire = &param.wire.0;
    match param.location {
        Location::Path => quote!(#call.path(#wire, #value);),
        Location::Query => quote!(#call.query(#wire, #value);),
        Location::QueryCommaList => quote!(#call.query_list(#wire, #value);),
        Location::QueryRepeated => quote!(#call.query_repeated(#wire, #value);),
        Location::QueryExploded => quote!(#call.query_object(&#value);),
        Location::Header => quote!(#call.header(#wire, #value);),
    }
}
