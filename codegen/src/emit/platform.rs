//! `src/webhooks.rs`, `src/fin_events.rs`, `src/canvas_kit.rs`: what Intercom sends to an app, behind a feature each.
//!
//! ```text
//! pub enum Topic { ContactCreated, …, Unknown(String) }
//! pub enum Item { Contact(Box<types::Contact>), …, Unknown(Value) }
//! impl webhooks::Item for Item { fn read(topic, json) → match topic { Topic::ContactCreated => read(json, Self::Contact), … } }
//! pub type Receiver = intercom_platform::webhooks::Receiver<Item>;
//! ```

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Crate;
use super::file::File;
use super::rust::{doc, ident, ident_text, number};
use crate::ir::{Api, Part, Presence, RustName, Topic, Ty, TypeId, TypeKind};
use crate::names::{self, Scope, reserved::Place};

/// A module for each part of the platform that the version has.
pub(super) fn files(parts: &Crate<'_>) -> Vec<File> {
    let api = parts.api;
    let file = |part: &Part| {
        let tokens = if part.topics.is_empty() { plain(parts, part) } else { Webhooks::new(api, part).module() };
        File::rust(format!("src/{}.rs", part.name), "", tokens)
    };
    present(api).map(file).collect()
}

/// The parts that have something to receive.
pub(super) fn present(api: &Api) -> impl Iterator<Item = &Part> {
    api.parts.iter().filter(|part| part.incoming().next().is_some())
}

/// The modules, for `lib.rs`.
pub(super) fn modules(api: &Api) -> TokenStream {
    let modules = present(api).map(|part| {
        let (name, feature) = (ident_text(&part.name), &part.name);
        quote!(#[cfg(feature = #feature)] pub mod #name;)
    });
    quote!(#(#modules)*)
}

/// The re-exports of a part from `intercom_platform` and the runtime, and aliases of generic types of
/// `intercom_platform` for what this version receives.
fn reexports(part: &Part, received: Option<&Ident>) -> TokenStream {
    let module = ident_text(&part.name);
    let list = |names: &[RustName]| names.iter().map(ident).collect::<Vec<_>>();
    let used = |path: TokenStream, names: &[RustName]| {
        let names = list(names);
        (!names.is_empty()).then(|| quote!(pub use #path::{#(#names),*};))
    };
    let platform = used(quote!(intercom_platform::#module), &part.reexports.platform);
    let modules = used(quote!(intercom_platform), &part.reexports.modules);
    let runtime = used(quote!(intercom_runtime::#module), &part.reexports.runtime)
        .map(|runtime| quote!(#[cfg(feature = "client")] #runtime));
    let aliases = received.into_iter().flat_map(|received| {
        let module = &module;
        part.reexports.aliases.iter().map(move |(name, about)| {
            let (name, about) = (ident(name), doc(&format!(" {about}")));
            quote!(#about pub type #name = intercom_platform::#module::#name<#received>;)
        })
    });
    quote!(#platform #modules #runtime #(#aliases)*)
}

/// The module of a part without topics: the part's own types, and the re-exports.
fn plain(krate: &Crate<'_>, part: &Part) -> TokenStream {
    let api = krate.api;
    let own: BTreeSet<_> =
        api.types.iter().filter(|def| def.part.as_ref() == Some(&part.name)).map(|def| &def.module).collect();
    // With the types of inline schemas, which are in the modules of the named ones.
    let types = api.types.iter().filter(|def| own.contains(&def.module)).map(|def| ident(&def.name));
    let received = part.received.first().map(|received| ident(&api.types[*received].name));
    let about = format!(" What [`intercom_platform::{}`] has, with the types of this version.", part.name);
    let (reexports, subscriptions) = (reexports(part, received.as_ref()), subscriptions(krate, part));
    quote! {
        #![doc = #about]

        pub use crate::types::{#(#types),*};

        #reexports

        #subscriptions
    }
}

/// A method of each answer that holds the address of an event stream.
fn subscriptions(krate: &Crate<'_>, part: &Part) -> TokenStream {
    let (Some(wire), [event]) = (&part.subscribe, &part.received[..]) else { return TokenStream::new() };
    let (module, event) = (ident_text(&part.name), ident(&krate.api.types[*event].name));
    let answers = krate.api.types.iter().filter_map(|def| {
        let TypeKind::Struct(structure) = &def.kind else { return None };
        let field = structure.fields.iter().find(|field| field.wire == *wire)?;
        let (name, condition) = (ident(&def.name), krate.features.condition(&def.module));
        let field_name = ident(&field.ident);
        let url = match field.presence {
            Presence::Required => quote!(Some(&self.#field_name)),
            _ => quote!(self.#field_name.as_deref()),
        };
        let missing =
            format!(" Where the answer has no `{}`: the workspace then sends events to its callback address only.", wire.0);
        Some(quote! {
            #condition
            #[cfg(feature = "client")]
            impl crate::types::#name {
                #[doc = " Subscribes to the events that follow on this answer. Do that soon: the address is good for three"]
                #[doc = " minutes, and the events of one reply."]
                #[doc = ""]
                #[doc = " # Errors"]
                #[doc = #missing]
                pub fn subscribe(&self, client: &crate::Client) -> crate::Result<EventStream<#event>> {
                    intercom_runtime::#module::private::subscribe_answer(client.core(), #url)
                }
            }
        })
    });
    answers.collect()
}

/// The enum of all items, which the types of notifications are generic over.
const ITEM: &str = "Item";

/// A kind of item: its variant and its type.
struct Kind {
    variant: RustName,
    ty: TypeId,
}

struct Webhooks<'a> {
    api: &'a Api,
    part: &'a Part,
    kinds: Vec<Kind>,
    /// The topics' variants, in their order.
    topics: Vec<Ident>,
}

impl<'a> Webhooks<'a> {
    fn new(api: &'a Api, part: &'a Part) -> Self {
        let (mut scope, mut kinds) = (Scope::of(Place::Variant), Vec::<Kind>::new());
        for ty in part.topics.iter().flat_map(Topic::items) {
            if !kinds.iter().any(|kind| kind.ty == ty) {
                let name = api.types[ty].name.bare();
                let variant = scope.claim(RustName(name.strip_prefix("Webhook").unwrap_or(name).to_owned()));
                kinds.push(Kind { variant, ty });
            }
        }
        let mut scope = Scope::of(Place::Variant);
        let topics = part.topics.iter().map(|topic| ident(&scope.claim(names::camel(&topic.wire.0)))).collect();
        Self { api, part, kinds, topics }
    }

    fn module(&self) -> TokenStream {
        let (topic, item) = (self.topic(), self.item());
        let reexports = reexports(self.part, Some(&ident_text(ITEM)));
        quote! {
            #![doc = " Webhook notifications: verified, and typed by their topic."]
            #![doc = ""]
            #![doc = " A [`Receiver`] verifies a request and reads it; [`Item`] has a variant for each kind of item, with the types"]
            #![doc = " of this version."]

            use intercom_data::{DecodeError, Decoded, Value};

            use crate::types;

            #reexports

            #topic

            #item
        }
    }

    fn topic(&self) -> TokenStream {
        let (names, topics) = (&self.topics, &self.part.topics);
        let (wires, numbers) = (topics.iter().map(|topic| &topic.wire.0), (0..topics.len()).map(number));
        let docs = topics.iter().map(|topic| doc(&self.topic_doc(topic)));
        let since = self.answers(|topic| topic.since.as_deref());
        let permission = self.answers(|topic| topic.permission.as_deref());
        quote! {
            #[doc = " What a notification is about."]
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Topic {
                #(#docs #names,)*
                #[doc = " A topic that this crate does not know."]
                Unknown(String),
            }

            intercom_data::text_enum! { Topic; #(#numbers #names #wires;)* }

            impl Topic {
                #[doc = " The API version that introduced the topic, where Intercom states it."]
                pub fn since(&self) -> Option<&'static str> {
                    match self { #since _ => None }
                }

                #[doc = " What the app must be allowed to read, where Intercom states it."]
                pub fn permission(&self) -> Option<&'static str> {
                    match self { #permission _ => None }
                }
            }
        }
    }

    fn topic_doc(&self, topic: &Topic) -> String {
        let mut text = format!(" `{}`", topic.wire.0);
        match topic.item {
            Some(ty) => text.push_str(&format!("; its item is a [`{0}`](types::{0}).", self.api.types[ty].name.bare())),
            None => text.push_str("; this version does not describe its item."),
        }
        if let Some(since) = &topic.since {
            text.push_str(&format!(" Since {since}."));
        }
        if topic.preview_only {
            text.push_str(" Only in Preview.");
        }
        text
    }

    /// Match arms that return a text, one arm for all topics with the same text.
    fn answers(&self, text: impl Fn(&Topic) -> Option<&str>) -> TokenStream {
        let mut texts: Vec<&str> = self.part.topics.iter().filter_map(&text).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
            .into_iter()
            .map(|wanted| {
                let names = self.topics_where(|topic| text(topic) == Some(wanted));
                quote!(#(Self::#names)|* => Some(#wanted),)
            })
            .collect()
    }

    fn topics_where(&self, keep: impl Fn(&Topic) -> bool) -> Vec<&Ident> {
        self.part.topics.iter().zip(&self.topics).filter(|(topic, _)| keep(topic)).map(|(_, name)| name).collect()
    }

    fn variant(&self, ty: TypeId) -> Option<Ident> {
        self.kinds.iter().find(|kind| kind.ty == ty).map(|kind| ident(&kind.variant))
    }

    fn item(&self) -> TokenStream {
        let variants = self.kinds.iter().map(|kind| {
            let (variant, ty) = (ident(&kind.variant), ident(&self.api.types[kind.ty].name));
            let about = doc(&format!(" A [`{0}`](types::{0}).", self.api.types[kind.ty].name.bare()));
            quote!(#about #variant(Box<types::#ty>),)
        });
        let (arms, accessors) = (self.arms(), self.accessors());
        let wrapped = self.part.topics.iter().any(|topic| !topic.wrapped.is_empty());
        let import = if wrapped {
            quote!(
                use intercom_platform::webhooks::private::{has_key, read};
            )
        } else {
            quote!(
                use intercom_platform::webhooks::private::read;
            )
        };
        quote! {
            #[doc = " What a notification is about, typed by its topic."]
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Item {
                #(#variants)*
                #[doc = " The item of a topic that this version does not describe, or that is nothing like it, as it came."]
                Unknown(Value),
            }

            impl intercom_platform::webhooks::Item for Item {
                type Topic = Topic;

                fn read(topic: &Topic, json: &[u8]) -> Result<Decoded<Self>, DecodeError> {
                    #import

                    match topic {
                        #arms
                        _ => read(json, |value: Box<Value>| Self::Unknown(*value)),
                    }
                }

                fn unknown(value: Value) -> Self {
                    Self::Unknown(value)
                }
            }

            impl Item {
                #accessors
            }
        }
    }

    /// The arms of `read`, the topics of each kind of item together.
    fn arms(&self) -> TokenStream {
        let mut arms = TokenStream::new();
        let mut done = Vec::new();
        for topic in &self.part.topics {
            let shape = (topic.item, &topic.wrapped[..]);
            let Some(variant) = topic.item.and_then(|ty| self.variant(ty)) else { continue };
            if done.contains(&shape) {
                continue;
            }
            done.push(shape);
            let names = self.topics_where(|other| (other.item, &other.wrapped[..]) == shape);
            let wrapped = topic.wrapped.iter().filter_map(|(key, ty)| {
                let (key, variant) = (&key.0, self.variant(*ty)?);
                Some(quote!(if has_key(json, #key) { return read(json, Self::#variant); }))
            });
            let wrapped: Vec<_> = wrapped.collect();
            arms.extend(if wrapped.is_empty() {
                quote!(#(Topic::#names)|* => read(json, Self::#variant),)
            } else {
                quote!(#(Topic::#names)|* => { #(#wrapped)* read(json, Self::#variant) })
            });
        }
        arms
    }

    /// For each of the API's own types that an item can be: the value, whether it is the item or stands in it.
    fn accessors(&self) -> TokenStream {
        let own = self.kinds.iter().filter(|kind| self.api.types[kind.ty].part.is_none());
        own.map(|kind| {
            let def = &self.api.types[kind.ty];
            let (name, ty) = (ident(&names::snake(def.name.bare())), ident(&def.name));
            let about = doc(&format!(" The [`{0}`](types::{0}), if the item is one or has one.", def.name.bare()));
            let variant = ident(&kind.variant);
            let inside = self.kinds.iter().filter_map(|other| {
                let (variant, field) = (ident(&other.variant), self.field_of(other.ty, kind.ty)?);
                Some(quote!(Self::#variant(item) => #field,))
            });
            let newest = self.newest(kind);
            quote! {
                #about
                pub fn #name(&self) -> Option<&types::#ty> {
                    match self {
                        Self::#variant(item) => Some(item),
                        #(#inside)*
                        _ => None,
                    }
                }
                #newest
            }
        })
        .collect()
    }

    /// The expression for the field of an item that holds a type.
    fn field_of(&self, item: TypeId, wanted: TypeId) -> Option<TokenStream> {
        let TypeKind::Struct(structure) = &self.api.types[item].kind else { return None };
        self.api.types[item].part.as_ref()?;
        let field = structure.fields.iter().find(|field| field.ty.named() == Some(wanted))?;
        let name = ident(&field.ident);
        Some(match (&field.ty, field.presence) {
            (Ty::Boxed(_), Presence::Required) => quote!(Some(&*item.#name)),
            (Ty::Boxed(_), _) => quote!(item.#name.as_deref()),
            (Ty::Named(_), Presence::Required) => quote!(Some(&item.#name)),
            (Ty::Named(_), _) => quote!(item.#name.as_ref()),
            _ => return None,
        })
    }

    /// The accessor for the conversation part or ticket part that a notification is about: the last one in the list.
    fn newest(&self, kind: &Kind) -> Option<TokenStream> {
        let (_, path) = self.part.newest.iter().find(|(ty, _)| *ty == kind.ty)?;
        let owner = ident(&names::snake(self.api.types[kind.ty].name.bare()));
        let mut value = quote!(self.#owner()?);
        let (mut ty, mut item) = (Ty::Named(kind.ty), None);
        for wire in path {
            let (_, structure) = self.api.types.object(&ty)?;
            let field = structure.fields.iter().find(|field| field.wire == *wire)?;
            let name = ident(&field.ident);
            value = match (&field.ty, field.presence) {
                (_, Presence::Required) => quote!(#value.#name),
                (Ty::Boxed(_), _) => quote!(#value.#name.as_deref()?),
                _ => quote!(#value.#name.as_ref()?),
            };
            ty = field.ty.clone();
            if let Ty::List(inner) = &ty {
                item = inner.named();
            }
        }
        let part = ident(&self.api.types[item?].name);
        let name = ident_text(&format!("{}_part", names::snake(self.api.types[kind.ty].name.bare()).bare()));
        Some(quote! {
            #[doc = " The part that the notification is about, whatever its kind: a reply that was made together with an"]
            #[doc = " assignment, or that closed or opened the conversation, is a part of that kind with a body."]
            pub fn #name(&self) -> Option<&types::#part> {
                #value.last()
            }
        })
    }
}
