//! Emits `src/webhooks.rs`: the topics of notifications, and the items that notifications are about.
//!
//! ```text
//! pub enum Topic { ContactCreated, …, Unknown(String) }
//! pub enum Item { Contact(Box<types::Contact>), …, Unknown(Value) }
//! impl webhooks::Item for Item { fn read(topic, json) → match topic { Topic::ContactCreated => read(json, Self::Contact), … } }
//! pub type Receiver = intercom_platform::webhooks::Receiver<Item>;
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::reexports;
use crate::emit::rust::{doc, ident, ident_text, number};
use crate::ir::{Api, PlatformFeature, Presence, RustName, Topic, Ty, TypeId, TypeKind};
use crate::names::{self, Scope, reserved::NameKind};

/// Emits the module.
pub(super) fn module(api: &Api, feature: &PlatformFeature) -> TokenStream {
    Webhooks::new(api, feature).module()
}

/// The name of the enum of all items, the type argument of notifications.
const ITEM: &str = "Item";

/// A variant of the enum of items, with the type that it holds.
struct ItemVariant {
    variant: RustName,
    ty: TypeId,
}

/// The feature, and the variants of the two enums of its module.
struct Webhooks<'a> {
    api: &'a Api,
    feature: &'a PlatformFeature,
    /// The variants of the enum of items.
    variants: Vec<ItemVariant>,
    /// The variants of the enum of topics, in the order of the topics.
    topics: Vec<Ident>,
}

impl<'a> Webhooks<'a> {
    fn new(api: &'a Api, feature: &'a PlatformFeature) -> Self {
        let (mut scope, mut variants) = (Scope::of(NameKind::Variant), Vec::<ItemVariant>::new());
        for ty in feature.topics.iter().flat_map(Topic::items) {
            if !variants.iter().any(|item| item.ty == ty) {
                let name = api.types[ty].name.bare();
                let variant = scope.claim(RustName(name.strip_prefix("Webhook").unwrap_or(name).to_owned()));
                variants.push(ItemVariant { variant, ty });
            }
        }
        let mut scope = Scope::of(NameKind::Variant);
        let topics = feature.topics.iter().map(|topic| ident(&scope.claim(names::camel(&topic.wire.0)))).collect();
        Self { api, feature, variants, topics }
    }

    fn module(&self) -> TokenStream {
        let (topic, item) = (self.topic(), self.item());
        let reexports = reexports(self.feature, Some(&ident_text(ITEM)));
        quote! {
            #![doc = " Verifies webhook notifications and reads them with the type of their topic."]
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

    /// The enum of topics.
    fn topic(&self) -> TokenStream {
        let (names, topics) = (&self.topics, &self.feature.topics);
        let (wires, numbers) = (topics.iter().map(|topic| &topic.wire.0), (0..topics.len()).map(number));
        let docs = topics.iter().map(|topic| doc(&self.topic_doc(topic)));
        let since = self.text_arms(|topic| topic.since.as_deref());
        let permission = self.text_arms(|topic| topic.permission.as_deref());
        quote! {
            #[doc = " The topic of a notification: which event it reports."]
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Topic {
                #(#docs #names,)*
                #[doc = " A topic that this crate does not know, unchanged."]
                Unknown(String),
            }

            intercom_data::text_enum! { Topic; #(#numbers #names #wires;)* }

            impl Topic {
                #[doc = " Returns the API version that introduced the topic, where Intercom documents it."]
                pub fn since(&self) -> Option<&'static str> {
                    match self { #since _ => None }
                }

                #[doc = " Returns the permission that the app needs, where Intercom documents it."]
                pub fn permission(&self) -> Option<&'static str> {
                    match self { #permission _ => None }
                }
            }
        }
    }

    fn topic_doc(&self, topic: &Topic) -> String {
        let mut text = format!(" `{}`", topic.wire.0);
        let items: Vec<String> =
            topic.items().map(|ty| format!("[`{0}`](types::{0})", self.api.types[ty].name.bare())).collect();
        if items.is_empty() {
            text.push_str("; this version does not describe its item.");
        } else {
            text.push_str(&format!(", with an item of type {}.", items.join(" or ")));
        }
        if let Some(since) = &topic.since {
            text.push_str(&format!(" Since {since}."));
        }
        if topic.preview_only {
            text.push_str(" Only in Preview.");
        }
        text
    }

    /// Match arms from topics to texts, with one arm for all topics that have the same text.
    fn text_arms(&self, text: impl Fn(&Topic) -> Option<&str>) -> TokenStream {
        let mut texts: Vec<&str> = self.feature.topics.iter().filter_map(&text).collect();
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

    /// The variants of some topics.
    fn topics_where(&self, keep: impl Fn(&Topic) -> bool) -> Vec<&Ident> {
        self.feature.topics.iter().zip(&self.topics).filter(|(topic, _)| keep(topic)).map(|(_, name)| name).collect()
    }

    /// The variant of the enum of items that holds a type.
    fn variant(&self, ty: TypeId) -> Option<Ident> {
        self.variants.iter().find(|item| item.ty == ty).map(|item| ident(&item.variant))
    }

    /// The enum of items.
    fn item(&self) -> TokenStream {
        let variants = self.variants.iter().map(|item| {
            let (variant, ty) = (ident(&item.variant), ident(&self.api.types[item.ty].name));
            let about = doc(&format!(" An item of type [`{0}`](types::{0}).", self.api.types[item.ty].name.bare()));
            quote!(#about #variant(Box<types::#ty>),)
        });
        let (arms, accessors) = (self.arms(), self.accessors());
        let wrapped = self.feature.topics.iter().any(|topic| !topic.wrapped.is_empty());
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
            #[doc = " The item of a notification, typed by its topic."]
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Item {
                #(#variants)*
                #[doc = " The item of a topic that this version does not describe, or an item that does not match its type, unchanged."]
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

    /// The match arms of `read`, with one arm for all topics whose items can have the same types. Topics without a described item have
    /// none.
    fn arms(&self) -> TokenStream {
        let mut arms = TokenStream::new();
        let mut done = Vec::new();
        for topic in &self.feature.topics {
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

    /// For each type of the REST API that an item can have, a method that returns the value, whether the value is the item itself or a
    /// field of the item; and the method of [`newest`](Self::newest).
    fn accessors(&self) -> TokenStream {
        let own = self.variants.iter().filter(|item| self.api.types[item.ty].platform_feature.is_none());
        own.map(|item| {
            let def = &self.api.types[item.ty];
            let (name, ty) = (ident(&names::snake(def.name.bare())), ident(&def.name));
            let about = doc(&format!(" The [`{0}`](types::{0}), if the item is one or contains one.", def.name.bare()));
            let variant = ident(&item.variant);
            let inside = self.variants.iter().filter_map(|other| {
                let (variant, field) = (ident(&other.variant), self.field_of(other.ty, item.ty)?);
                Some(quote!(Self::#variant(item) => #field,))
            });
            let newest = self.newest(item);
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

    /// The expression for the field of an item that has the wanted type; `None` if there is none, or if the item's type is one of the REST
    /// API.
    fn field_of(&self, item: TypeId, wanted: TypeId) -> Option<TokenStream> {
        let TypeKind::Struct(structure) = &self.api.types[item].kind else { return None };
        self.api.types[item].platform_feature.as_ref()?;
        let field = structure.fields.iter().find(|field| field.ty.named() == Some(wanted))?;
        let name = ident(&field.ident);
        Some(match (&field.ty, field.presence) {
            (Ty::Boxed(_), Presence::Always) => quote!(Some(&*item.#name)),
            (Ty::Boxed(_), _) => quote!(item.#name.as_deref()),
            (Ty::Named(_), Presence::Always) => quote!(Some(&item.#name)),
            (Ty::Named(_), _) => quote!(item.#name.as_ref()),
            _ => return None,
        })
    }

    /// The method that returns the part that a notification reports, such as the new part of a conversation: the last one in the list.
    /// `None` if the feature names no such list for the item, or the item's type in this version lacks it.
    fn newest(&self, item: &ItemVariant) -> Option<TokenStream> {
        let (_, path) = self.feature.newest.iter().find(|(ty, _)| *ty == item.ty)?;
        let owner = ident(&names::snake(self.api.types[item.ty].name.bare()));
        let mut value = quote!(self.#owner()?);
        let (mut ty, mut last) = (Ty::Named(item.ty), None);
        for wire in path {
            let (_, structure) = self.api.types.struct_of(&ty)?;
            let field = structure.fields.iter().find(|field| field.wire == *wire)?;
            let name = ident(&field.ident);
            value = match (&field.ty, field.presence) {
                (_, Presence::Always) => quote!(#value.#name),
                (Ty::Boxed(_), _) => quote!(#value.#name.as_deref()?),
                _ => quote!(#value.#name.as_ref()?),
            };
            ty = field.ty.clone();
            if let Ty::List(inner) = &ty {
                last = inner.named();
            }
        }
        let part = ident(&self.api.types[last?].name);
        let name = ident_text(&format!("{}_part", names::snake(self.api.types[item.ty].name.bare()).bare()));
        let about = self.feature.newest_doc.lines().map(|line| doc(&format!(" {line}")));
        Some(quote! {
            #(#about)*
            pub fn #name(&self) -> Option<&types::#part> {
                #value.last()
            }
        })
    }
}
