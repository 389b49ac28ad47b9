//! The arguments of the method that creates a request: the required parameters, then the required fields or parts of the body, without
//! constants. A JSON body that is not a struct is an argument as a whole.

use std::ops::Range;

use super::{Content, Doc, Field, Operation, Param, RustName, Struct, Ty, TypeTable};

/// From this many consecutive ids on, a struct takes those after the first.
const MIN_IDS_FOR_STRUCT: usize = 3;

/// Where the value of an argument goes.
#[derive(Clone, Copy, Debug)]
pub enum ArgumentTarget<'a> {
    /// A parameter of the path, the query or the headers.
    Param(&'a Param),
    /// A field of the body.
    Field(&'a Field),
    /// A part of a form.
    Part(&'a Field),
    /// The body as a whole.
    Body(&'a Ty),
}

impl<'a> ArgumentTarget<'a> {
    /// The type of its value.
    pub fn ty(self) -> &'a Ty {
        match self {
            Self::Param(param) => &param.ty,
            Self::Field(field) | Self::Part(field) => &field.ty,
            Self::Body(ty) => ty,
        }
    }

    /// Its documentation; `None` for a body as a whole.
    pub fn doc(self) -> Option<&'a Doc> {
        match self {
            Self::Param(param) => Some(&param.doc),
            Self::Field(field) | Self::Part(field) => Some(&field.doc),
            Self::Body(_) => None,
        }
    }

    /// Its name, where no overlay gives another one.
    fn own_name(self) -> RustName {
        match self {
            Self::Param(param) => param.ident.clone(),
            Self::Field(field) | Self::Part(field) => field.ident.clone(),
            Self::Body(_) => RustName("body".to_owned()),
        }
    }
}

impl Operation {
    /// The parameters that are arguments: the required ones, except constants.
    pub fn required_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| param.required && param.constant.is_none())
    }

    /// The optional parameters, except constants.
    pub fn optional_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| !param.required && param.constant.is_none())
    }

    /// The arguments in their order: parameters first, then those of the body. Without a name from an overlay, an argument has the name
    /// of its parameter, field or part, or `body`. Two arguments may have the same name here; the emitter makes the names unique.
    pub fn arguments<'a>(&'a self, types: &'a TypeTable) -> Vec<(RustName, ArgumentTarget<'a>)> {
        let mut given: Vec<ArgumentTarget<'a>> = self.required_params().map(ArgumentTarget::Param).collect();
        match self.body.as_ref().map(|body| &body.content) {
            None => {}
            Some(Content::Multipart(parts)) => given.extend(parts.iter().filter(is_argument).map(ArgumentTarget::Part)),
            Some(Content::Json(ty)) => match types.struct_of(ty) {
                Some((_, structure)) => given.extend(structure.constructor_fields().map(ArgumentTarget::Field)),
                None => given.push(ArgumentTarget::Body(ty)),
            },
        }
        let mut names = self.argument_names.iter();
        given.into_iter().map(|given| (names.next().cloned().unwrap_or_else(|| given.own_name()), given)).collect()
    }
}

impl Struct {
    /// The fields that the constructor `new` takes: the required ones, except constants.
    pub fn constructor_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(is_argument)
    }

    /// The optional fields, except constants.
    pub fn optional_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_optional())
    }
}

impl Field {
    /// Whether a caller may leave the field out: it is neither required nor a constant.
    pub fn is_optional(&self) -> bool {
        !self.required && self.constant.is_none()
    }
}

fn is_argument(field: &&Field) -> bool {
    field.required && field.constant.is_none()
}

/// The range of arguments that the struct of ids replaces: of the first three or more consecutive ids, all but the first. `None` if
/// there are no three consecutive ids.
pub fn ids_in_struct<'a>(types: &TypeTable, arguments: impl Iterator<Item = &'a Ty>) -> Option<Range<usize>> {
    let are_ids: Vec<bool> = arguments.map(|ty| *types.resolve(ty) == Ty::Id).collect();
    let start = are_ids.windows(MIN_IDS_FOR_STRUCT).position(|window| window.iter().all(|is_id| *is_id))?;
    let length = are_ids[start..].iter().take_while(|is_id| **is_id).count();
    Some(start + 1..start + length)
}
