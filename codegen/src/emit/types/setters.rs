//! Emits the constructors and setters of types that are sent.
//!
//! ```text
//! impl Contact { pub fn new(…) -> Self; pub fn name(self, …) -> Self; pub fn clear_name(self) -> Self }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::field_doc;
use crate::emit::rust::{Imports, doc, ident, ident_text, number};
use crate::ir::{Field, Presence, RustName, Struct, TypeDef};
use crate::names::Scope;
use crate::names::reserved::NameKind;

/// The methods of a struct that is sent: its constructors, its setters and `maybe`.
pub(super) fn methods(def: &TypeDef, structure: &Struct, imports: &Imports<'_>) -> TokenStream {
    let name = ident(&def.name);
    let mut scope = Scope::of(NameKind::TypeMethod);
    let required: Vec<&Field> = structure.constructor_fields().collect();
    let new = constructor(&scope.claim(RustName("new".to_owned())), structure, &required, &[], imports);
    let mut alternatives = TokenStream::new();
    for made in structure.constructors() {
        let name = scope.claim(made.name);
        alternatives.extend(constructor(&name, structure, &made.arguments, &made.constants, imports));
    }
    let maybe = maybe(imports);
    let setters: TokenStream = structure
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| setter(index, field, &mut scope, imports, &quote!(self)))
        .collect();
    let allow = structure.fields.iter().any(|field| field.deprecated).then(|| quote!(#[allow(deprecated)]));
    quote! {
        #allow
        impl #name {
            #new
            #alternatives
            #setters
            #maybe
        }
    }
}

/// The method `maybe`, which requests also have: it calls a setter with the value of an `Option` that is `Some`.
fn maybe(imports: &Imports<'_>) -> TokenStream {
    let option = imports.std("Option");
    quote! {
        #[doc = " Calls a setter with a value, if there is one: `body.maybe(name, |body, name| body.name(name))`."]
        pub fn maybe<V>(self, value: #option<V>, set: impl ::core::ops::FnOnce(Self, V) -> Self) -> Self {
            intercom_data::private::maybe(self, value, set)
        }
    }
}

/// A constructor. It takes the fields `arguments`, and fills in the required fields that have one fixed value and the fields `constants`.
fn constructor(
    name: &RustName,
    structure: &Struct,
    arguments: &[&Field],
    constants: &[(&Field, &str)],
    imports: &Imports<'_>,
) -> TokenStream {
    let (mut params, mut sets) = (TokenStream::new(), TokenStream::new());
    for field in arguments {
        let ident = ident(&field.ident);
        let (accepts, convert) = imports.argument(&ident, &field.ty);
        let value = wrap(field, convert, imports);
        params.extend(quote!(#ident: #accepts,));
        let plain = ident == value.to_string();
        sets.extend(if plain { quote!(#ident,) } else { quote!(#ident: #value,) });
    }
    let always = structure.fields.iter().filter(|field| field.required);
    let always = always.filter_map(|field| Some((field, field.constant.as_deref()?)));
    let fixed: Vec<(&Field, &str)> = always.chain(constants.iter().copied()).collect();
    for (field, constant) in &fixed {
        let ident = ident(&field.ident);
        let value = wrap(field, quote!(#constant.into()), imports);
        sets.extend(quote!(#ident: #value,));
    }
    let name = ident(name);
    let default = imports.std("Default");
    let arguments: Vec<String> = arguments.iter().map(|field| format!("`{}`", field.wire.0)).collect();
    let fixed: Vec<String> =
        fixed.iter().map(|(field, value)| format!("`{}` set to `{value}`", field.wire.0)).collect();
    let parts: Vec<String> =
        [arguments, fixed].iter().filter(|list| !list.is_empty()).map(|list| list.join(", ")).collect();
    let about = doc(&if parts.is_empty() {
        " Creates the object with no field set.".to_owned()
    } else {
        format!(" Creates the object with {}.", parts.join(", and with "))
    });
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

/// The value as the field holds it: in `Some` if the field is an `Option`.
fn wrap(field: &Field, value: TokenStream, imports: &Imports<'_>) -> TokenStream {
    if field.presence == Presence::Always {
        return value;
    }
    let some = imports.std("Some");
    quote!(#some(#value))
}

/// The setter of a field, and the method `clear_…` that sends null for it if it is nullable. `index` is the number of the field in its
/// struct, and `target` is the expression for that struct.
pub(in crate::emit) fn setter(
    index: usize,
    field: &Field,
    scope: &mut Scope,
    imports: &Imports,
    target: &TokenStream,
) -> TokenStream {
    let set = ident(&scope.claim(field.ident.clone()));
    let field_ident = ident(&field.ident);
    let argument = ident_text("value");
    let (accepts, convert) = imports.argument(&argument, &field.ty);
    let value = wrap(field, convert, imports);
    let about = field_doc(field);
    let deprecated =
        field.deprecated.then(|| quote!(#[deprecated = "marked as deprecated in Intercom's API description"]));
    let clear = field.nullable.then(|| {
        let clear = ident(&scope.claim(RustName(format!("clear_{}", field.ident.bare()))));
        let about = doc(&format!(" Sends null for `{}`.", field.wire.0.replace('`', "'")));
        let (none, index) = (imports.std("None"), number(index));
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
