//! What is sent is made by constructors and setters.
//!
//! ```text
//! impl Contact { pub fn new(…) -> Self; pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::field_doc;
use crate::emit::rust::{Style, doc, ident, ident_text, number};
use crate::ir::{Field, Presence, RustName, Struct, TypeDef, WireName};
use crate::names::reserved::Place;
use crate::names::{self, Scope};

/// Constructors and setters of what is sent.
pub(super) fn setters(def: &TypeDef, structure: &Struct, style: &Style<'_>) -> TokenStream {
    let name = ident(&def.name);
    let mut scope = Scope::of(Place::TypeMethod);
    let new = constructor(&scope.claim(RustName("new".to_owned())), structure, &[], style);
    let mut alternatives = TokenStream::new();
    for alternative in &structure.alternatives {
        let asked: Vec<&WireName> = alternative.iter().filter(|wire| !required_everywhere(structure, wire)).collect();
        if asked.is_empty() {
            continue;
        }
        let words: Vec<&str> = asked.iter().map(|wire| wire.0.as_str()).collect();
        let name = names::snake(&format!("with {}", words.join(" and ")));
        if !scope.has(&name) {
            alternatives.extend(constructor(&scope.claim(name), structure, &asked, style));
        }
    }
    let setters: TokenStream = structure
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| setter(index, field, &mut scope, style, &quote!(self)))
        .collect();
    let allow = structure.fields.iter().any(|field| field.deprecated).then(|| quote!(#[allow(deprecated)]));
    quote! {
        #allow
        impl #name {
            #new
            #alternatives
            #setters
        }
    }
}

fn required_everywhere(structure: &Struct, wire: &WireName) -> bool {
    structure.fields.iter().any(|field| field.wire == *wire && field.required)
}

/// The fields that `new` asks for: what is required, except what has only one value.
pub(in crate::emit) fn constructor_fields(structure: &Struct) -> impl Iterator<Item = &Field> {
    structure.fields.iter().filter(|field| field.required && field.constant.is_none())
}

fn constructor(name: &RustName, structure: &Struct, asked: &[&WireName], style: &Style<'_>) -> TokenStream {
    let arguments: Vec<&Field> = structure
        .fields
        .iter()
        .filter(|field| field.constant.is_none() && (field.required || asked.contains(&&field.wire)))
        .collect();
    let (mut params, mut sets) = (TokenStream::new(), TokenStream::new());
    for field in &arguments {
        let ident = ident(&field.ident);
        let (accepts, convert) = style.argument(&ident, &field.ty);
        let value = wrap(field, convert, style);
        params.extend(quote!(#ident: #accepts,));
        let plain = ident == value.to_string();
        sets.extend(if plain { quote!(#ident,) } else { quote!(#ident: #value,) });
    }
    for field in structure.fields.iter().filter(|field| field.required) {
        if let Some(constant) = &field.constant {
            let ident = ident(&field.ident);
            let value = wrap(field, quote!(#constant.into()), style);
            sets.extend(quote!(#ident: #value,));
        }
    }
    let name = ident(name);
    let default = style.std("Default");
    let names: Vec<String> = arguments.iter().map(|field| format!("`{}`", field.wire.0)).collect();
    let about =
        doc(&if names.is_empty() { " With nothing set.".to_owned() } else { format!(" With {}.", names.join(", ")) });
    if sets.is_empty() {
        return quote!(#about pub fn #name() -> Self { #default::default() });
    }
    quote! {
        #about
        pub fn #name(#params) -> Self {
            Self { #sets ..#default::default() }
        }
    }
}

fn wrap(field: &Field, value: TokenStream, style: &Style<'_>) -> TokenStream {
    if field.presence == Presence::Required {
        return value;
    }
    let some = style.std("Some");
    quote!(#some(#value))
}

/// The setter of a field, and what makes it null where it may be. `target` is what has the field.
pub(in crate::emit) fn setter(
    index: usize,
    field: &Field,
    scope: &mut Scope,
    style: &Style,
    target: &TokenStream,
) -> TokenStream {
    let set = ident(&scope.claim(field.ident.clone()));
    let field_ident = ident(&field.ident);
    let argument = ident_text("value");
    let (accepts, convert) = style.argument(&argument, &field.ty);
    let value = wrap(field, convert, style);
    let about = field_doc(field);
    let deprecated = field.deprecated.then(|| quote!(#[deprecated = "the description marks it so"]));
    let clear = (field.nullable && field.presence != Presence::Required).then(|| {
        let clear = ident(&scope.claim(RustName(format!("clear_{}", field.ident.bare()))));
        let about = doc(&format!(" Sends null for `{}`.", field.wire.0.replace('`', "'")));
        let (none, index) = (style.std("None"), number(index));
        let wire = &field.wire.0;
        quote! {
            #about
            #deprecated
            pub fn #clear(mut self) -> Self {
                #target.#field_ident = #none;
                #target.extra.set_null(#index, #wire);
                self
            }
        }
    });
    quote! {
        #about
        #deprecated
        pub fn #set(mut self, value: #accepts) -> Self {
            #target.#field_ident = #value;
            self
        }
        #clear
    }
}
