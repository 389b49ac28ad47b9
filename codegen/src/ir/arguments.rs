//! The arguments of the method that makes a request: what an operation cannot do without.

use std::ops::Range;

use super::{Content, Doc, Field, Operation, Param, RustName, Struct, Ty, TypeTable};

/// How many ids in a row are too many to be told apart by their order.
const TOO_MANY_IDS: usize = 3;

/// What an argument gives.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// A parameter of the path, the query or the headers.
    Param(&'a Param),
    /// A field of the body.
    Field(&'a Field),
    /// A part of a form.
    Part(&'a Field),
    /// The body as a whole.
    Body(&'a Ty),
}

impl<'a> Given<'a> {
    /// The type of its value.
    pub fn ty(self) -> &'a Ty {
        match self {
            Self::Param(param) => &param.ty,
            Self::Field(field) | Self::Part(field) => &field.ty,
            Self::Body(ty) => ty,
        }
    }

    /// What is said of it.
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
    /// The parameters that are arguments: the required ones, but for constants.
    pub fn given_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| param.required && param.constant.is_none())
    }

    /// The arguments in their order: parameters first, then what the body requires. Two may have the same name.
    pub fn arguments<'a>(&'a self, types: &'a TypeTable) -> Vec<(RustName, Given<'a>)> {
        let mut given: Vec<Given<'a>> = self.given_params().map(Given::Param).collect();
        match self.body.as_ref().map(|body| &body.content) {
            None => {}
            Some(Content::Multipart(parts)) => given.extend(parts.iter().filter(is_asked_for).map(Given::Part)),
            Some(Content::Json(ty)) => match types.object(ty) {
                Some((_, structure)) => given.extend(structure.constructor_fields().map(Given::Field)),
                None => given.push(Given::Body(ty)),
            },
        }
        let mut names = self.argument_names.iter();
        given.into_iter().map(|given| (names.next().cloned().unwrap_or_else(|| given.own_name()), given)).collect()
    }
}

impl Struct {
    /// The fields that a constructor asks for: what is required, except what has only one value.
    pub fn constructor_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(is_asked_for)
    }
}

fn is_asked_for(field: &&Field) -> bool {
    field.required && field.constant.is_none()
}

/// The arguments that a struct takes together, so that a call names them: of three or more ids in a row, those after
/// the first.
pub fn ids_in_a_row<'a>(types: &TypeTable, arguments: impl Iterator<Item = &'a Ty>) -> Option<Range<usize>> {
    let are_ids: Vec<bool> = arguments.map(|ty| *types.resolve(ty) == Ty::Id).collect();
    let start = are_ids.windows(TOO_MANY_IDS).position(|window| window.iter().all(|is_id| *is_id))?;
    let length = are_ids[start..].iter().take_while(|is_id| **is_id).count();
    Some(start + 1..start + length)
}
