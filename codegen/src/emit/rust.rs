//! Types, names and conversions as tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::ir::{Field, Presence, RustName, Ty};

/// Names that every module has without asking. A file that defines one of them says where it means the other.
const PRELUDE: &[&str] = &["Option", "Some", "None", "Vec", "Box", "String", "Into", "IntoIterator", "Default", "Clone", "PartialEq", "Eq", "Iterator", "Result"];

/// How a file writes names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    /// Whether names of the standard library need their full path.
    absolute: bool,
    /// Whether the file is among the types; else it reaches them through `types::`.
    among_types: bool,
}

impl Style {
    pub(super) fn new<'a>(among_types: bool, defined: impl IntoIterator<Item = &'a RustName>) -> Self {
        Self { absolute: defined.into_iter().any(|name| PRELUDE.contains(&name.0.as_str())), among_types }
    }

    /// A name of the prelude.
    pub(super) fn std(self, name: &str) -> TokenStream {
        let name = ident_text(name);
        if !self.absolute {
            return quote!(#name);
        }
        match name.to_string().as_str() {
            "Vec" => quote!(::std::vec::Vec),
            "Box" => quote!(::std::boxed::Box),
            "String" => quote!(::std::string::String),
            "Option" => quote!(::core::option::Option),
            "Some" => quote!(::core::option::Option::Some),
            "None" => quote!(::core::option::Option::None),
            "Into" => quote!(::core::convert::Into),
            "IntoIterator" => quote!(::core::iter::IntoIterator),
            "Default" => quote!(::core::default::Default),
            "Clone" => quote!(::core::clone::Clone),
            "PartialEq" => quote!(::core::cmp::PartialEq),
            _ => quote!(::core::result::#name),
        }
    }

    /// A type of the API.
    pub(super) fn named(self, name: &RustName) -> TokenStream {
        let name = ident(name);
        if self.among_types { quote!(super::#name) } else { quote!(types::#name) }
    }

    /// A type in use.
    pub(super) fn ty(self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::String => self.std("String"),
            Ty::Bool => quote!(bool),
            Ty::I64 => quote!(i64),
            Ty::F64 => quote!(f64),
            Ty::Id => quote!(intercom_runtime::data::Id),
            Ty::Timestamp => quote!(intercom_runtime::data::Timestamp),
            Ty::Value => quote!(intercom_runtime::Value),
            Ty::Attributes => quote!(intercom_runtime::data::Attributes),
            Ty::Bytes => quote!(intercom_runtime::bytes::Bytes),
            Ty::List(item) => {
                let (vec, item) = (self.std("Vec"), self.ty(item));
                quote!(#vec<#item>)
            }
            Ty::Map(value) => {
                let (string, value) = (self.std("String"), self.ty(value));
                quote!(::std::collections::BTreeMap<#string, #value>)
            }
            Ty::Nullable(inner) => {
                let (option, inner) = (self.std("Option"), self.ty(inner));
                quote!(#option<#inner>)
            }
            Ty::Boxed(inner) => {
                let (boxed, inner) = (self.std("Box"), self.ty(inner));
                quote!(#boxed<#inner>)
            }
            Ty::Named(name) => self.named(name),
        }
    }

    /// The type of a field, with the `Option` that its presence asks for.
    pub(super) fn field_ty(self, field: &Field) -> TokenStream {
        let ty = self.ty(&field.ty);
        if field.presence == Presence::Required {
            return ty;
        }
        let option = self.std("Option");
        quote!(#option<#ty>)
    }

    /// What an argument of the type accepts, and the expression that converts it.
    pub(super) fn argument(self, name: &Ident, ty: &Ty) -> (TokenStream, TokenStream) {
        let into = self.std("Into");
        match ty {
            Ty::Bool | Ty::I64 | Ty::F64 => (self.ty(ty), quote!(#name)),
            Ty::List(item) => {
                let into_iter = self.std("IntoIterator");
                match &**item {
                    scalar @ (Ty::Bool | Ty::I64 | Ty::F64 | Ty::Nullable(_) | Ty::List(_)) => {
                        let item = self.ty(scalar);
                        (quote!(impl #into_iter<Item = #item>), quote!(#name.into_iter().collect()))
                    }
                    item => {
                        let item = self.ty(item);
                        (quote!(impl #into_iter<Item = impl #into<#item>>), quote!(#name.into_iter().map(#into::into).collect()))
                    }
                }
            }
            Ty::Boxed(inner) => {
                let (accepts, convert) = self.argument(name, inner);
                let boxed = self.std("Box");
                (accepts, quote!(#boxed::new(#convert)))
            }
            Ty::Map(_) | Ty::Nullable(_) => (self.ty(ty), quote!(#name)),
            _ => {
                let ty = self.ty(ty);
                (quote!(impl #into<#ty>), quote!(#name.into()))
            }
        }
    }
}

/// A name as an identifier.
pub(super) fn ident(name: &RustName) -> Ident {
    ident_text(&name.0)
}

/// Text that is known to be an identifier.
pub(super) fn ident_text(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// A doc comment, an attribute a line, as `///` writes it.
pub(super) fn doc(text: &str) -> TokenStream {
    text.lines().map(|line| quote!(#[doc = #line])).collect()
}

/// A number as people write it, without its type.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}
