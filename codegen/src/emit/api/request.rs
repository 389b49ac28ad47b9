//! Emits the method of a handle that creates the request of an operation.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arguments::added_part;
use crate::doc_comments;
use crate::emit::rust::{Imports, doc, ident};
use crate::emit::search;
use crate::ir::{
    Alias, Api, ArgumentTarget, Body, Content, Field, Group, Location, Operation, Param, RustName, Shorthand, Struct,
    Success, Ty, TypeId, TypeTable,
};

/// What is emitted for the request of an operation, or of a shorthand.
pub(super) struct RequestModel<'a> {
    pub(super) operation: &'a Operation,
    pub(super) handle: &'a RustName,
    pub(super) body: RequestBody<'a>,
    /// The field of the body that takes a search query.
    query: Option<search::QueryField<'a>>,
    /// The address of the operation's page in the public reference; empty if it has none.
    url: String,
    /// The shorthand whose request this is; it fills in a part of the body.
    shorthand: Option<&'a Shorthand>,
}

/// The body of a request.
pub(super) enum RequestBody<'a> {
    /// Nothing.
    None,
    /// An object, whose fields become arguments and setters.
    Object(TypeId, &'a Struct),
    /// Anything else: it is one argument.
    Whole(&'a Ty),
    /// A form, whose parts become arguments and setters.
    Form(&'a [Field]),
}

impl<'a> RequestModel<'a> {
    /// Creates the request of an operation.
    pub(super) fn new(api: &'a Api, group: &'a Group, operation: &'a Operation) -> Self {
        let body = match &operation.body {
            None => RequestBody::None,
            Some(Body { content: Content::Multipart(fields), .. }) => RequestBody::Form(fields),
            Some(Body { content: Content::Json(ty), .. }) => match api.types.struct_of(ty) {
                Some((def, structure)) => RequestBody::Object(def.id, structure),
                None => RequestBody::Whole(ty),
            },
        };
        let url = doc_comments::reference_url(&api.version, operation).unwrap_or_default();
        let query = match &body {
            RequestBody::Object(_, structure) => search::query_field(api, operation, structure),
            _ => None,
        };
        Self { operation, handle: &group.handle, body, query, url, shorthand: None }
    }

    /// The request of a shorthand of the operation, with the struct that the shorthand sends.
    pub(super) fn for_shorthand(&self, body: RequestBody<'a>, shorthand: &'a Shorthand) -> Self {
        let (operation, handle, url) = (self.operation, self.handle, self.url.clone());
        Self { operation, handle, body, query: None, url, shorthand: Some(shorthand) }
    }

    /// Whether an argument of the shorthand sets this field of the body or a part of it, so that the field has no setter.
    pub(super) fn is_taken(&self, field: &Field) -> bool {
        self.shorthand.is_some_and(|shorthand| shorthand.takes_field(&field.wire))
    }

    /// The method on the handle; its documentation ends with `example`, which may be empty.
    pub(super) fn method(&self, types: &'a TypeTable, imports: &Imports<'_>, example: &str) -> TokenStream {
        let (method, operation) = (ident(&self.operation.method), ident(&self.operation.type_name));
        let arguments = self.arguments(types);
        let accepts = arguments.parameters(imports, &TokenStream::new());
        let destructured = arguments.destructured();
        // The variable of the request; no argument may have its name.
        let request = if arguments.has("request") { "made" } else { "request" };
        let request = ident(&RustName(request.to_owned()));
        let (mut before, mut sets, mut fields) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
        let mut body = match &self.body {
            RequestBody::Form(_) => {
                let form = imports.library("Multipart");
                quote!(#form::new())
            }
            RequestBody::None => imports.library("NoBody"),
            // Built from arguments below.
            RequestBody::Object(..) | RequestBody::Whole(_) => TokenStream::new(),
        };
        // A required part with one fixed value is no argument; the form always has it.
        for part in self.operation.body.iter().flat_map(Body::parts).filter(|part| part.required) {
            let (wire, Some(value)) = (&part.wire.0, &part.constant) else { continue };
            body.extend(quote!(.text(#wire, #value)));
        }
        for argument in &arguments.all {
            let name = &argument.name;
            sets.extend(argument.put(&request, imports));
            match argument.target {
                ArgumentTarget::Field(field) => match self.query_of(field) {
                    Some(query) => {
                        let value = query.value(imports, name);
                        fields.extend(quote!(#value,));
                        before.extend(quote!(let #name = #name.into();));
                        sets.extend(quote!(#name.check(&mut #request.call);));
                    }
                    None => fields.extend(quote!(#name,)),
                },
                ArgumentTarget::Body(ty) => body = imports.argument(name, ty).1,
                ArgumentTarget::Part(field) => {
                    let (converted, added) = added_part(field, name, imports);
                    before.extend(converted);
                    body.extend(added);
                }
                ArgumentTarget::Param(_) => {}
            }
        }
        if let RequestBody::Object(id, _) = &self.body {
            let ty = imports.named(*id);
            body = quote!(#ty::new(#fields));
        }
        let sections = format!("{}{example}", arguments.section());
        let about = doc(&self.method_doc(imports, &sections));
        let doc_aliases = self.doc_aliases();
        let deprecated = self
            .operation
            .deprecated
            .then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"]));
        let made = quote!(Request::new(self.client, #body));
        let made = if sets.is_empty() { made } else { quote!(let mut #request = #made; #sets #request) };
        quote! {
            #about
            #doc_aliases
            #deprecated
            pub fn #method(&self, #accepts) -> Request<#operation> {
                #destructured
                #before
                #made
            }
        }
    }

    /// The attribute `doc(alias)`, with names by which the search of the documentation finds the method: the operation id, and the
    /// aliases in camel case, as Intercom's SDK for Node spells them.
    fn doc_aliases(&self) -> TokenStream {
        let operation = self.operation;
        let camel = |alias: &Alias| heck::ToLowerCamelCase::to_lower_camel_case(alias.method.bare());
        let ids = Some(operation.operation_id.clone()).into_iter();
        let names: BTreeSet<String> = ids.chain(operation.aliases.iter().map(camel)).collect();
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

    /// The documentation of the method; `sections` are its arguments and its example.
    fn method_doc(&self, imports: &Imports<'_>, sections: &str) -> String {
        let operation = self.operation;
        let mut opening = format!("`{} {}`", operation.http_method, operation.path);
        opening.push_str(&match &operation.success {
            Success::Json(ty) => format!(". Returns {}.", returned(ty, imports)),
            Success::Text => ". Returns text.".to_owned(),
            Success::Empty => ". Returns nothing.".to_owned(),
            Success::Download => ". Returns a file.".to_owned(),
        });
        if operation.idempotent && operation.http_method == "POST" {
            opening.push_str(" It only reads, so it is retried like a GET.");
        }
        let mut more = Vec::new();
        if let Some(query) = &self.query {
            more.push(format!("The fields to search by are in [`{0}`](crate::{0}).", query.path));
        }
        let shorter = operation.shorthands.iter().map(|short| format!("[`{0}`](Self::{0})", short.method.bare()));
        let shorter: Vec<String> = shorter.collect();
        if !shorter.is_empty() {
            more.push(format!("\n\nShorthands for common uses: {}.", shorter.join(", ")));
        }
        if !self.url.is_empty() {
            more.push(format!("\n\n[Reference]({})", self.url));
        }
        doc_comments::of_method(&opening, &operation.doc, &more, sections)
    }
}

/// The type of a response as a doc comment names it.
fn returned(ty: &Ty, imports: &Imports<'_>) -> String {
    match ty {
        Ty::Named(id) => format!("[`{0}`](types::{0})", imports.name(*id)),
        Ty::List(item) => format!("a list of {}", returned(item, imports)),
        Ty::Value => "JSON of any shape".to_owned(),
        _ => "JSON".to_owned(),
    }
}

/// The statement that converts an argument into the parameter's type; `None` if the argument has that type already.
pub(super) fn converted(name: &Ident, ty: &Ty, convert: &TokenStream, imports: &Imports<'_>) -> Option<TokenStream> {
    let given = matches!(ty, Ty::Bool | Ty::I64 | Ty::F64);
    (!given).then(|| {
        let ty = imports.ty(ty);
        quote!(let #name: #ty = #convert;)
    })
}

/// The statement that puts the value of a parameter into the call.
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
