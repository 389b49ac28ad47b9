//! An operation as a type: what it sends and answers, and the facts that every call carries.

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Request, RequestBody};
use crate::emit::paging;
use crate::emit::rust::{Style, doc, ident, ident_text};
use crate::ir::Success;

impl Request<'_> {
    /// The operation as a type, and the setters of its requests.
    pub(super) fn definition(&self, style: &Style<'_>) -> TokenStream {
        let operation = ident(&self.operation.type_name);
        let about = doc(&format!(
            " `{} {}`, the operation of [`{}::{}`].",
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
        let paged =
            self.operation.paging.as_ref().map(|paging| paging::paged(&self.operation.type_name, paging, style));
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
        let accept = &operation.accept;
        let path = &operation.path;
        let method = ident_text(&operation.http);
        let paging = match &operation.paging {
            Some(paging) => {
                let (some, table) = (style.std("Some"), paging::table(paging, style));
                quote!(#some(&#table))
            }
            None => style.std("None"),
        };
        let version = operation.version.as_ref().map_or_else(|| quote!(crate::API_VERSION), |version| quote!(#version));
        let (endpoint, http) = (style.rt("Endpoint"), style.rt("Method"));
        quote! {
            #endpoint {
                id: #id,
                operation_id: #operation_id,
                version: #version,
                method: #http::#method,
                path: #path,
                idempotent: #idempotent,
                accept: #accept,
                paging: #paging,
            }
        }
    }
}
