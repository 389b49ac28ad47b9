//! Writes types, names and conversions as tokens.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::ir::{Field, Presence, RustName, Ty, TypeId, TypeKind, TypeTable};

/// Names of the prelude, with their full paths.
const PRELUDE: &[(&str, &str)] = &[
    ("Option", "::core::option::Option"),
    ("Some", "::core::option::Option::Some"),
    ("None", "::core::option::Option::None"),
    ("Result", "::core::result::Result"),
    ("Ok", "::core::result::Result::Ok"),
    ("Vec", "::std::vec::Vec"),
    ("Box", "::std::boxed::Box"),
    ("String", "::std::string::String"),
    ("Into", "::core::convert::Into"),
    ("From", "::core::convert::From"),
    ("IntoIterator", "::core::iter::IntoIterator"),
    ("Default", "::core::default::Default"),
    ("Clone", "::core::clone::Clone"),
    ("Copy", "::core::marker::Copy"),
    ("PartialEq", "::core::cmp::PartialEq"),
    ("Eq", "::core::cmp::Eq"),
];

/// Types that a file imports if it uses them, with their full paths.
const TYPE_IMPORTS: &[(&str, &str)] = &[
    ("Attributes", "intercom_data::Attributes"),
    ("Bytes", "intercom_runtime::bytes::Bytes"),
    ("Extra", "intercom_data::Extra"),
    ("Id", "intercom_data::Id"),
    ("Map", "intercom_data::Map"),
    ("Timestamp", "intercom_data::Timestamp"),
    ("Value", "intercom_data::Value"),
];

/// Further types and traits, which files other than modules of types import in the same way.
const CALL_IMPORTS: &[(&str, &str)] = &[
    ("Client", "intercom_runtime::Client"),
    ("Empty", "intercom_runtime::request::Empty"),
    ("Endpoint", "intercom_runtime::Endpoint"),
    ("Emitted", "intercom_runtime::request::private::Emitted"),
    ("File", "intercom_runtime::request::File"),
    ("HasJob", "intercom_runtime::request::HasJob"),
    ("Json", "intercom_runtime::request::Json"),
    ("Method", "intercom_runtime::http::Method"),
    ("Multipart", "intercom_runtime::Multipart"),
    ("NoBody", "intercom_runtime::request::NoBody"),
    ("Operation", "intercom_runtime::request::Operation"),
    ("Paged", "intercom_runtime::request::Paged"),
    ("Part", "intercom_runtime::multipart::Part"),
    ("Text", "intercom_runtime::request::Text"),
];

/// How one emitted file writes names: imported, or with their full path. It records the names that have to be imported.
#[derive(Debug)]
pub(super) struct Imports<'a> {
    types: &'a TypeTable,
    /// Whether the names in the tables above are written with their full paths, because the file defines a type with one of these
    /// names.
    absolute: bool,
    /// Whether the file is a module of types, which names other types as `super::Name`; other files name them as `types::Name`.
    among_types: bool,
    /// The full paths of the names to import.
    used: RefCell<BTreeSet<&'static str>>,
    /// Whether the file names a type as `types::Name`.
    mentions_types: Cell<bool>,
}

impl<'a> Imports<'a> {
    /// Starts a file that defines types with the names `defined`.
    pub(super) fn new<'n>(
        types: &'a TypeTable,
        among_types: bool,
        defined: impl IntoIterator<Item = &'n RustName>,
    ) -> Self {
        let called = if among_types { &[] } else { CALL_IMPORTS };
        let foreign =
            |name: &str| PRELUDE.iter().chain(TYPE_IMPORTS).chain(called).any(|(foreign, _)| *foreign == name);
        let absolute = defined.into_iter().any(|name| foreign(name.bare()));
        Self { types, absolute, among_types, used: RefCell::default(), mentions_types: Cell::new(false) }
    }

    /// A name of the prelude, with its full path if the file requires it.
    pub(super) fn std(&self, name: &str) -> TokenStream {
        match PRELUDE.iter().find(|(known, _)| self.absolute && *known == name) {
            Some((_, path)) => path_tokens(path),
            None => path_tokens(name),
        }
    }

    /// A name of the runtime or of intercom-data. A name in neither list of imports is one of the runtime, written with its path.
    pub(super) fn library(&self, name: &str) -> TokenStream {
        let Some((name, path)) = TYPE_IMPORTS.iter().chain(CALL_IMPORTS).find(|(known, _)| *known == name) else {
            return path_tokens(&format!("intercom_runtime::{name}"));
        };
        if self.absolute {
            return path_tokens(path);
        }
        self.used.borrow_mut().insert(path);
        path_tokens(name)
    }

    /// The imports of what the file has used so far.
    pub(super) fn use_items(&self) -> TokenStream {
        let used = self.used.borrow();
        let mut imports = TokenStream::new();
        for (module, paths) in modules(&used) {
            let (module, names) = (path_tokens(module), paths.iter().map(|name| path_tokens(name)));
            imports.extend(if paths.len() == 1 {
                quote!(use #module::#(#names)*;)
            } else {
                quote!(use #module::{#(#names),*};)
            });
        }
        imports
    }

    /// The import of the module `types`, if the file has named one of its types so far.
    pub(super) fn types_import(&self) -> Option<TokenStream> {
        self.mentions_types.get().then(|| {
            quote!(
                use crate::types;
            )
        })
    }

    /// Resolves aliases.
    pub(super) fn resolve<'t>(&'t self, ty: &'t Ty) -> &'t Ty {
        self.types.resolve(ty)
    }

    /// The name of a type of the API.
    pub(super) fn name(&self, id: TypeId) -> &str {
        &self.types[id].name.0
    }

    /// The kind of a type of the API.
    pub(super) fn kind(&self, id: TypeId) -> &TypeKind {
        &self.types[id].kind
    }

    /// The path of a type of the API.
    pub(super) fn named(&self, id: TypeId) -> TokenStream {
        let name = ident(&self.types[id].name);
        if self.among_types {
            return quote!(super::#name);
        }
        self.mentions_types.set(true);
        quote!(types::#name)
    }

    /// The tokens of a type.
    pub(super) fn ty(&self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::String => self.std("String"),
            Ty::Bool => quote!(bool),
            Ty::I64 => quote!(i64),
            Ty::F64 => quote!(f64),
            Ty::Id => self.library("Id"),
            Ty::Timestamp => self.library("Timestamp"),
            Ty::Value => self.library("Value"),
            Ty::Attributes => self.library("Attributes"),
            Ty::Bytes => self.library("Bytes"),
            Ty::List(item) => {
                let (vec, item) = (self.std("Vec"), self.ty(item));
                quote!(#vec<#item>)
            }
            Ty::Map(value) => {
                let (map, value) = (self.library("Map"), self.ty(value));
                quote!(#map<#value>)
            }
            Ty::Nullable(inner) => {
                let (option, inner) = (self.std("Option"), self.ty(inner));
                quote!(#option<#inner>)
            }
            Ty::Boxed(inner) => {
                let (boxed, inner) = (self.std("Box"), self.ty(inner));
                quote!(#boxed<#inner>)
            }
            Ty::Named(id) => self.named(*id),
        }
    }

    /// A type as text, without modules.
    pub(super) fn plain(&self, ty: &Ty) -> String {
        let of = |generic: &str, inner: &Ty| format!("{generic}<{}>", self.plain(inner));
        match ty {
            Ty::String => "String".to_owned(),
            Ty::Bool => "bool".to_owned(),
            Ty::I64 => "i64".to_owned(),
            Ty::F64 => "f64".to_owned(),
            Ty::Id => "Id".to_owned(),
            Ty::Timestamp => "Timestamp".to_owned(),
            Ty::Value => "Value".to_owned(),
            Ty::Attributes => "Attributes".to_owned(),
            Ty::Bytes => "Bytes".to_owned(),
            Ty::List(item) => of("Vec", item),
            Ty::Map(value) => of("Map", value),
            Ty::Nullable(inner) => of("Option", inner),
            Ty::Boxed(inner) => of("Box", inner),
            Ty::Named(id) => self.name(*id).to_owned(),
        }
    }

    /// The type of a field, in an `Option` where it may be absent or null.
    pub(super) fn field_ty(&self, field: &Field) -> TokenStream {
        let ty = self.ty(&field.ty);
        if field.presence == Presence::Always {
            return ty;
        }
        let option = self.std("Option");
        quote!(#option<#ty>)
    }

    /// What an argument of the type accepts, and the expression that converts it.
    pub(super) fn argument(&self, name: &Ident, ty: &Ty) -> (TokenStream, TokenStream) {
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
                        (
                            quote!(impl #into_iter<Item = impl #into<#item>>),
                            quote!(#name.into_iter().map(#into::into).collect()),
                        )
                    }
                }
            }
            Ty::Boxed(inner) => {
                let (accepts, convert) = self.argument(name, inner);
                let boxed = self.std("Box");
                (accepts, quote!(#boxed::new(#convert)))
            }
            Ty::Nullable(_) => (self.ty(ty), quote!(#name)),
            _ => {
                let ty = self.ty(ty);
                (quote!(impl #into<#ty>), quote!(#name.into()))
            }
        }
    }
}

/// Groups paths by module: the names of each module.
fn modules<'a>(paths: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (module, name) in paths.iter().filter_map(|path| path.rsplit_once("::")) {
        modules.entry(module).or_default().push(name);
    }
    modules
}

/// The tokens of a path without generic arguments.
fn path_tokens(path: &str) -> TokenStream {
    let leading = path.starts_with("::").then(|| quote!(::));
    let segments = path.trim_start_matches("::").split("::").map(ident_text);
    quote!(#leading #(#segments)::*)
}

/// A name as an identifier.
pub(super) fn ident(name: &RustName) -> Ident {
    ident_text(&name.0)
}

/// An identifier, from text that is valid as one.
pub(super) fn ident_text(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// A doc comment: one attribute for each line, as `///` expands to.
pub(super) fn doc(text: &str) -> TokenStream {
    text.lines().map(|line| quote!(#[doc = #line])).collect()
}

/// A number without a type suffix.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}
