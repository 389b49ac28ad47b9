//! `src/api.rs` and a file for each group: its handle, and a builder for each operation.
//!
//! ```text
//! pub struct Contacts<'a> { client: &'a Client }
//! impl Contacts<'_> { pub fn update(&self, contact_id: impl Into<Id>) -> Update { … } }
//!
//! static UPDATE: Endpoint = Endpoint { id: "contacts.update", … };
//! pub struct Update { call: Call, body: types::UpdateContactRequest }
//! impl Update { pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }
//! intercom_runtime::call!(Update, json types::Contact, body);          // send, send_as, send_raw, options, IntoFuture
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::rust::{Style, doc, ident, ident_text, path_literal};
use super::types::{asked_for, setter};
use super::{paging, search};
use crate::docs;
use crate::ir::{Api, Body, Field, Group, Location, Operation, Param, RustName, Struct, Success, Ty, TypeKind};
use crate::names::{self, Scope};

/// Emits `api.rs` and the modules below it.
pub(super) fn emit(api: &Api, files: &mut Vec<(String, String, TokenStream)>) {
    let modules = api.groups.iter().map(|group| {
        let (name, feature) = (ident(&names::snake(&group.name)), &group.name);
        let about = doc(&format!(" The operations of [`Client::{}`](crate::Client::{}).", group.name, group.name));
        quote!(#about #[cfg(feature = #feature)] pub mod #name;)
    });
    let index = quote! {
        #![doc = " A module for each group of operations: its handle and its requests."]
        #(#modules)*
    };
    files.push(("src/api.rs".to_owned(), "/paths".to_owned(), index));
    for group in &api.groups {
        files.push((format!("src/api/{}.rs", group.name), "/paths".to_owned(), emit_group(api, group)));
    }
}

/// The name of a group's handle.
pub(super) fn handle_name(group: &Group) -> RustName {
    names::camel(&group.name)
}

/// The names of a group's builders, in the order of its operations.
pub(super) fn builder_names(group: &Group) -> Vec<RustName> {
    let handle = handle_name(group);
    let mut scope = Scope::default();
    scope.claim(handle);
    group.operations.iter().map(|operation| scope.claim(names::camel(operation.method.bare()))).collect()
}

/// The static that holds an operation's facts, and its constant in the table.
pub(super) fn endpoint_name(builder: &RustName) -> Ident {
    ident_text(&heck::ToShoutySnakeCase::to_shouty_snake_case(builder.bare()))
}

/// The methods that every request has; no setter may take their names.
const REQUEST_METHODS: &[&str] = &[
    "new",
    "options",
    "extra",
    "body",
    "form",
    "send",
    "send_as",
    "send_raw",
    "items",
    "pages",
    "page",
    "into_call",
    "into_future",
];

/// The parameters that have a setter, and its name.
pub(super) fn setter_names(operation: &Operation) -> Vec<(&Param, RustName)> {
    let mut scope = Scope::with(REQUEST_METHODS.iter().copied());
    let optional = operation.params.iter().filter(|param| !param.required && param.constant.is_none());
    let name = |param: &Param| paging::stand_in(operation, &param.wire.0, false);
    optional.map(|param| (param, name(param).unwrap_or_else(|| scope.claim(param.ident.clone())))).collect()
}

fn emit_group(api: &Api, group: &Group) -> TokenStream {
    let handle = handle_name(group);
    let builders = builder_names(group);
    let style = Style::new(false, builders.iter().chain([&handle]));
    let requests: Vec<Request> =
        group.operations.iter().zip(builders).map(|(operation, name)| Request::new(api, operation, name)).collect();
    let methods: TokenStream = requests.iter().map(|request| request.method(&style)).collect();
    let definitions: TokenStream = requests.iter().map(|request| request.definition(&style)).collect();
    let handle_ident = ident(&handle);
    let about = doc(&format!(" The operations of the group `{}`.", group.name));
    let client = style.rt("Client");
    let imports = style.imports();
    let mentions_types = quote!(#methods #definitions).to_string().contains("types ::").then(|| {
        quote!(
            use crate::types;
        )
    });
    quote! {
        #imports

        #mentions_types

        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #handle_ident<'a> {
            // Not set by a constructor, whose name an operation could have.
            pub(crate) client: &'a #client,
        }

        impl #handle_ident<'_> {
            #methods
        }

        #definitions
    }
}

/// An operation, and what its builder is made of.
struct Request<'a> {
    operation: &'a Operation,
    name: RustName,
    handle: RustName,
    body: RequestBody<'a>,
    query: Option<search::QueryField<'a>>,
    url: String,
}

enum RequestBody<'a> {
    None,
    /// An object whose fields become setters.
    Object(RustName, &'a Struct),
    /// Anything else: given whole.
    Whole(&'a Ty),
    Form(&'a [Field]),
}

impl<'a> Request<'a> {
    fn new(api: &'a Api, operation: &'a Operation, name: RustName) -> Self {
        let body = match &operation.body {
            None => RequestBody::None,
            Some(Body::Multipart(fields)) => RequestBody::Form(fields),
            Some(Body::Json(ty)) => match object_of(api, ty) {
                Some((name, structure)) => RequestBody::Object(name, structure),
                None => RequestBody::Whole(ty),
            },
        };
        // Preview's pages move with it.
        let released = api.version.starts_with(|c: char| c.is_ascii_digit());
        let url = match (&operation.tag, operation.operation_id.as_str()) {
            (Some(tag), id) if released && !id.is_empty() => docs::reference_url(&api.version, tag, id),
            _ => String::new(),
        };
        let query = match &body {
            RequestBody::Object(_, structure) => search::query_field(api, operation, structure),
            _ => None,
        };
        Self { operation, name, handle: names::camel(&operation.group), body, query, url }
    }

    /// What has to be given at once: path, required query, required body.
    fn given(&self) -> impl Iterator<Item = &'a Param> {
        let operation: &'a Operation = self.operation;
        operation.params.iter().filter(|param| param.required && param.constant.is_none())
    }

    /// The method on the handle.
    fn method(&self, style: &Style) -> TokenStream {
        let (method, builder) = (ident(&self.operation.method), ident(&self.name));
        let (mut accepts, mut passes) = (TokenStream::new(), TokenStream::new());
        for param in self.given() {
            let name = ident(&param.ident);
            let (accept, convert) = style.argument(&name, &param.ty);
            accepts.extend(quote!(, #name: #accept));
            passes.extend(quote!(, #convert));
        }
        match &self.body {
            RequestBody::Object(name, structure) => {
                let ty = style.named(name);
                let mut arguments = TokenStream::new();
                for field in asked_for(structure) {
                    if let Some(query) = self.query.as_ref().filter(|query| query.field.wire == field.wire) {
                        let (into, value) = (style.std("Into"), &query.value);
                        accepts.extend(quote!(, query: impl #into<intercom_runtime::search::Query>));
                        arguments.extend(quote!(#value,));
                        continue;
                    }
                    let argument = ident(&self.body_argument(field));
                    let (accept, _) = style.argument(&argument, &field.ty);
                    accepts.extend(quote!(, #argument: #accept));
                    arguments.extend(quote!(#argument,));
                }
                passes.extend(quote!(, #ty::new(#arguments)));
            }
            RequestBody::Whole(ty) => {
                let name = ident_text("body");
                let (accept, convert) = style.argument(&name, ty);
                accepts.extend(quote!(, #name: #accept));
                passes.extend(quote!(, #convert));
            }
            RequestBody::None | RequestBody::Form(_) => {}
        }
        let about = doc(&self.method_doc());
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the description marks it so"]));
        let made = quote!(#builder::new(self.client #passes));
        let made = match &self.query {
            Some(_) => quote! {
                let query = query.into();
                let mut request = #made;
                query.check(&mut request.call);
                request
            },
            None => made,
        };
        quote! {
            #about
            #deprecated
            pub fn #method(&self #accepts) -> #builder {
                #made
            }
        }
    }

    /// A body field that has the name of a parameter gets another one.
    fn body_argument(&self, field: &Field) -> RustName {
        let mut scope = Scope::default();
        for param in self.given() {
            scope.claim(param.ident.clone());
        }
        scope.claim(field.ident.clone())
    }

    fn method_doc(&self) -> String {
        let operation = self.operation;
        let mut opening = format!("`{} {}`", operation.http, docs::path(&operation.path));
        opening.push_str(&match &operation.success {
            Success::Json(ty) => format!(", answered with {}.", answer(ty)),
            Success::Text => ", answered with text.".to_owned(),
            Success::Empty => ", answered without content.".to_owned(),
            Success::Download => ", answered with a file.".to_owned(),
        });
        if operation.idempotent && operation.http == "POST" {
            opening.push_str(" It changes nothing, so it is retried like a GET.");
        }
        let mut doc = operation.doc.clone();
        if let Some(query) = &self.query {
            doc.facts.push(format!("The fields to search for are in [`{0}`](crate::{0}).", query.path));
        }
        if !self.url.is_empty() {
            doc.facts.push(format!("\n\n[Reference]({})", self.url));
        }
        docs::render(&opening, &doc)
    }

    /// The builder, its endpoint, its setters, and how it is sent.
    fn definition(&self, style: &Style) -> TokenStream {
        let builder = ident(&self.name);
        let about = doc(&format!(
            " A request of `{} {}`; made by [`{}::{}`].",
            self.operation.http,
            docs::path(&self.operation.path),
            self.handle.bare(),
            self.operation.method.bare()
        ));
        let (endpoint_name, endpoint) = self.endpoint(style);
        let (body_field, body_param, body_init) = self.body_parts(style);
        let (mut params, mut sets) = (TokenStream::new(), TokenStream::new());
        for param in self.given() {
            let (name, ty) = (ident(&param.ident), style.ty(&param.ty));
            params.extend(quote!(, #name: #ty));
            sets.extend(set_param(param, &name, &quote!(call)));
        }
        for param in &self.operation.params {
            if let Some(constant) = &param.constant {
                let wire = &param.wire.0;
                sets.extend(quote!(call.header(#wire, #constant);));
            }
        }
        let mutable = (!sets.is_empty()).then(|| quote!(mut));
        let setters = self.setters(style);
        let setters = (!setters.is_empty()).then(|| quote!(impl #builder { #setters }));
        let terminal = self.terminal(style);
        let (call, client) = (style.rt("Call"), style.rt("Client"));
        quote! {
            #endpoint

            #about
            #[derive(Clone, Debug)]
            #[must_use = "a request does nothing until it is sent or awaited"]
            pub struct #builder {
                call: #call,
                #body_field
            }

            impl #builder {
                pub(crate) fn new(client: &#client #params #body_param) -> Self {
                    let #mutable call = #call::new(client, &#endpoint_name);
                    #sets
                    Self { call #body_init }
                }
            }

            #setters

            #terminal
        }
    }

    fn body_parts(&self, style: &Style) -> (TokenStream, TokenStream, TokenStream) {
        let ty = match &self.body {
            RequestBody::None => return Default::default(),
            RequestBody::Form(_) => {
                let form = style.rt("Multipart");
                return (quote!(form: #form,), TokenStream::new(), quote!(, form: #form::new()));
            }
            RequestBody::Object(name, _) => style.named(name),
            RequestBody::Whole(ty) => style.ty(ty),
        };
        (quote!(body: #ty,), quote!(, body: #ty), quote!(, body))
    }

    /// The static facts.
    fn endpoint(&self, style: &Style) -> (Ident, TokenStream) {
        let operation = self.operation;
        let name = endpoint_name(&self.name);
        let (id, operation_id, idempotent) = (&operation.id, &operation.operation_id, operation.idempotent);
        let path = path_literal(&operation.path);
        let method = ident_text(&operation.http);
        let accept = match operation.success {
            Success::Json(_) | Success::Empty => "application/json",
            Success::Text => "text/plain",
            Success::Download => "application/octet-stream",
        };
        let paging = match &operation.paging {
            Some(paging) => {
                let (some, table) = (style.std("Some"), paging::table(paging, style));
                quote!(#some(&#table))
            }
            None => style.std("None"),
        };
        let (endpoint, http) = (style.rt("Endpoint"), style.rt("Method"));
        let tokens = quote! {
            pub(crate) static #name: #endpoint = #endpoint {
                id: #id,
                operation_id: #operation_id,
                version: crate::API_VERSION,
                method: #http::#method,
                path: #path,
                idempotent: #idempotent,
                accept: #accept,
                paging: #paging,
            };
        };
        (name, tokens)
    }

    /// Setters for what is not given at once.
    fn setters(&self, style: &Style) -> TokenStream {
        let mut scope = Scope::with(REQUEST_METHODS.iter().copied());
        let mut setters = TokenStream::new();
        if self.operation.paging.is_some() {
            for name in paging::METHODS.iter().filter(|name| !REQUEST_METHODS.contains(name)) {
                scope.claim(RustName((*name).to_owned()));
            }
        }
        for (param, name) in setter_names(self.operation) {
            if paging::stand_in(self.operation, &param.wire.0, false).is_some() {
                continue;
            }
            scope.claim(name.clone());
            let name = ident(&name);
            let value = ident_text("value");
            let (accepts, convert) = style.argument(&value, &param.ty);
            let ty = style.ty(&param.ty);
            let about = doc(&docs::render(&format!("The parameter `{}`.", param.wire.0), &param.doc));
            let set = set_param(param, &value, &quote!(self.call));
            let converted =
                (!matches!(param.ty, Ty::Bool | Ty::I64 | Ty::F64)).then(|| quote!(let value: #ty = #convert;));
            setters.extend(quote! {
                #about
                pub fn #name(mut self, value: #accepts) -> Self {
                    #converted
                    #set
                    self
                }
            });
        }
        match &self.body {
            RequestBody::Object(_, structure) => {
                for (index, field) in structure.fields.iter().enumerate() {
                    let stand_in = paging::stand_in(self.operation, &field.wire.0, true);
                    if field.constant.is_none() && !field.required && stand_in.is_none() {
                        setters.extend(setter(index, field, &mut scope, style, &quote!(self.body)));
                    }
                }
            }
            RequestBody::Form(fields) => {
                setters.extend(fields.iter().map(|field| form_setter(field, &mut scope, style)))
            }
            RequestBody::None | RequestBody::Whole(_) => {}
        }
        setters
    }

    /// The macro that attaches the methods which every request of a kind has.
    fn terminal(&self, style: &Style) -> TokenStream {
        let builder = ident(&self.name);
        let kind = match &self.operation.success {
            Success::Json(ty) => {
                let ty = style.ty(ty);
                quote!(json #ty)
            }
            Success::Text => quote!(text),
            Success::Empty => quote!(empty),
            Success::Download => quote!(download),
        };
        let body = match &self.body {
            RequestBody::None => TokenStream::new(),
            RequestBody::Object(name, _) => {
                let ty = style.named(name);
                quote!(, object #ty)
            }
            RequestBody::Whole(_) => quote!(, value),
            RequestBody::Form(_) => quote!(, form),
        };
        let walks = self.operation.paging.as_ref().map(|paging| paging::walks(&self.name, paging, style));
        quote! {
            intercom_runtime::call!(#builder, #kind #body);
            #walks
        }
    }
}

/// The struct that a body is, through aliases.
pub(super) fn object_of<'a>(api: &'a Api, ty: &Ty) -> Option<(RustName, &'a Struct)> {
    let Ty::Named(name) = ty else { return None };
    match &api.types.iter().find(|def| def.name == *name)?.kind {
        TypeKind::Struct(structure) => Some((name.clone(), structure)),
        TypeKind::Alias(target) => object_of(api, target),
        _ => None,
    }
}

fn answer(ty: &Ty) -> String {
    match ty {
        Ty::Named(name) => format!("[`{0}`](types::{0})", name.0),
        Ty::List(item) => format!("a list of {}", answer(item)),
        Ty::Value => "JSON of any shape".to_owned(),
        _ => "JSON".to_owned(),
    }
}

/// Puts a converted value where its parameter goes.
fn set_param(param: &Param, value: &Ident, call: &TokenStream) -> TokenStream {
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

fn form_setter(field: &Field, scope: &mut Scope, style: &Style) -> TokenStream {
    let name = ident(&scope.claim(field.ident.clone()));
    let wire = &field.wire.0;
    let about = doc(&docs::render(&format!("The part `{wire}`."), &field.doc));
    if field.ty == Ty::Bytes {
        let part = style.rt("Part");
        return quote! {
            #about
            pub fn #name(mut self, part: #part) -> Self {
                self.form = self.form.part(#wire, part);
                self
            }
        };
    }
    let value = ident_text("value");
    let (accepts, convert) = style.argument(&value, &field.ty);
    let ty = style.ty(&field.ty);
    quote! {
        #about
        pub fn #name(mut self, value: #accepts) -> Self {
            let value: #ty = #convert;
            self.form = self.form.text(#wire, value);
            self
        }
    }
}
