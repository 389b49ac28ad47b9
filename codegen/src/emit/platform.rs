//! Emits `src/webhooks.rs`, `src/fin_events.rs` and `src/canvas_kit.rs`: what Intercom sends to an app, each behind a cargo
//! feature.
//!
//! ```text
//! pub use crate::types::{CanvasRequest, …};
//! pub use intercom_platform::canvas_kit::{ReceiveError, …};
//! pub type Receiver = intercom_platform::canvas_kit::Receiver<CanvasRequest>;
//! ```

mod webhooks;

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Crate;
use super::file::File;
use super::rust::{doc, ident, ident_text};
use crate::ir::{Api, PlatformFeature, Presence, RustName, TypeKind};

/// A module for each platform feature that the version has.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    let api = krate.api;
    let file = |feature: &PlatformFeature| {
        let tokens = if feature.topics.is_empty() { module(krate, feature) } else { webhooks::module(api, feature) };
        File::platform(format!("src/{}.rs", feature.name), feature, "", tokens)
    };
    present(api).map(file).collect()
}

/// The platform features for which the version describes something to receive.
pub(super) fn present(api: &Api) -> impl Iterator<Item = &PlatformFeature> {
    api.platform_features.iter().filter(|feature| feature.is_present())
}

/// The declarations of the modules in `lib.rs`.
pub(super) fn modules(api: &Api) -> TokenStream {
    let modules = present(api).map(|feature| {
        let (name, feature) = (ident_text(&feature.name), &feature.name);
        quote!(#[cfg(feature = #feature)] pub mod #name;)
    });
    quote!(#(#modules)*)
}

/// The re-exports of a platform feature from `intercom_platform` and the runtime, and its type aliases, which fill in `received` (what this
/// version receives) for the type parameters of `intercom_platform`.
fn reexports(feature: &PlatformFeature, received: Option<&Ident>) -> TokenStream {
    let module = ident_text(&feature.name);
    let list = |names: &[RustName]| names.iter().map(ident).collect::<Vec<_>>();
    let used = |path: TokenStream, names: &[RustName]| {
        let names = list(names);
        (!names.is_empty()).then(|| quote!(pub use #path::{#(#names),*};))
    };
    let platform = used(quote!(intercom_platform::#module), &feature.reexports.platform);
    let modules = used(quote!(intercom_platform), &feature.reexports.modules);
    let runtime = used(quote!(intercom_runtime::#module), &feature.reexports.runtime)
        .map(|runtime| quote!(#[cfg(feature = "client")] #runtime));
    let aliases = received.into_iter().flat_map(|received| {
        let module = &module;
        feature.reexports.aliases.iter().map(move |(name, about)| {
            let (name, about) = (ident(name), doc(&format!(" {about}")));
            quote!(#about pub type #name = intercom_platform::#module::#name<#received>;)
        })
    });
    quote!(#platform #modules #runtime #(#aliases)*)
}

/// The module of a platform feature without topics: its own types, the re-exports, and the methods `subscribe`.
fn module(krate: &Crate<'_>, feature: &PlatformFeature) -> TokenStream {
    let api = krate.api;
    let own: BTreeSet<_> = api
        .types
        .iter()
        .filter(|def| def.platform_feature.as_ref() == Some(&feature.name))
        .map(|def| &def.module)
        .collect();
    // Types of inline schemas are included: they are in the module of the named schema around them.
    let types = api.types.iter().filter(|def| own.contains(&def.module)).map(|def| ident(&def.name));
    let received = feature.received.first().map(|received| ident(&api.types[*received].name));
    let about = format!(" What [`intercom_platform::{}`] has, with the types of this version.", feature.name);
    let (reexports, subscriptions) = (reexports(feature, received.as_ref()), subscriptions(krate, feature));
    quote! {
        #![doc = #about]

        pub use crate::types::{#(#types),*};

        #reexports

        #subscriptions
    }
}

/// The method `subscribe` of each type that has the field with the address of an event stream. There is none if the feature has no such
/// field, or several types of events.
fn subscriptions(krate: &Crate<'_>, feature: &PlatformFeature) -> TokenStream {
    let (Some(wire), [event]) = (&feature.stream_url_field, &feature.received[..]) else { return TokenStream::new() };
    let (module, event) = (ident_text(&feature.name), ident(&krate.api.types[*event].name));
    let answers = krate.api.types.iter().filter_map(|def| {
        let TypeKind::Struct(structure) = &def.kind else { return None };
        let field = structure.fields.iter().find(|field| field.wire == *wire)?;
        let (name, condition) = (ident(&def.name), krate.features.condition(&def.module));
        let field_name = ident(&field.ident);
        let url = match field.presence {
            Presence::Always => quote!(Some(&self.#field_name)),
            _ => quote!(self.#field_name.as_deref()),
        };
        let about = feature.stream_doc.lines().map(|line| doc(&format!(" {line}")));
        Some(quote! {
            #condition
            #[cfg(feature = "client")]
            impl crate::types::#name {
                #(#about)*
                pub fn subscribe(&self, client: &crate::Client) -> crate::Result<EventStream<#event>> {
                    intercom_runtime::#module::private::subscribe_optional(client.core(), #url)
                }
            }
        })
    });
    answers.collect()
}
