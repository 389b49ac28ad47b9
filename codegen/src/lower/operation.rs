//! Operations: their names, parameters, bodies and responses.

use std::collections::BTreeMap;

use openapiv3::{
    MediaType, Operation as Source, Parameter, ParameterData, ParameterSchemaOrContent, PathItem, QueryStyle,
    ReferenceOr, Schema, StatusCode,
};
use serde_json::Value;

use super::Lowering;
use super::schema::{Place, refine};
use crate::diag::{Error, Result, Warning, join};
use crate::docs;
use crate::ir::{Body, Group, Location, Operation, Param, RustName, Success, Ty, TypeKind, WireName};
use crate::names::{self, Scope};
use crate::spec::borrowed;

/// The header that the client sets on every call; operations that declare it say nothing new.
const VERSION_HEADER: &str = "Intercom-Version";

impl<'a> Lowering<'a> {
    /// All operations, by group.
    pub(super) fn groups(&mut self) -> Result<Vec<Group>> {
        let mut groups: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
        for (path, item) in &self.spec.document.paths.paths {
            let pointer = join("/paths", path);
            let ReferenceOr::Item(item) = item else {
                return Err(Error::new("", pointer, "a path item by reference is not supported")
                    .hint("write the path item in place"));
            };
            for (http, source) in item.iter() {
                let operation = self.operation(path, http, item, source, join(&pointer, http))?;
                groups.entry(operation.group.clone()).or_default().push(operation);
            }
        }
        let mut all = Vec::new();
        for (name, mut operations) in groups {
            operations.sort_by(|left, right| left.method.bare().cmp(right.method.bare()));
            if let Some(pair) = operations.windows(2).find(|pair| pair[0].method == pair[1].method) {
                return Err(Error::new(
                    "",
                    &pair[1].pointer,
                    format!("`{}` is the name of {} too", pair[1].id, pair[0].pointer),
                )
                .hint("give one of them another x-sdk-method with an overlay"));
            }
            all.push(Group { name, operations });
        }
        Ok(all)
    }

    fn operation(
        &mut self,
        path: &'a str,
        http: &str,
        item: &'a PathItem,
        source: &'a Source,
        pointer: String,
    ) -> Result<Operation> {
        let (group, method) = self.operation_name(path, http, source, &pointer);
        let name = RustName(format!("{}{}", names::camel(&group).bare(), names::camel(method.bare()).bare()));
        let place = Place { pointer: pointer.clone(), name, module: format!("{group}_operations") };
        let params = self.params(path, item, source, &place)?;
        let body = self.body(source, &place)?;
        let Responses { success, successes, errors } = self.responses(source, &place)?;
        let id = format!("{group}.{}", method.bare());
        let mut operation = Operation {
            id,
            operation_id: source.operation_id.clone().unwrap_or_default(),
            group,
            method,
            http: http.to_uppercase(),
            tag: source.tags.first().filter(|_| has_reference(source)).cloned(),
            path: path.to_owned(),
            pointer,
            params,
            body,
            success,
            successes,
            errors,
            paging: None,
            search: super::search::fields(source, &place.pointer)?,
            idempotent: matches!(http, "get" | "put" | "delete" | "head" | "options")
                || flag(source, "x-sdk-idempotent"),
            deprecated: source.deprecated,
            doc: docs::operation(source),
        };
        operation.paging = self.paging(&operation, source)?;
        // Each request of a scroll moves it on: to send one again would skip what the first was answered with.
        operation.idempotent &= operation.paging.as_ref().is_none_or(|paging| paging.style != "scroll");
        Ok(operation)
    }

    /// The names from an overlay; without one, the tag and the operation id.
    fn operation_name(&mut self, path: &str, http: &str, source: &Source, pointer: &str) -> (String, RustName) {
        let text = |key: &str| source.extensions.get(key).and_then(Value::as_str);
        if let (Some(group), Some(method)) = (text("x-sdk-group"), text("x-sdk-method")) {
            return (names::snake(group).bare().to_owned(), names::snake(method));
        }
        let group = names::snake(source.tags.first().map_or("api", String::as_str));
        let method = names::snake(source.operation_id.as_deref().unwrap_or(&format!("{http} {path}")));
        let message = format!("no x-sdk-group and x-sdk-method; called {}.{}", group.bare(), method.bare());
        self.warnings.push(Warning::new("unnamed-operation", "", pointer, message));
        (group.bare().to_owned(), method)
    }

    /// Parameters of the operation and of its path, those of the path first and in its order.
    fn params(&mut self, path: &str, item: &'a PathItem, source: &'a Source, place: &Place) -> Result<Vec<Param>> {
        let mut scope = Scope::with([
            "send", "send_as", "send_raw", "options", "extra", "body", "items", "pages", "page", "client",
        ]);
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
                    place,
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
            doc: docs::parameter(data),
        }))
    }

    /// Whether a type is written as a JSON object.
    fn is_object(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Attributes | Ty::Map(_) => true,
            Ty::Named(name) => self.types.iter().find(|def| def.name == *name).is_some_and(|def| match &def.kind {
                TypeKind::Struct(_) => true,
                TypeKind::Union(members) => members.iter().all(|member| self.is_object(&member.ty)),
                TypeKind::Alias(ty) => self.is_object(ty),
                TypeKind::TextEnum(_) => false,
            }),
            _ => false,
        }
    }

    fn body(&mut self, source: &'a Source, place: &Place) -> Result<Option<Body>> {
        let Some(body) = &source.request_body else { return Ok(None) };
        let pointer = join(&place.pointer, "requestBody");
        let body = self.spec.request_body(body, &pointer)?;
        let [(media_type, content)] = body.content.iter().collect::<Vec<_>>()[..] else {
            return Err(Error::new("", pointer, "a request body needs exactly one media type")
                .hint("keep one of them with an overlay"));
        };
        let pointer = join(&join(&pointer, "content"), media_type);
        let name = RustName(format!("{}Request", place.name.bare()));
        let place = Place { pointer: join(&pointer, "schema"), name, module: place.module.clone() };
        let Some(schema) = &content.schema else {
            return Err(
                Error::new("", pointer, "a request body without a schema").hint("add the schema with an overlay")
            );
        };
        let ty = self.schema(borrowed(schema), &place)?.ty;
        match (media_type.as_str(), ty) {
            ("application/json", ty) => Ok(Some(Body::Json(ty))),
            ("multipart/form-data", Ty::Named(name)) => self.form(&name, &place).map(Some),
            (other, _) => Err(Error::new("", pointer, format!("a request body of type {other} is not supported"))
                .hint("application/json and multipart/form-data (with an object) are")),
        }
    }

    /// The parts of a form. A form is never JSON, so its type leaves the list again.
    fn form(&mut self, name: &RustName, place: &Place) -> Result<Body> {
        let index = self.types.iter().position(|def| def.name == *name && def.wire.is_none());
        match index.map(|index| self.types.remove(index).kind) {
            Some(TypeKind::Struct(structure)) => Ok(Body::Multipart(structure.fields)),
            _ => Err(Error::new("", &place.pointer, "a form must be an inline object")
                .hint("write its properties in place with an overlay")),
        }
    }

    fn responses(&mut self, source: &'a Source, place: &Place) -> Result<Responses> {
        let pointer = join(&place.pointer, "responses");
        let mut success: Option<Success> = None;
        let (mut successes, mut errors) = (Vec::new(), Vec::new());
        let numbered = source
            .responses
            .responses
            .iter()
            .map(|(status, response)| (status.to_string(), is_success(status), response));
        let default = source.responses.default.iter().map(|response| ("default".to_owned(), false, response));
        for (status, succeeds, response) in numbered.chain(default) {
            let (response, pointer) = self.spec.response(response, &join(&pointer, &status))?;
            let content: Vec<(&String, &MediaType)> = response.content.iter().collect();
            let [(media_type, content)] = content[..] else {
                if !content.is_empty() {
                    return Err(Error::new("", pointer, "a response with several media types is not supported")
                        .hint("keep one of them with an overlay"));
                }
                if succeeds {
                    success.get_or_insert(Success::Empty);
                }
                continue;
            };
            let suffix = if succeeds { "Response".to_owned() } else { error_suffix(&status) };
            let name = RustName(format!("{}{suffix}", place.name.bare()));
            let pointer = join(&join(&pointer, "content"), media_type);
            let inside = Place { pointer: join(&pointer, "schema"), name, module: place.module.clone() };
            let ty = match (&content.schema, media_type.as_str()) {
                (Some(schema), "application/json") => self.schema(borrowed(schema), &inside)?.ty,
                (None, "application/json") => {
                    let message = format!("the response {status} has no schema; its body is taken as any JSON");
                    self.warnings.push(Warning::new("response-without-schema", "", &pointer, message));
                    Ty::Value
                }
                (_, "text/plain") if succeeds => {
                    success.get_or_insert(Success::Text);
                    continue;
                }
                (_, "application/octet-stream") if succeeds => {
                    success.get_or_insert(Success::Download);
                    continue;
                }
                (_, other) => {
                    return Err(Error::new("", pointer, format!("a response of type {other} is not supported"))
                        .hint("correct it with an overlay"));
                }
            };
            if !succeeds {
                errors.push((status, ty));
                continue;
            }
            successes.push((status.clone(), ty.clone()));
            match &success {
                Some(Success::Json(known)) if *known != ty => {
                    let message = format!(
                        "the response {status} has another type than the first success; it is decoded as that one"
                    );
                    self.warnings.push(Warning::new("several-success-types", "", &pointer, message));
                }
                Some(Success::Json(_)) => {}
                _ => success = Some(Success::Json(ty)),
            }
        }
        if flag(source, "x-sdk-download") {
            success = Some(Success::Download);
        }
        let success = success.unwrap_or_else(|| {
            self.warn(
                "no-success-response",
                place,
                "no response for a success is declared; its body is taken as any JSON",
            );
            Success::Json(Ty::Value)
        });
        Ok(Responses { success, successes, errors })
    }
}

/// What an operation answers.
struct Responses {
    success: Success,
    successes: Vec<(String, Ty)>,
    errors: Vec<(String, Ty)>,
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

fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

/// Ends the name of an inline error body: by the reason phrase, since a digit would say nothing.
fn error_suffix(status: &str) -> String {
    let phrase = match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "409" => "Conflict",
        "410" => "Gone",
        "422" => "UnprocessableEntity",
        "429" => "TooManyRequests",
        "500" => "InternalServerError",
        "503" => "ServiceUnavailable",
        "default" => "Error",
        other => return format!("Status{other}"),
    };
    phrase.to_owned()
}

/// Whether there is a public page about the operation; an overlay says where there is none, or none to link to.
fn has_reference(source: &Source) -> bool {
    source.extensions.get("x-sdk-reference").and_then(Value::as_bool).unwrap_or(true)
}

fn flag(source: &Source, key: &str) -> bool {
    source.extensions.get(key).and_then(Value::as_bool).unwrap_or(false)
}
