//! An operation as a type: what it sends and answers, and the facts that every call carries.

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Request, RequestBody};
use crate::emit::paging;
use crate::emit::rust::{Style, doc, ident, ident_text};
use crate::ir::{Job, Success};

impl Request<'_> {
    /// The operation as a type, and the setters of its requests.
    pub(super) fn definition(&self, style: &Style<'_>) -> TokenStream {
        let operation = ident(&self.operation.type_name);
        let about = doc(&format!(
            " `{} {}`, the operation of [`{}::{}`]. Its requests have the setters of this page, and the methods of all [requests](Request).",
            self.operation.http,
            self.operation.path,
            self.handle.bare(),
            self.operation.method.bare()
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
        let job = self.operation.job.as_ref().map(|job| self.job(job, style));
        let setters = self.setters(style);
        let setters = (!setters.is_empty()).then(|| quote!(impl Setters<#operation> { #setters }));
        let (endpoint_type, trait_name, emitted) = (style.rt("Endpoint"), style.rt("Operation"), style.rt("Emitted"));
        quote! {
            #about
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

    /// The impl that gives requests that start a job the methods `wait` and `poller`.
    fn job(&self, job: &Job, style: &Style<'_>) -> TokenStream {
        let (operation, status) = (ident(&self.operation.type_name), ident(&job.poll));
        let (id, placeholder, state) = (&job.id.0, &job.placeholder.0, &job.state.0);
        let starts = style.rt("StartsJob");
        quote! {
            impl #starts for #operation {
                type Status = #status;
                const ID: &'static str = #id;
                const PLACEHOLDER: &'static str = #placeholder;
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
