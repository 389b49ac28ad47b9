//! Lowers the parameters of the path, the query and the headers.

use openapiv3::{
    Operation as Source, Parameter, ParameterData, ParameterSchemaOrContent, PathItem, PathStyle, QueryStyle,
    ReferenceOr, Schema,
};
use serde_json::Value;

use super::Lowering;
use super::metadata::metadata;
use super::schema::{Lowered, TypePlace, refine};
use crate::diag::{Error, Result, join};
use crate::ir::{Doc, Location, Param, RustName, SchemaMetadata, Ty, TypeKind, WireName};
use crate::names::{self, Scope, reserved};
use crate::plural::singular;
use crate::spec::{SchemaRef, borrowed, view};

/// The header with the API version, which the client sends with every call, so it is no parameter of the emitted method.
/// [`Lowering::version`] reads its declaration.
const VERSION_HEADER: &str = "Intercom-Version";

/// Headers for which OpenAPI ignores parameters, because other parts of the description define them.
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

impl<'a> Lowering<'a> {
    /// The parameters of an operation and its path item, without the headers that the client sets itself. Path parameters come first,
    /// in the order of the path.
    pub(super) fn params(
        &mut self,
        path: &str,
        item: &'a PathItem,
        source: &'a Source,
        place: &TypePlace,
    ) -> Result<Vec<Param>> {
        let mut scope = Scope::of(reserved::NameKind::Setter);
        let mut params: Vec<Param> = Vec::new();
        let path_item = place.pointer.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let own_params = source
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (param, join(&join(&place.pointer, "parameters"), index)));
        let shared_params = item
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (param, join(&join(&path_item, "parameters"), index)));
        // A parameter of the operation overrides one of the path item with the same name and location.
        // `seen` has the name, the location, and whether the parameter is the operation's own.
        let mut seen: Vec<(String, &str, bool)> = Vec::new();
        let own_params = own_params.map(|(param, pointer)| (param, pointer, true));
        let shared_params = shared_params.map(|(param, pointer)| (param, pointer, false));
        for (param, pointer, is_own) in own_params.chain(shared_params) {
            let param = self.spec.parameter(param, &pointer)?;
            let data = param.parameter_data_ref();
            let (name, section) = match param {
                Parameter::Header { .. } => (data.name.to_ascii_lowercase(), "header"),
                Parameter::Path { .. } => (data.name.clone(), "path"),
                Parameter::Query { .. } => (data.name.clone(), "query"),
                Parameter::Cookie { .. } => (data.name.clone(), "cookie"),
            };
            match seen.iter().find(|(other, other_section, _)| (other, *other_section) == (&name, section)) {
                Some((.., other_is_own)) if *other_is_own == is_own => {
                    return Err(Error::new("", pointer, format!("the {section} parameter `{name}` is declared twice"))
                        .hint("remove one of them with an overlay"));
                }
                Some(_) => continue,
                None => seen.push((name, section, is_own)),
            }
            if data.name.eq_ignore_ascii_case(VERSION_HEADER) {
                continue;
            }
            if section == "header" && IGNORED_HEADERS.iter().any(|header| data.name.eq_ignore_ascii_case(header)) {
                self.warn(
                    "header-of-http",
                    &pointer,
                    "this header parameter is ignored, as OpenAPI requires; the client sets the header",
                );
                continue;
            }
            params.push(self.param(path, param, &TypePlace { pointer, ..place.clone() })?);
        }
        let placeholders = placeholders(path);
        if let Some(missing) = placeholders
            .iter()
            .find(|name| !params.iter().any(|param| param.wire.0 == **name && param.location == Location::Path))
        {
            return Err(Error::new(
                "",
                &place.pointer,
                format!("the path contains {{{missing}}}, but no path parameter declares it"),
            )
            .hint("add the parameter with an overlay"));
        }
        params.sort_by_key(|param| {
            placeholders
                .iter()
                .position(|name| *name == param.wire.0 && param.location == Location::Path)
                .unwrap_or(usize::MAX)
        });
        for param in &mut params {
            param.ident = scope.claim(argument_name(path, param));
        }
        Ok(params)
    }

    fn param(&mut self, path: &str, param: &'a Parameter, place: &TypePlace) -> Result<Param> {
        let data = param.parameter_data_ref();
        let (schema, pointer) = param_schema(data, place)?;
        let inline = match &schema {
            ReferenceOr::Item(schema) => Some(*schema),
            ReferenceOr::Reference { .. } => None,
        };
        let name = names::inline_type(&place.name, &data.name);
        let mut lowered = self.schema(schema, &TypePlace { pointer, name, module: place.module.clone() })?;
        if *self.types.resolve(&lowered.ty) == Ty::Value {
            self.warn("parameter-of-any-type", &place.pointer, "its values may be any JSON; it is treated as a string");
            lowered.ty = Ty::String;
        }
        let location = self.location(path, param, &lowered.ty, place)?;
        Ok(Param {
            wire: WireName(data.name.clone()),
            ident: names::snake(&data.name),
            location,
            required: data.required || location == Location::Path,
            constant: lowered.constant.clone().filter(|_| location == Location::Header),
            ty: match location {
                Location::Path => path_type(lowered),
                _ => refine(&data.name, lowered),
            },
            deprecated: data.deprecated.unwrap_or_default(),
            doc: Doc { summary: None, description: data.description.clone() },
            metadata: inline.map_or_else(SchemaMetadata::default, |schema| metadata(&view(schema))),
            examples: self.examples(data.example.as_ref(), &data.examples, &place.pointer),
        })
    }

    /// Where and how a parameter is sent. Its type must have a text form; in the query it may also be a list of such values, or an
    /// object.
    fn location(&mut self, path: &str, param: &Parameter, ty: &Ty, place: &TypePlace) -> Result<Location> {
        let data = param.parameter_data_ref();
        let refuse = |message: &str, hint: &str| Err(Error::new("", &place.pointer, message).hint(hint));
        let in_path = placeholders(path).contains(&data.name.as_str());
        let location = match param {
            Parameter::Path { style: PathStyle::Label | PathStyle::Matrix, .. } => {
                return refuse("the path styles `label` and `matrix` are not supported", "use `simple`");
            }
            Parameter::Path { .. } if in_path => Location::Path,
            Parameter::Path { .. } => {
                return refuse(
                    &format!("the path does not contain {{{}}}", data.name),
                    "correct its name or its `in` with an overlay",
                );
            }
            Parameter::Query { .. } if in_path => {
                let message = "the path contains this query parameter; it is sent in the path";
                self.warn("path-parameter-in-query", &place.pointer, message);
                Location::Path
            }
            Parameter::Query { style: QueryStyle::Form, allow_reserved, .. } => {
                if *allow_reserved {
                    let message = "`allowReserved` is not supported: reserved characters in this parameter are escaped";
                    self.warn("reserved-characters", &place.pointer, message);
                }
                match self.types.resolve(ty) {
                    Ty::List(item) if self.types.has_text_form(item) => match data.explode {
                        Some(false) => return Ok(Location::QueryCommaList),
                        _ => return Ok(Location::QueryRepeated),
                    },
                    ty if self.types.is_object(ty) => {
                        if data.explode == Some(false) {
                            return refuse(
                                "an object in one parameter (`explode: false`) is not supported",
                                "remove `explode`, so that each key becomes a parameter",
                            );
                        }
                        if let Some(key) = self.deep_key(ty) {
                            let message = format!("the values of `{key}` have no text form; they are sent as JSON");
                            self.warn("json-in-query", &place.pointer, message);
                        }
                        return Ok(Location::QueryExploded);
                    }
                    _ => Location::Query,
                }
            }
            Parameter::Header { .. } => Location::Header,
            Parameter::Query { style, .. } => {
                return refuse(&format!("the query style {style:?} is not supported"), "use `form`");
            }
            Parameter::Cookie { .. } => {
                return refuse("a cookie parameter is not supported", "remove it with an overlay");
            }
        };
        if !self.types.has_text_form(ty) {
            return refuse(
                &format!("the values of the parameter `{}` have no text form", data.name),
                "declare a scalar or a string enum; query parameters can also be lists of those, or objects",
            );
        }
        Ok(location)
    }

    /// The first declared key, of an object or of the members of a union, whose value has no text form.
    fn deep_key(&self, ty: &Ty) -> Option<String> {
        match &self.types.definition(ty)?.kind {
            TypeKind::Struct(object) => {
                let deep = object.fields.iter().find(|field| !self.types.has_text_form(&field.ty));
                deep.map(|field| field.wire.0.clone())
            }
            TypeKind::Union(union) => union.members.iter().find_map(|member| self.deep_key(&member.ty)),
            TypeKind::Alias(_) | TypeKind::TextEnum(_) => None,
        }
    }

    /// The value of the version header, where the operation allows only one.
    pub(super) fn version(&self, item: &PathItem, source: &Source, pointer: &str) -> Result<Option<String>> {
        for param in source.parameters.iter().chain(&item.parameters) {
            let data = self.spec.parameter(param, pointer)?.parameter_data_ref();
            let ParameterSchemaOrContent::Schema(schema) = &data.format else { continue };
            if !data.name.eq_ignore_ascii_case(VERSION_HEADER) {
                continue;
            }
            let named = match self.spec.resolve_schema(borrowed(schema), pointer)? {
                SchemaRef::Named(key) => self.spec.schema(key).and_then(ReferenceOr::as_item).map(view),
                SchemaRef::Inline(view) => Some(*view),
            };
            let values = named.map(|view| view.values).unwrap_or_default();
            if let [Value::String(only)] = &values[..] {
                return Ok(Some(only.clone()));
            }
        }
        Ok(None)
    }
}

fn param_schema<'a>(data: &'a ParameterData, place: &TypePlace) -> Result<(ReferenceOr<&'a Schema>, String)> {
    match &data.format {
        ParameterSchemaOrContent::Schema(schema) => Ok((borrowed(schema), join(&place.pointer, "schema"))),
        ParameterSchemaOrContent::Content(_) => {
            Err(Error::new("", &place.pointer, "a parameter with `content` is not supported")
                .hint("give it a `schema` with an overlay"))
        }
    }
}

/// The type of a path parameter. Strings and integers in a path are ids, unless an overlay gives their type.
fn path_type(lowered: Lowered) -> Ty {
    match lowered.ty {
        Ty::String | Ty::I64 if !lowered.from_overlay => Ty::Id,
        other => other,
    }
}

/// The name of an argument or setter: that of the parameter, except that an `id` in a path is named after the word before it:
/// `contact_id` in `/contacts/{id}`.
fn argument_name(path: &str, param: &Param) -> RustName {
    let before = path.split_once("/{id}").map_or("", |(before, _)| before);
    match before.rsplit('/').next() {
        Some(segment) if param.location == Location::Path && param.wire.0 == "id" && is_word(segment) => {
            names::snake(&format!("{} id", singular(segment).as_deref().unwrap_or(segment)))
        }
        _ => names::snake(&param.wire.0),
    }
}

/// Whether a segment of a path is a name, not a placeholder.
fn is_word(segment: &str) -> bool {
    !segment.is_empty() && !segment.contains(['{', '}'])
}

/// The names in the braces of a path.
fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
