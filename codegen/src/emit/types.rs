//! Emits `src/types.rs`, a file for each named schema, and one for the inline types of each group's operations.
//!
//! ```text
//! pub struct Contact { pub id: Id, pub name: Option<String>, …, pub extra: Extra }
//! intercom_data::object! { Contact; required 0; 0 "id" id; 1 "name" name; … }   // reading, writing, PartialEq, Debug
//! impl Contact { pub fn new(…) -> Self; pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }   // what is sent
//! ```

mod items;
mod setters;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Crate;
use super::features::UNUSED_TYPES;
use super::file::File;
use super::rust::{Imports, doc, ident, ident_text, number};
use crate::doc_comments;
use crate::ir::{Api, Field, Member, Presence, Struct, Success, Ty, TypeDef, TypeId, TypeKind, Union, Variant};
use crate::names;
pub(super) use setters::setter;

/// Emits `types.rs` and the modules below it.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    let (api, mut files) = (krate.api, Vec::new());
    let mut modules: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for def in api.types.iter() {
        modules.entry(&def.module).or_default().push(def);
    }
    let bodies = response_bodies(api);
    let mut index = TokenStream::new();
    for (module, defs) in modules {
        let imports = Imports::new(&api.types, true, defs.iter().map(|def| &def.name));
        let tokens: TokenStream =
            defs.iter().map(|def| definition(api, def, bodies.contains(&def.id), &imports)).collect();
        let use_items = imports.use_items();
        // A module has one named schema with its inline types, or the inline types of a group's operations.
        let named = defs.iter().find(|def| def.wire.is_some());
        let pointer = named.map_or("/paths", |def| &def.pointer);
        let (path, tokens) = (format!("src/types/{module}.rs"), quote!(#use_items #tokens));
        files.push(match named.and_then(|def| api.platform_feature_of(def)) {
            Some(feature) => File::platform(path, feature, pointer, tokens),
            None => File::rust(path, pointer, tokens),
        });
        let feature = krate.features.condition(module);
        let (name, types) = (ident(&names::snake(module)), defs.iter().map(|def| ident(&def.name)));
        let path = (name != module).then(|| {
            let path = format!("types/{module}.rs");
            quote!(#[path = #path])
        });
        index.extend(quote! {
            #feature #path mod #name;
            #feature pub use self::#name::{#(#types),*};
        });
    }
    let about = format!(
        " The types of the API. Types that no operation uses need the feature `{UNUSED_TYPES}`, or the feature of webhooks, Fin events or \
         Canvas Kit that uses them.\n\n All of them \
         implement `PartialEq` and serde's `Serialize` and `Deserialize`, and string enums `Hash`; their pages do not list these."
    );
    let about = about.lines();
    let inner = quote!(#(#![doc = #about])* #index);
    files.push(File::rust("src/types.rs", "/components/schemas", inner));
    files
}

/// The structs, enums and unions that are the whole body of a successful response.
fn response_bodies(api: &Api) -> BTreeSet<TypeId> {
    let operations = api.operations();
    let bodies = operations.filter_map(|operation| match &operation.success {
        Success::Json(ty) => api.types.definition(ty),
        Success::Text | Success::Empty | Success::Download => None,
    });
    bodies.map(|def| def.id).collect()
}

fn definition(api: &Api, def: &TypeDef, is_body: bool, imports: &Imports<'_>) -> TokenStream {
    match &def.kind {
        TypeKind::Struct(structure) => object(def, structure, is_body, imports),
        TypeKind::TextEnum(variants) => text_enum(def, variants, imports),
        TypeKind::Union(union) => one_of(api, def, union, imports),
        TypeKind::Alias(ty) => {
            let (about, name, ty) = (about(def, "an alias"), ident(&def.name), imports.ty(ty));
            quote!(#about pub type #name = #ty;)
        }
    }
}

/// The doc comment of a type: the schema that it represents, and its documentation.
fn about(def: &TypeDef, what: &str) -> TokenStream {
    let opening = match &def.wire {
        Some(wire) => format!("The schema `{}`, {what}.", wire.0),
        None => format!("An inline schema, {what}."),
    };
    doc(&doc_comments::of_type(&opening, def))
}

/// For types in which some fields are `Option`s and others are not.
const PRESENCE: &str = "\n A field is an `Option` unless it is known to be present and not null in every response, and also in every request if the type is sent.";

/// For types of a response body that may be null.
const NULL_BODY: &str = "\n If a response body is null, no field is set, and `extra.is_null_body()` returns `true`.";

fn object(def: &TypeDef, structure: &Struct, is_body: bool, imports: &Imports<'_>) -> TokenStream {
    let name = ident(&def.name);
    let mut about = about(def, "an object");
    if def.nullable && is_body {
        about.extend(doc(NULL_BODY));
    }
    let is_plain = |field: &Field| field.presence == Presence::Always;
    if def.usage.output && structure.fields.iter().any(is_plain) && !structure.fields.iter().all(is_plain) {
        about.extend(doc(PRESENCE));
    }
    let clone = imports.std("Clone");
    let declared = structure.fields.iter().map(|field| {
        let pinned = def.usage.output && field.presence == Presence::Always;
        let doc = if pinned {
            doc(&doc_comments::of_pinned_field(&opening(field), field, default_text(field, imports)))
        } else {
            field_doc(field)
        };
        let (ident, ty) = (ident(&field.ident), imports.field_ty(field));
        let deprecated =
            field.deprecated.then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"]));
        quote!(#doc #deprecated pub #ident: #ty,)
    });
    let allow = structure.fields.iter().any(|field| field.deprecated).then(|| quote!(#[allow(deprecated)]));
    let methods = def.usage.input.then(|| setters::methods(def, structure, imports));
    let (extra, listed) = (imports.library("Extra"), listed(structure));
    let items = def.usage.output.then(|| items::into_items(def, structure, imports));
    let nullable = def.nullable.then(|| quote!(nullable true;));
    quote! {
        #about
        #allow
        #[derive(#clone)]
        #[non_exhaustive]
        pub struct #name {
            #(#declared)*
            #[doc = " Keys that the description does not declare, and values that did not match their type."]
            pub extra: #extra,
        }

        intercom_data::object! { #name; #nullable #listed }

        #items

        #methods
    }
}

/// The body of the macro `intercom_data::object!`: lists of field numbers, then the fields.
///
/// - `required`: the fields that are not `Option`s; the description may require others
/// - `list`: the field of [`list_position`]
/// - `text_ids` and `integer_ids`: the fields whose ids are sent as text, and as numbers
/// - `tag`: key and value of each field that has one fixed value, by which unions tell types apart
fn listed(structure: &Struct) -> TokenStream {
    let numbers = |word: &str, positions: Vec<usize>| {
        let (word, numbers) = (ident_text(word), positions.into_iter().map(number));
        let numbers = quote!(#(#numbers),*);
        (!numbers.is_empty()).then(|| quote!(#word #numbers;))
    };
    let required = numbers("required", positions(structure, |field| field.presence == Presence::Always));
    let list = numbers("list", list_position(structure).into_iter().collect());
    let text_ids = numbers("text_ids", positions(structure, |field| field.id_json_type() == Some("string")));
    let integer_ids = numbers("integer_ids", positions(structure, |field| field.id_json_type() == Some("integer")));
    let tags = structure.fields.iter().filter_map(|field| Some((&field.wire.0, field.constant.as_ref()?)));
    let tags: TokenStream = tags.map(|(key, text)| quote!(tag #key #text;)).collect();
    let fields = structure.fields.iter().enumerate().map(|(index, field)| {
        let (number, wire, ident) = (number(index), &field.wire.0, ident(&field.ident));
        quote!(#number #wire #ident;)
    });
    quote!(#required #list #text_ids #integer_ids #tags #(#fields)*)
}

fn positions(structure: &Struct, keep: impl Fn(&Field) -> bool) -> Vec<usize> {
    structure.fields.iter().enumerate().filter(|(_, field)| keep(field)).map(|(index, _)| index).collect()
}

/// The number of the field that gets the items if the server sends an array where this object is declared: the list `data`, or else
/// the only list. `None` if there is neither.
fn list_position(structure: &Struct) -> Option<usize> {
    let lists = positions(structure, |field| matches!(field.ty, Ty::List(_)));
    let data = lists.iter().copied().find(|index| structure.fields[*index].wire.0 == "data");
    data.or(if lists.len() == 1 { lists.first().copied() } else { None })
}

fn field_doc(field: &Field) -> TokenStream {
    doc(&doc_comments::of_field(&opening(field), field))
}

fn opening(field: &Field) -> String {
    let nullable = if field.nullable { "; may be null" } else { "" };
    format!("`{}`{nullable}.", field.wire.0.replace('`', "'"))
}

/// Describes the value that a pinned field has if a response lacks it.
fn default_text(field: &Field, imports: &Imports<'_>) -> &'static str {
    match imports.resolve(&field.ty) {
        Ty::String | Ty::Id => "an empty string",
        Ty::Bool => "`false`",
        Ty::I64 | Ty::F64 => "0",
        Ty::Timestamp => "0 (1970-01-01)",
        Ty::List(_) => "an empty list",
        Ty::Map(_) | Ty::Attributes => "an empty object",
        Ty::Named(id) => match imports.kind(*id) {
            TypeKind::Struct(_) => "an object with no field set",
            TypeKind::TextEnum(_) => "`Unknown` with an empty string",
            TypeKind::Union(_) | TypeKind::Alias(_) => "`Unknown` with null",
        },
        Ty::Value | Ty::Bytes | Ty::Nullable(_) | Ty::Boxed(_) => "null",
    }
}

fn text_enum(def: &TypeDef, variants: &[Variant], imports: &Imports<'_>) -> TokenStream {
    let name = ident(&def.name);
    let about = about(def, "a string enum");
    let (string, clone) = (imports.std("String"), imports.std("Clone"));
    let names: Vec<_> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let wires: Vec<_> = variants.iter().map(|variant| &variant.wire.0).collect();
    let numbers = (0..variants.len()).map(number);
    let docs = variants.iter().map(|variant| doc(&doc_comments::of_variant(variant)));
    quote! {
        #about
        #[derive(#clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #names,)*
            #[doc = " A value that the description does not list, unchanged."]
            Unknown(#string),
        }

        intercom_data::text_enum! { #name; #(#numbers #names #wires;)* }
    }
}

fn one_of(api: &Api, def: &TypeDef, union: &Union, imports: &Imports<'_>) -> TokenStream {
    let members = &union.members;
    let name = ident(&def.name);
    let about = about(def, "a union of types");
    let clone = imports.std("Clone");
    let tag = union.tag.as_ref().map_or("", |tag| &tag.0);
    let alternatives = members.iter().enumerate().map(|(index, member)| {
        let (number, name, tags) = (number(index), ident(&member.name), &member.tags);
        quote!(#number #name #(#tags)*;)
    });
    let names: Vec<_> = members.iter().map(|member| ident(&member.name)).collect();
    let types: Vec<_> = members.iter().map(|member| imports.ty(&member.ty)).collect();
    let docs = members.iter().map(|member| doc(&format!(" {}", member_doc(&member.ty, imports))));
    let conversions = conversions(api, def, members, imports);
    let value = imports.library("Value");
    quote! {
        #about
        #[derive(#clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #names(#types),)*
            #[doc = " A value that matches none of the types, unchanged."]
            Unknown(#value),
        }

        intercom_data::union_enum! { #name #tag; #(#alternatives)* }

        #conversions
    }
}

/// The doc of a union's variant: what it holds.
fn member_doc(ty: &Ty, imports: &Imports<'_>) -> String {
    match ty {
        Ty::Named(id) => format!("[`{0}`](super::{0}).", imports.name(*id)),
        Ty::Boxed(inner) => member_doc(inner, imports),
        Ty::List(item) => match item.named() {
            Some(id) => format!("A list of [`{0}`](super::{0}).", imports.name(id)),
            None => "A list.".to_owned(),
        },
        Ty::String => "A string.".to_owned(),
        Ty::Bool => "A boolean.".to_owned(),
        Ty::I64 => "An integer.".to_owned(),
        Ty::F64 => "A number.".to_owned(),
        Ty::Timestamp => "A point in time.".to_owned(),
        _ => "A value.".to_owned(),
    }
}

/// The `From` impls of a union: for each member whose type no other member has, except free-form JSON; for `&str` if such a member is a
/// string; and for objects in the unions among its members (see [`nested`]).
fn conversions(api: &Api, def: &TypeDef, members: &[Member], imports: &Imports<'_>) -> TokenStream {
    let name = ident(&def.name);
    let resolved: Vec<&Ty> = members.iter().map(|member| api.types.resolve(&member.ty)).collect();
    let from = imports.std("From");
    let mut all = TokenStream::new();
    for (member, ty) in members.iter().zip(&resolved) {
        if resolved.iter().filter(|other| *other == ty).count() > 1 || **ty == Ty::Value {
            continue;
        }
        let variant = ident(&member.name);
        let (inner, convert) = match &member.ty {
            Ty::Boxed(inner) => {
                let boxed = imports.std("Box");
                (imports.ty(inner), quote!(#boxed::new(value)))
            }
            ty => (imports.ty(ty), quote!(value)),
        };
        all.extend(quote! {
            impl #from<#inner> for #name {
                fn from(value: #inner) -> Self {
                    Self::#variant(#convert)
                }
            }
        });
        if **ty == Ty::String {
            all.extend(quote! {
                impl #from<&str> for #name {
                    fn from(value: &str) -> Self {
                        Self::#variant(value.into())
                    }
                }
            });
        }
    }
    for (member, ty) in nested(api, members) {
        let (variant, inner) = (ident(&member.name), imports.ty(&ty));
        let convert = match &member.ty {
            Ty::Boxed(inner) => {
                let (boxed, union) = (imports.std("Box"), imports.ty(inner));
                quote!(#boxed::new(#union::from(value)))
            }
            _ => quote!(value.into()),
        };
        all.extend(quote! {
            impl #from<#inner> for #name {
                fn from(value: #inner) -> Self {
                    Self::#variant(#convert)
                }
            }
        });
    }
    all
}

/// The object types in the unions that are members of this union, each with the member that it is in. Two kinds are left out: a type
/// that is in two of these unions, because its `From` would be ambiguous; and a type that is also a member of this union itself,
/// because the member has a `From` already.
fn nested<'a>(api: &'a Api, members: &'a [Member]) -> Vec<(&'a Member, Ty)> {
    let inner = |member: &'a Member| match api.types.definition(&member.ty).map(|def| &def.kind) {
        Some(TypeKind::Union(union)) => union.members.iter().map(|inner| &inner.ty).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let all: Vec<(&Member, &Ty)> =
        members.iter().flat_map(|member| inner(member).into_iter().map(move |ty| (member, ty))).collect();
    let own: Vec<&Ty> = members.iter().map(|member| api.types.resolve(&member.ty)).collect();
    let once = |ty: &Ty| {
        let ty = api.types.resolve(ty);
        api.types.is_object(ty)
            && !own.contains(&ty)
            && all.iter().filter(|(_, other)| api.types.resolve(other) == ty).count() == 1
    };
    all.iter()
        .filter(|(_, ty)| matches!(ty, Ty::Named(_)) && once(ty))
        .map(|(member, ty)| (*member, (*ty).clone()))
        .collect()
}
