//! Emits the type of an operation, with its body, response, `Endpoint`, pagination and job, and with the setters of its requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{RequestBody, RequestModel};
use crate::emit::paging;
use crate::emit::rust::{Imports, doc, ident, ident_text};
use crate::ir::{Job, RustName, Success, TypeTable, WireName};

impl<'a> RequestModel<'a> {
    /// The operation as a type, and the setters of its requests.
    pub(super) fn definition(&self, types: &'a TypeTable, imports: &Imports<'_>) -> TokenStream {
        let operation = ident(&self.operation.type_name);
        let body = match &self.body {
            RequestBody::None => imports.library("NoBody"),
            RequestBody::Form(_) => imports.library("Multipart"),
            RequestBody::Object(id, _) => imports.named(*id),
            RequestBody::Whole(ty) => imports.ty(ty),
        };
        let response = match &self.operation.success {
            Success::Json(ty) => {
                let (json, ty) = (imports.library("Json"), imports.ty(ty));
                quote!(#json<#ty>)
            }
            Success::Text => imports.library("Text"),
            Success::Empty => imports.library("Empty"),
            Success::Download => imports.library("File"),
        };
        let endpoint = self.endpoint(imports);
        let constants =
            self.operation.params.iter().filter_map(|param| Some((&param.wire.0, param.constant.as_ref()?)));
        let constants: Vec<_> = constants.map(|(name, value)| quote!((#name, #value))).collect();
        let headers = (!constants.is_empty())
            .then(|| quote!(const HEADERS: &'static [(&'static str, &'static str)] = &[#(#constants),*];));
        let paged =
            self.operation.paging.as_ref().map(|paging| paging::paged(&self.operation.type_name, paging, imports));
        let ids = self.arguments(types).definition(&self.method_link(&self.operation.method), imports);
        let job = self.operation.job.as_ref().map(|job| self.job(job, imports));
        let setters = self.setters(imports);
        let about = self.type_attributes(&self.operation.method, !setters.is_empty());
        let setters = (!setters.is_empty()).then(|| quote!(impl Setters<#operation> { #setters }));
        // `Emitted` is a hidden marker, so that users do not implement `Operation`.
        let (endpoint_type, trait_name, emitted) =
            (imports.library("Endpoint"), imports.library("Operation"), imports.library("Emitted"));
        quote! {
            #ids

            #about
            pub enum #operation {}

            impl #trait_name for #operation {
                type Body = #body;
                type Response = #response;
                #headers

                #[inline]
                fn endpoint(_: #emitted) -> &'static #endpoint_type {
                    const { &#endpoint }
                }
            }

            #paged

            #job

            #setters
        }
    }

    /// The attributes of the type of an operation or shorthand: its documentation, and `doc(hidden)` if its requests have no setters.
    pub(super) fn type_attributes(&self, method: &RustName, has_setters: bool) -> TokenStream {
        let (http, path, link) = (&self.operation.http_method, &self.operation.path, self.method_link(method));
        let about = format!(" `{http} {path}`, the operation of {link}.");
        if !has_setters {
            // The page would only repeat the method's documentation.
            let about = doc(&about);
            return quote!(#about #[doc(hidden)]);
        }
        doc(&format!("{about} Its requests have the setters of this page, and the methods of [`Request`]."))
    }

    /// A link to a method of the handle.
    pub(super) fn method_link(&self, method: &RustName) -> String {
        format!("[`{0}::{1}`]", self.handle.bare(), method.bare())
    }

    /// The impl that gives the requests of an operation the methods `wait` and `poller`.
    fn job(&self, job: &Job, imports: &Imports<'_>) -> TokenStream {
        let (operation, status) = (ident(&self.operation.type_name), ident(&job.poll));
        let (has_job, state, option) = (imports.library("HasJob"), &job.state.0, imports.std("Option"));
        let starts = match &job.starts {
            Some((WireName(id), WireName(placeholder))) => {
                let some = imports.std("Some");
                quote!(#some((#id, #placeholder)))
            }
            None => imports.std("None"),
        };
        quote! {
            impl #has_job for #operation {
                type Status = #status;
                const STARTS: #option<(&'static str, &'static str)> = #starts;
                const STATE: &'static str = #state;
            }
        }
    }

    /// The expression for the operation's `Endpoint`. Settings that equal the defaults of `Endpoint::new` are left out.
    fn endpoint(&self, imports: &Imports<'_>) -> TokenStream {
        let operation = self.operation;
        let (endpoint, http) = (imports.library("Endpoint"), imports.library("Method"));
        let (id, path, method) = (&operation.id, &operation.path, ident_text(&operation.http_method));
        let operation_id = Some(&operation.operation_id).filter(|id| !id.is_empty());
        let operation_id = operation_id.map(|id| quote!(.operation_id(#id)));
        let version = operation.version.as_ref().map_or_else(|| quote!(crate::API_VERSION), |version| quote!(#version));
        let by_method = matches!(operation.http_method.as_str(), "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE");
        let idempotent = Some(operation.idempotent).filter(|idempotent| *idempotent != by_method);
        let idempotent = idempotent.map(|idempotent| quote!(.idempotent(#idempotent)));
        let accept = Some(&operation.accept).filter(|accept| *accept != "application/json");
        let accept = accept.map(|accept| quote!(.accept(#accept)));
        let paging = operation.paging.as_ref().map(|paging| {
            let paging = paging::expression(paging);
            quote!(.paging(const { &#paging }))
        });
        quote! {
            #endpoint::new(#id, #http::#method, #path) #operation_id .version(#version) #idempotent #accept #paging
        }
    }
}
