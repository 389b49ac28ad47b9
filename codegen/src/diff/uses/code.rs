//! Types and arguments as a user of the crate writes them.

use crate::ir::{Ty, TypeTable};

/// The parameters of a function (`, a0: A, a1: B`), and the arguments with which it calls another one (`a0, a1`).
pub(super) fn signature(types: &TypeTable, arguments: &[&Ty]) -> (String, String) {
    let parameters: String =
        arguments.iter().enumerate().map(|(index, ty)| format!(", a{index}: {}", argument_type(types, ty))).collect();
    let passed: Vec<String> = (0..arguments.len()).map(|index| format!("a{index}")).collect();
    (parameters, passed.join(", "))
}

/// The type of an argument: without a box, since setters and constructors box the value. A file is passed as a `Part` of a form.
pub(super) fn argument_type(types: &TypeTable, ty: &Ty) -> String {
    match ty {
        Ty::Boxed(inner) => rust_type(types, inner),
        Ty::Bytes => "api::runtime::multipart::Part".to_owned(),
        ty => rust_type(types, ty),
    }
}

/// A type with its path.
pub(super) fn rust_type(types: &TypeTable, ty: &Ty) -> String {
    match ty {
        Ty::String => "String".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::I64 => "i64".to_owned(),
        Ty::F64 => "f64".to_owned(),
        Ty::Id => "api::Id".to_owned(),
        Ty::Timestamp => "api::Timestamp".to_owned(),
        Ty::Value => "api::runtime::Value".to_owned(),
        Ty::Attributes => "api::Attributes".to_owned(),
        Ty::Bytes => "api::runtime::bytes::Bytes".to_owned(),
        Ty::List(item) => format!("Vec<{}>", rust_type(types, item)),
        Ty::Map(value) => format!("api::data::Map<{}>", rust_type(types, value)),
        Ty::Nullable(inner) => format!("Option<{}>", rust_type(types, inner)),
        Ty::Boxed(inner) => format!("Box<{}>", rust_type(types, inner)),
        Ty::Named(id) => format!("types::{}", types[*id].name.0),
    }
}
