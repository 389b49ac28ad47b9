//! `src/api.rs` and a file for each group: its handle, and a type for each operation.
//!
//! ```text
//! intercom_runtime::request!();                    // pub struct Request<O>: send, send_as, options, items, IntoFuture …
//!
//! pub struct Contacts<'a> { client: &'a Client }
//! impl Contacts<'_> { pub fn update(&self, contact_id: impl Into<Id>) -> Request<Update> { … } }
//!
//! pub enum Update {}
//! impl Operation for Update { type Body = types::UpdateContactRequest; type Answer = Json<types::Contact>; const ENDPOINT … }
//! impl Request<Update> { pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::rust::{Style, doc, ident, ident_text};
use super::types::{asked_for, setter};
use super::{paging, search};
use crate::docs;
use crate::ir::{Api, Body, Content, Field, Group, Location, Operation, Param, RustName, Struct, Success, Ty, TypeId};
use crate::names::{self, Scope};

/// Emits `api.rs` and the modules below it.
pub(super) fn emit(api: &Api, files: &mut Vec<(String, String, TokenStream)>) {
    let modules = api.groups.iter().map(|group| {
        let (name, feature) = (ident(&names::snake(&group.name)), &group.name);
        let about = doc(&format!(" The operations of [`Client::{}`](crate::Client::{}).", group.name, group.name));
        quote!(#about #[cfg(feature = #feature)] pub mod #name;)
    });
    let index = quote! {
        #![doc = " A module for each group of operations: its handle, and a type for each operation."]
        #(#modules)*
        intercom_runtime::request!();
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

/// The names of a group's operations as types, in their order.
pub(super) fn operation_names(group: &Group) -> Vec<RustName> {
    let handle = handle_name(group);
    let mut scope = Scope::default();
    scope.claim(handle);
    group.operations.iter().map(|operation| scope.claim(names::camel(operation.method.bare()))).collect()
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
fn setter_names(operation: &Operation) -> Vec<(&Param, RustName)> {
    let mut scope = Scope::with(REQUEST_METHODS.iter().copied());
    let optional = operation.params.iter().filter(|param| !param.required && param.constant.is_none());
    let name = |param: &Param| paging::stand_in(operation, &param.wire.0, false);
    optional.map(|param| (param, name(param).unwrap_or_else(|| scope.claim(param.ident.clone())))).collect()
}

fn emit_group(api: &Api, group: &Group) -> TokenStream {
    let handle = handle_name(group);
    let names = operation_names(group);
    let style = Style::new(&api.types, false, names.iter().chain([&handle]));
    let requests: Vec<Request> =
        group.operations.iter().zip(names).map(|(operation, name)| Request::new(api, operation, name)).collect();
    let methods: TokenStream = requests.iter().map(|request| request.method(&style)).collect();
    let definitions: TokenStream = requests.iter().map(|request| request.definition(&style)).collect();
    let handle_ident = ident(&handle);
    let about = doc(&format!(" The operations of the group `{}`.", group.name));
    let client = style.rt("Client");
    let imports = style.imports();
    let mentions_types = style.types_import();
    quote! {
        #imports

        use super::Request;
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

/// An operation, and what its requests are made of.
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
    Object(TypeId, &'a Struct),
    /// Anything else: given whole.
    Whole(&'a Ty),
    Form(&'a [Field]),
}

impl<'a> Request<'a> {
    fn new(api: &'a Api, operation: &'a Operation, name: RustName) -> Self {
        let body = match &operation.body {
            None => RequestBody::None,
            Some(Body { content: Content::Multipart(fields), .. }) => RequestBody::Form(fields),
            Some(Body { content: Content::Json(ty), .. }) => match api.types.object(ty) {
                Some((def, structure)) => RequestBody::Object(def.id, structure),
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
    fn method(&self, style: &Style<'_>) -> TokenStream {
        let (method, operation) = (ident(&self.operation.method), ident(&self.name));
        let request = ident(&self.local());
        let (mut accepts, mut sets) = (TokenStream::new(), TokenStream::new());
        for param in self.given() {
            let name = ident(&param.ident);
            let (accept, convert) = style.argument(&name, &param.ty);
            accepts.extend(quote!(, #name: #accept));
            sets.extend(converted(&name, &param.ty, &convert, style));
            sets.extend(set_param(param, &name, &quote!(#request.call)));
        }
        let body = match &self.body {
            RequestBody::Object(id, structure) => {
                let ty = style.named(*id);
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
                quote!(#ty::new(#arguments))
            }
            RequestBody::Whole(ty) => {
                let name = ident_text("body");
                let (accept, convert) = style.argument(&name, ty);
                accepts.extend(quote!(, #name: #accept));
                convert
            }
            RequestBody::None => quote!(()),
            RequestBody::Form(_) => {
                let form = style.rt("Multipart");
                quote!(#form::new())
            }
        };
        let about = doc(&self.method_doc(style));
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated = "the description marks it so"]));
        let (before, after) = match &self.query {
            Some(_) => (quote!(let query = query.into();), quote!(query.check(&mut #request.call);)),
            None => Default::default(),
        };
        sets.extend(after);
        let made = quote!(Request::new(self.client, #body));
        let made = if sets.is_empty() { made } else { quote!(#before let mut #request = #made; #sets #request) };
        quote! {
            #about
            #deprecated
            pub fn #method(&self #accepts) -> Request<#operation> {
                #made
            }
        }
    }

    /// A body field that has the name of a parameter gets another one.
    fn body_argument(&self, field: &Field) -> RustName {
        self.given_names().claim(field.ident.clone())
    }

    /// What the method calls the request that it fills.
    fn local(&self) -> RustName {
        self.given_names().claim(RustName("request".to_owned()))
    }

    fn given_names(&self) -> Scope {
        let mut scope = Scope::default();
        for param in self.given() {
            scope.claim(param.ident.clone());
        }
        scope
    }

    fn method_doc(&self, style: &Style<'_>) -> String {
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
        if !self.url.is_empty() {
            more.push(format!("\n\n[Reference]({})", self.url));
        }
        docs::of_operation(&opening, operation, &more)
    }

    /// The operation as a type, and the setters of its requests.
    fn definition(&self, style: &Style<'_>) -> TokenStream {
        let operation = ident(&self.name);
        let about = doc(&format!(
            " `{} {}`, the operation of [`{}::{}`].",
            self.operation.http,
            self.operation.path,
            self.handle.bare(),
            self.operation.method.bare()
        ));
        let body = match &self.body {
            RequestBody::None => quote!(()),
            RequestBody::Form(_) => style.rt("Multipart"),
            RequestBody::Object(id, _) => style.named(*id),
            RequestBody::Whole(ty) => style.ty(ty),
        };
        let answer = match &self.operation.success {
            Success::Json(ty) => {
                let (json, ty) = (style.rt("Json"), style.ty(ty));
                quote!(#json<#ty>)
            }
            Success::Text => style.rt("Text"),
            Success::Empty => style.rt("Empty"),
            Success::Download => style.rt("File"),
        };
        let endpoint = self.endpoint(style);
        let constants =
            self.operation.params.iter().filter_map(|param| Some((&param.wire.0, param.constant.as_ref()?)));
        let constants: Vec<_> = constants.map(|(name, value)| quote!((#name, #value))).collect();
        let headers = (!constants.is_empty())
            .then(|| quote!(const HEADERS: &'static [(&'static str, &'static str)] = &[#(#constants),*];));
        let paged = self.operation.paging.as_ref().map(|paging| paging::paged(&self.name, paging, style));
        let setters = self.setters(style);
        let setters = (!setters.is_empty()).then(|| quote!(impl Request<#operation> { #setters }));
        let (facts, trait_name) = (style.rt("Endpoint"), style.rt("Operation"));
        quote! {
            #about
            pub enum #operation {}

            impl #trait_name for #operation {
                type Body = #body;
                type Answer = #answer;
                const ENDPOINT: &'static #facts = &#endpoint;
                #headers
            }

            #paged

            #setters
        }
    }

    /// The facts that every call carries.
    fn endpoint(&self, style: &Style<'_>) -> TokenStream {
        let operation = self.operation;
        let (id, operation_id, idempotent) = (&operation.id, &operation.operation_id, operation.idempotent);
        let path = &operation.path;
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
        quote! {
            #endpoint {
                id: #id,
                operation_id: #operation_id,
                version: crate::API_VERSION,
                method: #http::#method,
                path: #path,
                idempotent: #idempotent,
                accept: #accept,
                paging: #paging,
            }
        }
    }

    /// Setters for what is not given at once.
    fn setters(&self, style: &Style<'_>) -> TokenStream {
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
            let about = doc(&docs::of_param(&format!("The parameter `{}`.", param.wire.0), param));
            let convert = converted(&value, &param.ty, &convert, style);
            let set = set_param(param, &value, &quote!(self.call));
            setters.extend(quote! {
                #about
                pub fn #name(mut self, value: #accepts) -> Self {
                    #convert
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
}

fn answer(ty: &Ty, style: &Style<'_>) -> String {
    match ty {
        Ty::Named(id) => format!("[`{0}`](types::{0})", style.name(*id)),
        Ty::List(item) => format!("a list of {}", answer(item, style)),
        Ty::Value => "JSON of any shape".to_owned(),
        _ => "JSON".to_owned(),
    }
}

/// Makes a value of its type of what was given, unless it is one already.
fn converted(name: &Ident, ty: &Ty, convert: &TokenStream, style: &Style<'_>) -> Option<TokenStream> {
    let given = matches!(ty, Ty::Bool | Ty::I64 | Ty::F64);
    (!given).then(|| {
        let ty = style.ty(ty);
        quote!(let #name: #ty = #convert;)
    })
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

fn form_setter(field: &Field, scope: &mut Scope, style: &Style<'_>) -> TokenStream {
    let name = ident(&scope.claim(field.ident.clone()));
    let wire = &field.wire.0;
    let about = doc(&docs::of_field(&format!("The part `{wire}`."), field));
    if field.ty == Ty::Bytes {
        let part = style.rt("Part");
        return quote! {
            #about
            pub fn #name(mut self, part: #part) -> Self {
                self.body = self.body.part(#wire, part);
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
            self.body = self.body.text(#wire, value);
            self
        }
    }
}
