//! The parsed description: resolves references, and offers one view of all kinds of schemas.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, Example, OpenAPI, Parameter, ReferenceOr, RequestBody, Response, Schema,
    SchemaData, SchemaKind, SecurityScheme, Type, VariantOrUnknownOrEmpty,
};
use serde_json::{Number, Value};

use crate::diag::{Error, Result, join};
use crate::ir::Limits;

/// What a reference to a named schema begins with.
const SCHEMAS: &str = "#/components/schemas/";
/// How many schemas of a chain of references [`Spec::is_nullable`] looks at.
const MAX_CHAIN: usize = 40;

/// A description.
#[derive(Debug)]
pub struct Spec {
    /// The document as `openapiv3` represents it.
    pub document: OpenAPI,
}

/// A schema or the name of one.
#[derive(Debug)]
pub enum SchemaRef<'a> {
    /// The key under `components.schemas`.
    Named(&'a str),
    /// An inline schema.
    Inline(Box<View<'a>>),
}

/// The keywords of a schema. The types of `openapiv3` split schemas by kind, but descriptions mix the kinds; this view
/// has the keywords of all kinds.
#[derive(Debug)]
pub struct View<'a> {
    /// `title`, `nullable`, `example`, …
    pub data: &'a SchemaData,
    /// `type`
    pub ty: Option<&'a str>,
    /// `format`
    pub format: Option<String>,
    /// `enum`, without null
    pub values: Vec<Value>,
    /// `properties`, if there are any
    pub properties: Option<&'a IndexMap<String, ReferenceOr<Box<Schema>>>>,
    /// `required`
    pub required: &'a [String],
    /// `additionalProperties`
    pub additional: Option<&'a AdditionalProperties>,
    /// `items`
    pub items: Option<&'a ReferenceOr<Box<Schema>>>,
    /// `allOf`
    pub all_of: &'a [ReferenceOr<Schema>],
    /// `oneOf`, or `anyOf` where the schema has no `oneOf`, with the keyword
    pub alternatives: Option<(&'static str, &'a [ReferenceOr<Schema>])>,
    /// The text `anyOf`, if the schema has both `oneOf` and `anyOf`
    pub second_keyword: Option<&'static str>,
    /// `pattern`
    pub pattern: Option<&'a str>,
    /// `maxLength`, `minimum`, …
    pub limits: Limits,
}

impl View<'_> {
    /// Whether the schema has enum values other than null, or a type other than `object`.
    pub fn is_not_object(&self) -> bool {
        self.ty.is_some_and(|ty| ty != "object") || !self.values.is_empty()
    }

    /// Whether the schema has no keyword that determines a type, such as `{}` or one with a description only.
    pub fn says_nothing(&self) -> bool {
        self.ty.is_none()
            && self.values.is_empty()
            && self.properties.is_none()
            && self.required.is_empty()
            && self.additional.is_none()
            && self.items.is_none()
            && self.all_of.is_empty()
            && self.alternatives.is_none()
    }
}

impl Spec {
    /// Parses a document that the module `openapi` has checked.
    ///
    /// # Errors
    /// Where `openapiv3` rejects what the check accepts: a defect of the generator.
    pub fn parse(document: &Value) -> Result<Self> {
        use serde::Deserialize;
        let document = OpenAPI::deserialize(document).map_err(|error| {
            Error::new(
                "",
                "",
                format!("internal error: the document passed the generator's check, but openapiv3 rejects it: {error}"),
            )
            .hint("this is a bug in the generator; please report it and attach the description")
        })?;
        Ok(Self { document })
    }

    /// The named schemas, in order.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, &ReferenceOr<Schema>)> {
        self.document
            .components
            .iter()
            .flat_map(|components| components.schemas.iter().map(|(key, schema)| (key.as_str(), schema)))
    }

    /// A named schema.
    pub fn schema(&self, key: &str) -> Option<&ReferenceOr<Schema>> {
        self.document.components.as_ref()?.schemas.get(key)
    }

    /// Whether a named schema has `nullable`, directly or through a chain of references to at most `MAX_CHAIN` schemas.
    pub fn is_nullable(&self, key: &str) -> bool {
        let mut schema = self.schema(key);
        // A chain that leads back to itself has no end. It is rejected once all types are known.
        for _ in 0..MAX_CHAIN {
            match schema {
                Some(ReferenceOr::Item(schema)) => return schema.schema_data.nullable,
                Some(ReferenceOr::Reference { reference }) => {
                    schema = reference.strip_prefix(SCHEMAS).and_then(|key| self.schema(key));
                }
                None => return false,
            }
        }
        false
    }

    /// The schema itself, or the name of the component that it refers to.
    ///
    /// # Errors
    /// Where a reference has no target.
    pub fn resolve_schema<'a>(&'a self, schema: ReferenceOr<&'a Schema>, pointer: &str) -> Result<SchemaRef<'a>> {
        match schema {
            ReferenceOr::Item(schema) => Ok(SchemaRef::Inline(Box::new(view(schema)))),
            ReferenceOr::Reference { reference } => {
                // The name is borrowed from the map's key, which outlives the reference's text.
                let key = reference.strip_prefix(SCHEMAS).and_then(|key| {
                    self.document.components.as_ref()?.schemas.get_key_value(key).map(|(key, _)| key.as_str())
                });
                key.map(SchemaRef::Named).ok_or_else(|| dangling(pointer, &reference))
            }
        }
    }

    /// A parameter, with its reference resolved.
    pub fn parameter<'a>(&'a self, parameter: &'a ReferenceOr<Parameter>, pointer: &str) -> Result<&'a Parameter> {
        resolve(parameter, pointer, "#/components/parameters/", |key| {
            self.document.components.as_ref()?.parameters.get(key)
        })
    }

    /// A response, with its reference resolved, and its JSON pointer.
    pub fn response<'a>(
        &'a self,
        response: &'a ReferenceOr<Response>,
        pointer: &str,
    ) -> Result<(&'a Response, String)> {
        let found = resolve(response, pointer, "#/components/responses/", |key| {
            self.document.components.as_ref()?.responses.get(key)
        })?;
        let place = match response {
            ReferenceOr::Reference { reference } => reference.trim_start_matches('#').to_owned(),
            ReferenceOr::Item(_) => pointer.to_owned(),
        };
        Ok((found, place))
    }

    /// A security scheme; `None` if there is none of this name, or it is a reference.
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.document.components.as_ref()?.security_schemes.get(name)?.as_item()
    }

    /// An example, with its reference resolved; `None` if the reference has no target.
    pub fn example<'a>(&'a self, example: &'a ReferenceOr<Example>) -> Option<&'a Example> {
        resolve(example, "", "#/components/examples/", |key| self.document.components.as_ref()?.examples.get(key)).ok()
    }

    /// A request body, with its reference resolved.
    pub fn request_body<'a>(&'a self, body: &'a ReferenceOr<RequestBody>, pointer: &str) -> Result<&'a RequestBody> {
        resolve(body, pointer, "#/components/requestBodies/", |key| {
            self.document.components.as_ref()?.request_bodies.get(key)
        })
    }
}

fn resolve<'a, T>(
    item: &'a ReferenceOr<T>,
    pointer: &str,
    prefix: &str,
    find: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
) -> Result<&'a T> {
    match item {
        ReferenceOr::Item(item) => Ok(item),
        ReferenceOr::Reference { reference } => reference
            .strip_prefix(prefix)
            .and_then(find)
            .and_then(ReferenceOr::as_item)
            .ok_or_else(|| dangling(pointer, reference)),
    }
}

fn dangling(pointer: &str, reference: &str) -> Error {
    Error::new("", join(pointer, "$ref"), format!("the reference `{reference}` has no target"))
        .hint("add the missing component, or correct the reference, with an overlay in descriptions/overlays, or in the file in descriptions/platform")
}

/// The pointer to the place where a value is written. Lowering follows references as if their targets were inline, so the
/// pointers of its errors may lead through references. If there is no value, the result is the innermost one around it.
pub fn written_at(document: &Value, pointer: &str) -> String {
    let mut place = String::new();
    for step in pointer.split('/').skip(1) {
        let target = |place: &str| document.pointer(place)?.get("$ref")?.as_str()?.strip_prefix('#').map(str::to_owned);
        // References may be circular, so the number of steps is limited.
        for _ in 0..16 {
            match target(&place) {
                Some(next) => place = next,
                None => break,
            }
        }
        let next = format!("{place}/{step}");
        if document.pointer(&next).is_none() {
            break;
        }
        place = next;
    }
    place
}

/// A boxed schema as a borrowed one.
pub fn unboxed(schema: &ReferenceOr<Box<Schema>>) -> ReferenceOr<&Schema> {
    match schema {
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference: reference.clone() },
        ReferenceOr::Item(schema) => ReferenceOr::Item(schema),
    }
}

/// A schema as a borrowed one.
pub fn borrowed(schema: &ReferenceOr<Schema>) -> ReferenceOr<&Schema> {
    match schema {
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference: reference.clone() },
        ReferenceOr::Item(schema) => ReferenceOr::Item(schema),
    }
}

/// The keywords of an inline schema.
pub fn view(schema: &Schema) -> View<'_> {
    let mut view = View {
        data: &schema.schema_data,
        ty: None,
        format: None,
        values: Vec::new(),
        properties: None,
        required: &[],
        additional: None,
        items: None,
        all_of: &[],
        alternatives: None,
        second_keyword: None,
        pattern: None,
        limits: Limits::default(),
    };
    match &schema.schema_kind {
        SchemaKind::Type(ty) => view_type(&mut view, ty),
        SchemaKind::OneOf { one_of } => view.alternatives = Some(("oneOf", one_of)),
        SchemaKind::AnyOf { any_of } => view.alternatives = Some(("anyOf", any_of)),
        SchemaKind::AllOf { all_of } => view.all_of = all_of,
        // `check` has rejected documents that use `not`.
        SchemaKind::Not { .. } => {}
        SchemaKind::Any(any) => view_any(&mut view, any),
    }
    view
}

fn view_type<'a>(view: &mut View<'a>, ty: &'a Type) {
    match ty {
        Type::String(string) => {
            view.ty = Some("string");
            view.format = format(&string.format);
            view.values = values(&string.enumeration);
            view.pattern = string.pattern.as_deref();
            view.limits.min_length = count(string.min_length);
            view.limits.max_length = count(string.max_length);
        }
        Type::Number(number) => {
            view.ty = Some("number");
            view.format = format(&number.format);
            view.values = values(&number.enumeration);
            view.limits.minimum = number.minimum.and_then(Number::from_f64);
            view.limits.maximum = number.maximum.and_then(Number::from_f64);
            view.limits.multiple_of = number.multiple_of.and_then(Number::from_f64);
            view.limits.exclusive_minimum = number.exclusive_minimum;
            view.limits.exclusive_maximum = number.exclusive_maximum;
        }
        Type::Integer(integer) => {
            view.ty = Some("integer");
            view.format = format(&integer.format);
            view.values = values(&integer.enumeration);
            view.limits.minimum = integer.minimum.map(Number::from);
            view.limits.maximum = integer.maximum.map(Number::from);
            view.limits.multiple_of = integer.multiple_of.map(Number::from);
            view.limits.exclusive_minimum = integer.exclusive_minimum;
            view.limits.exclusive_maximum = integer.exclusive_maximum;
        }
        Type::Boolean(boolean) => {
            view.ty = Some("boolean");
            view.values = values(&boolean.enumeration);
        }
        Type::Object(object) => {
            view.ty = Some("object");
            view.properties = Some(&object.properties).filter(|properties| !properties.is_empty());
            view.required = &object.required;
            view.additional = object.additional_properties.as_ref();
            view.limits.min_properties = count(object.min_properties);
            view.limits.max_properties = count(object.max_properties);
        }
        Type::Array(array) => {
            view.ty = Some("array");
            view.items = array.items.as_ref();
            view.limits.min_items = count(array.min_items);
            view.limits.max_items = count(array.max_items);
            view.limits.unique_items = array.unique_items;
        }
    }
}

fn view_any<'a>(view: &mut View<'a>, any: &'a AnySchema) {
    view.ty = any.typ.as_deref();
    view.format.clone_from(&any.format);
    view.values = any.enumeration.iter().filter(|value| !value.is_null()).cloned().collect();
    view.properties = Some(&any.properties).filter(|properties| !properties.is_empty());
    view.required = &any.required;
    view.additional = any.additional_properties.as_ref();
    view.items = any.items.as_ref();
    view.all_of = &any.all_of;
    view.alternatives = match (any.one_of.is_empty(), any.any_of.is_empty()) {
        (false, _) => Some(("oneOf", &any.one_of)),
        (true, false) => Some(("anyOf", &any.any_of)),
        (true, true) => None,
    };
    view.second_keyword = (!any.one_of.is_empty() && !any.any_of.is_empty()).then_some("anyOf");
    view.pattern = any.pattern.as_deref();
    view.limits = Limits {
        min_length: count(any.min_length),
        max_length: count(any.max_length),
        minimum: any.minimum.and_then(Number::from_f64),
        maximum: any.maximum.and_then(Number::from_f64),
        exclusive_minimum: any.exclusive_minimum.unwrap_or_default(),
        exclusive_maximum: any.exclusive_maximum.unwrap_or_default(),
        multiple_of: any.multiple_of.and_then(Number::from_f64),
        min_properties: count(any.min_properties),
        max_properties: count(any.max_properties),
        min_items: count(any.min_items),
        max_items: count(any.max_items),
        unique_items: any.unique_items.unwrap_or_default(),
    };
}

fn count(value: Option<usize>) -> Option<u64> {
    value.and_then(|value| u64::try_from(value).ok())
}

/// The values of an `enum` without null, which `nullable` represents.
fn values<T: Clone>(values: &[Option<T>]) -> Vec<Value>
where
    Value: From<T>,
{
    values.iter().flatten().cloned().map(Value::from).collect()
}

fn format<T: serde::Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known).ok()?.as_str().map(str::to_owned),
        VariantOrUnknownOrEmpty::Unknown(unknown) => Some(unknown.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_through_references_lead_to_the_target() {
        let document =
            json!({"a": {"b": {"$ref": "#/c"}}, "c": {"$ref": "#/d"}, "d": {"e": [1]}, "f": {"$ref": "#/f"}});
        for (pointer, written) in
            [("/a/b", "/a/b"), ("/a/b/e/0", "/d/e/0"), ("/a/b/e/1", "/d/e"), ("/f/g", "/f"), ("", ""), ("/x/y", "")]
        {
            assert_eq!(written_at(&document, pointer), written, "{pointer}");
        }
    }
}
