//! An operation as a type: what it sends and answers, and the facts that every call carries.

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Request, RequestBody};
use crate::emit::paging;
use crate::emit::rust::{Style, doc, ident, ident_text};
use crate::ir::{Job, RustName, Success, TypeTable, WireName};

impl<'a> Request<'a> {
    /// The operation as a type, and the setters of its requests.
    pub(super) fn definition(&self, types: &'a TypeTable, style: &Style<'_>) -> TokenStream {
        let operation = ident(&self.operation.type_name);
        let about = doc(&format!(
            " `{} {}`, the operation of {}. Its requests have the setters of this page, and the methods of all [requests](Request).",
            self.operation.http,
            self.operation.path,
            self.method_link(&self.operation.method)
        ));
        let body = match &self.body {
            RequestBody::None => style.rt("NoBody"),
            RequestBody::Form(_) => style.rt("Multipart"),
            RequestBody::Object(id, _) => style.named(*id),
            RequestBody::Whole(ty) => style.ty(ty),
        };
        let response = match &self.operation.success {
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
        let paged =
            self.operation.paging.as_ref().map(|paging| paging::paged(&self.operation.type_name, paging, style));
        let ids = self.arguments(types).definition(&self.method_link(&self.operation.method), style);
        let job = self.operation.job.as_ref().map(|job| self.job(job, style));
        let setters = self.setters(style);
        // Without setters the page would have nothing that the method's documentation has not.
        let hidden = setters.is_empty().then(|| quote!(#[doc(hidden)]));
        let setters = (!setters.is_empty()).then(|| quote!(impl Setters<#operation> { #setters }));
        let (endpoint_type, trait_name, emitted) = (style.rt("Endpoint"), style.rt("Operation"), style.rt("Emitted"));
        quote! {
            #ids

            #about
            #hidden
            pub enum #operation {}

            impl #trait_name for #operation {
                type Body = #body;
                type Response = #response;
                const EMITTED: #emitted = #emitted;
                const ENDPOINT: &'static #endpoint_type = &#endpoint;
                #headers
            }

            #paged

            #job

            #setters
        }
    }

    /// A link to a method of the handle.
    pub(super) fn method_link(&self, method: &RustName) -> String {
        format!("[`{0}::{1}`]", self.handle.bare(), method.bare())
    }

    /// The impl that gives the requests of an operation the methods `wait` and `poller`.
    fn job(&self, job: &Job, style: &Style<'_>) -> TokenStream {
        let (operation, status) = (ident(&self.operation.type_name), ident(&job.poll));
        let (has_job, state, option) = (style.rt("HasJob"), &job.state.0, style.std("Option"));
        let starts = match &job.starts {
            Some((WireName(id), WireName(placeholder))) => {
                let some = style.std("Some");
                quote!(#some((#id, #placeholder)))
            }
            None => style.std("None"),
        };
        quote! {
            impl #has_job for #operation {
                type Status = #status;
                const STARTS: #option<(&'static str, &'static str)> = #starts;
                const STATE: &'static str = #state;
            }
        }
    }

    /// The `Endpoint` of the operation. What equals the default for its HTTP method is left out.
    fn endpoint(&self, style: &Style<'_>) -> TokenStream {
        let operation = self.operation;
        let (endpoint, http) = (style.rt("Endpoint"), style.rt("Method"));
        let (id, path, method) = (&operation.id, &operation.path, ident_text(&operation.http));
        let operation_id = Some(&operation.operation_id).filter(|id| !id.is_empty());
        let operation_id = operation_id.map(|id| quote!(.operation_id(#id)));
        let version = operation.version.as_ref().map_or_else(|| quote!(crate::API_VERSION), |version| quote!(#version));
        let by_method = matches!(operation.http.as_str(), "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE");
        let idempotent = Some(operation.idempotent).filter(|idempotent| *idempotent != by_method);
        let idempotent = idempotent.map(|idempotent| quote!(.idempotent(#idempotent)));
        let accept = Some(&operation.accept).filter(|accept| *accept != "application/json");
        let accept = accept.map(|accept| quote!(.accept(#accept)));
        let paging = operation.paging.as_ref().map(|paging| {
            let table = paging::table(paging);
            quote!(.paging(&#table))
        });
        quote! {
            #endpoint::new(#id, #http::#method, #path) #operation_id .version(#version) #idempotent #accept #paging
        }
    }
}
