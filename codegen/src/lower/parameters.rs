//! Parameters: of the path, the query and the headers.

use openapiv3::{
    Operation as Source, Parameter, ParameterData, ParameterSchemaOrContent, PathItem, QueryStyle, ReferenceOr, Schema,
};
use serde_json::Value;

use super::Lowering;
use super::facts::facts;
use super::schema::{Place, refine};
use crate::diag::{Error, Result, join};
use crate::ir::{Doc, Facts, Location, Param, Ty, TypeKind, WireName};
use crate::names::{self, Scope, reserved};
use crate::spec::{Node, borrowed, view};

/// The header that the client sets on every call. Operations declare it, too; what they say of it is in [`Lowering::version`].
const VERSION_HEADER: &str = "Intercom-Version";

impl<'a> Lowering<'a> {
    /// Parameters of the operation and of its path, those of the path first and in its order.
    pub(super) fn params(
        &mut self,
        path: &str,
        item: &'a PathItem,
        source: &'a Source,
        place: &Place,
    ) -> Result<Vec<Param>> {
        let mut scope = Scope::of(reserved::Place::Setter);
        let mut params: Vec<Param> = Vec::new();
        let path_item = place.pointer.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let own = source
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (param, join(&join(&place.pointer, "parameters"), index)));
        let shared = item
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (param, join(&join(&path_item, "parameters"), index)));
        for (param, pointer) in own.chain(shared) {
            let param = self.spec.parameter(param, &pointer)?;
            let data = param.parameter_data_ref();
            if data.name.eq_ignore_ascii_case(VERSION_HEADER) || params.iter().any(|known| known.wire.0 == data.name) {
                continue;
            }
            if let Some(param) = self.param(path, param, &Place { pointer, ..place.clone() })? {
                params.push(param);
            }
        }
        let declared = template(path);
        if let Some(missing) = declared
            .iter()
            .find(|name| !params.iter().any(|param| param.wire.0 == **name && param.location == Location::Path))
        {
            return Err(Error::new(
                "",
                &place.pointer,
                format!("the path names {{{missing}}}, but no parameter declares it"),
            )
            .hint("add the parameter with an overlay"));
        }
        params.sort_by_key(|param| {
            declared
                .iter()
                .position(|name| *name == param.wire.0 && param.location == Location::Path)
                .unwrap_or(usize::MAX)
        });
        for param in &mut params {
            param.ident = scope.claim(names::snake(&param.wire.0));
        }
        Ok(params)
    }

    fn param(&mut self, path: &str, param: &'a Parameter, place: &Place) -> Result<Option<Param>> {
        let data = param.parameter_data_ref();
        let (schema, pointer) = param_schema(data, place)?;
        let inline = match &schema {
            ReferenceOr::Item(schema) => Some(*schema),
            ReferenceOr::Reference { .. } => None,
        };
        let name = names::inside(&place.name, &data.name);
        let lowered = self.schema(schema, &Place { pointer, name, module: place.module.clone() })?;
        let in_path = template(path).contains(&data.name.as_str());
        let is_list = matches!(lowered.ty, Ty::List(_));
        let location = match param {
            Parameter::Path { .. } if in_path => Location::Path,
            Parameter::Path { .. } => {
                return Err(Error::new("", &place.pointer, format!("the path does not name {{{}}}", data.name))
                    .hint("correct its `in` with an overlay"));
            }
            Parameter::Query { .. } if in_path => {
                self.warn(
                    "path-parameter-in-query",
                    &place.pointer,
                    "the path names this query parameter; it is sent in the path",
                );
                Location::Path
            }
            Parameter::Query { style: QueryStyle::Form, .. } => match (is_list, self.is_object(&lowered.ty)) {
                (true, _) if data.explode == Some(false) => Location::QueryCommaList,
                (true, _) => Location::QueryRepeated,
                (_, true) => Location::QueryExploded,
                _ => Location::Query,
            },
            Parameter::Header { .. } => Location::Header,
            Parameter::Query { style, .. } => {
                return Err(Error::new("", &place.pointer, format!("the query style {style:?} is not supported"))
                    .hint("use `form`"));
            }
            Parameter::Cookie { .. } => {
                return Err(Error::new("", &place.pointer, "a cookie parameter is not supported")
                    .hint("remove it with an overlay"));
            }
        };
        Ok(Some(Param {
            wire: WireName(data.name.clone()),
            ident: names::snake(&data.name),
            location,
            ty: if location == Location::Path { path_type(lowered.ty) } else { refine(&data.name, lowered.ty) },
            required: data.required || location == Location::Path,
            constant: lowered.constant.filter(|_| location == Location::Header),
            deprecated: data.deprecated.unwrap_or_default(),
            doc: Doc { summary: None, description: data.description.clone() },
            facts: inline.map_or_else(Facts::default, |schema| facts(&view(schema))),
            examples: self.examples(data.example.as_ref(), &data.examples, &place.pointer),
        }))
    }

    /// The only value that the version header of an operation may have, where there is just one.
    pub(super) fn version(&self, item: &PathItem, source: &Source, pointer: &str) -> Result<Option<String>> {
        for param in source.parameters.iter().chain(&item.parameters) {
            let data = self.spec.parameter(param, pointer)?.parameter_data_ref();
            let ParameterSchemaOrContent::Schema(schema) = &data.format else { continue };
            if !data.name.eq_ignore_ascii_case(VERSION_HEADER) {
                continue;
            }
            let named = match self.spec.node(borrowed(schema), pointer)? {
                Node::Named(key) => self.spec.schema(key).and_then(ReferenceOr::as_item).map(view),
                Node::Inline(view) => Some(*view),
            };
            let values = named.map(|view| view.values).unwrap_or_default();
            if let [Value::String(only)] = &values[..] {
                return Ok(Some(only.clone()));
            }
        }
        Ok(None)
    }

    /// Whether a type is written as a JSON object.
    fn is_object(&self, ty: &Ty) -> bool {
        match self.types.resolve(ty) {
            Ty::Attributes | Ty::Map(_) => true,
            Ty::Named(id) => match &self.types[*id].kind {
                TypeKind::Struct(_) => true,
                TypeKind::Union(union) => union.members.iter().all(|member| self.is_object(&member.ty)),
                TypeKind::Alias(_) | TypeKind::TextEnum(_) => false,
            },
            _ => false,
        }
    }
}

fn param_schema<'a>(data: &'a ParameterData, place: &Place) -> Result<(ReferenceOr<&'a Schema>, String)> {
    match &data.format {
        ParameterSchemaOrContent::Schema(schema) => Ok((borrowed(schema), join(&place.pointer, "schema"))),
        ParameterSchemaOrContent::Content(_) => {
            Err(Error::new("", &place.pointer, "a parameter with `content` is not supported")
                .hint("give it a `schema` with an overlay"))
        }
    }
}

/// A segment of a path identifies something, whichever scalar it is declared as.
fn path_type(ty: Ty) -> Ty {
    match ty {
        Ty::String | Ty::I64 => Ty::Id,
        other => other,
    }
}

/// The names in the braces of a path.
fn template(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
