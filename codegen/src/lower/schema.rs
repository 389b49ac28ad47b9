//! Lowers schemas to types: structs, enums, unions, scalars, lists and maps.

mod choice;
mod merge;

use openapiv3::{AdditionalProperties, ReferenceOr, Schema};
use serde_json::Value;

use super::Lowering;
use super::metadata::{doc, metadata};
use crate::diag::{Error, Result, join};
use crate::ir::{RustName, Ty, TypeId, TypeKind, Variant, WireName};
use crate::names::{self, Scope, reserved};
use crate::spec::{SchemaRef, View, borrowed, unboxed};

/// The maximum number of segments of a schema's JSON pointer; each nested property adds two. Lowering recurses into nested schemas, and
/// syn and prettyplease into nested types such as `Vec<Vec<…>>`, so the bound protects the stack.
const MAX_POINTER_SEGMENTS: usize = 40;

/// A place in the document, and the name for an inline type at this place.
#[derive(Clone, Debug)]
pub(super) struct TypePlace {
    /// The JSON pointer of the schema, or of an operation, parameter or response.
    pub(super) pointer: String,
    /// The name of the type, if the schema becomes a type of its own and the name is free; at other places, the beginning of such names.
    pub(super) name: RustName,
    /// The module of that type.
    pub(super) module: String,
}

impl TypePlace {
    /// A place further down, whose name is made from the name here and `part`.
    fn child(&self, segments: &[&str], part: &str) -> Self {
        let pointer = segments.iter().fold(self.pointer.clone(), |pointer, segment| join(&pointer, segment));
        Self { pointer, name: names::inline_type(&self.name, part), module: self.module.clone() }
    }

    /// A place further down that keeps the name, for example a part of an `allOf`, which describes the same value.
    fn same_name_at(&self, segments: &[&str]) -> Self {
        let pointer = segments.iter().fold(self.pointer.clone(), |pointer, segment| join(&pointer, segment));
        Self { pointer, ..self.clone() }
    }
}

/// A schema's type, and whether null is one of its values.
#[derive(Clone, Debug)]
pub(super) struct Lowered {
    pub(super) ty: Ty,
    pub(super) nullable: bool,
    /// The only value that the description allows.
    pub(super) constant: Option<String>,
    /// Whether an overlay gives the type, or that of the items of a list. Then the rules for names, such as `…_id`, do not apply.
    pub(super) from_overlay: bool,
}

impl Lowered {
    fn plain(ty: Ty) -> Self {
        Self { ty, nullable: false, constant: None, from_overlay: false }
    }

    /// The type with null included, for items of lists, values of maps and alternatives, where no field can record
    /// null.
    fn with_null(self) -> Ty {
        if self.nullable { Ty::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// The classification of a schema: it becomes a type of its own, or it is expressed by other types.
enum Shape<'a> {
    /// An object with declared keys.
    Object,
    /// One of several alternatives: the keyword, and their schemas.
    Choice(&'static str, &'a [ReferenceOr<Schema>]),
    /// One of several texts.
    Texts(Vec<String>),
    /// A scalar, a list, a map, or another type.
    NoOwnType(Lowered),
}

impl<'a> Lowering<'a> {
    /// Lowers a schema of `components.schemas` into a type of its own.
    pub(super) fn named_schema(&mut self, key: &'a str, schema: &'a ReferenceOr<Schema>) -> Result<()> {
        let Some(id) = self.named.get(key).copied() else { return Ok(()) };
        self.types.append(id);
        let place = self.place_of(id);
        match self.spec.resolve_schema(borrowed(schema), &place.pointer)? {
            SchemaRef::Named(other) => {
                let target = self.reference(other);
                let def = &mut self.types[id];
                (def.kind, def.nullable) = (TypeKind::Alias(target.ty), target.nullable);
            }
            SchemaRef::Inline(view) => {
                let shape = self.shape(&view, &place)?;
                self.define(id, shape, &view, &place)?;
            }
        }
        Ok(())
    }

    /// Lowers the parts of a form, where bytes are files.
    pub(super) fn in_form<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.form = true;
        let lowered = lower(self);
        self.form = false;
        lowered
    }

    /// The place of a type's own schema.
    fn place_of(&self, id: TypeId) -> TypePlace {
        let def = &self.types[id];
        TypePlace { pointer: def.pointer.clone(), name: def.name.clone(), module: def.module.clone() }
    }

    /// Fills in a reserved type.
    fn define(&mut self, id: TypeId, shape: Shape<'a>, view: &View<'a>, place: &TypePlace) -> Result<()> {
        let (kind, nullable) = match shape {
            Shape::Object => (TypeKind::Struct(self.object(view, place)?), view.data.nullable),
            Shape::Choice(keyword, alternatives) => {
                (TypeKind::Union(self.union(view, keyword, alternatives, place)?), view.data.nullable)
            }
            Shape::Texts(values) => (TypeKind::TextEnum(variants(&values, view)), view.data.nullable),
            Shape::NoOwnType(lowered) => (TypeKind::Alias(lowered.ty), view.data.nullable || lowered.nullable),
        };
        let platform_feature = view.data.extensions.get("x-sdk-platform-feature").and_then(Value::as_str);
        let def = &mut self.types[id];
        (def.kind, def.nullable, def.doc, def.metadata) = (kind, nullable, doc(view), metadata(view));
        def.platform_feature = platform_feature.map(str::to_owned);
        Ok(())
    }

    /// The type to use for a schema: the named type of a reference, or the type of an inline schema.
    pub(super) fn schema(&mut self, schema: ReferenceOr<&'a Schema>, place: &TypePlace) -> Result<Lowered> {
        if place.pointer.bytes().filter(|byte| *byte == b'/').count() > MAX_POINTER_SEGMENTS {
            return Err(unsupported(
                place,
                &format!("a schema whose JSON pointer has more than {MAX_POINTER_SEGMENTS} segments"),
            )
            .hint("move one of the inner schemas into `components`, with an overlay"));
        }
        match self.spec.resolve_schema(schema, &place.pointer)? {
            SchemaRef::Named(key) => Ok(self.reference(key)),
            SchemaRef::Inline(view) => self.inline_schema(&view, place),
        }
    }

    /// Lowers an inline schema to a type.
    pub(super) fn inline_schema(&mut self, view: &View<'a>, place: &TypePlace) -> Result<Lowered> {
        if let Some(id) = self.inline.get(&place.pointer) {
            return Ok(Lowered { nullable: view.data.nullable, ..Lowered::plain(Ty::Named(*id)) });
        }
        let shape = self.shape(view, place)?;
        let kind = match &shape {
            Shape::NoOwnType(_) => "",
            Shape::Object => "Object",
            Shape::Choice(..) => "Choice",
            Shape::Texts(_) => "Kind",
        };
        let mut lowered = match shape {
            Shape::NoOwnType(lowered) => lowered,
            shape => {
                let (id, place) = self.inline_type(place, kind);
                self.inline.insert(place.pointer.clone(), id);
                self.define(id, shape, view, &place)?;
                Lowered::plain(Ty::Named(id))
            }
        };
        lowered.nullable |= view.data.nullable;
        Ok(lowered)
    }

    /// Reserves a type for an inline schema or for an alternative that gets the keys of its union. Returns its id, and the place with its
    /// name; `kind` is appended to the name where it is taken.
    fn inline_type(&mut self, place: &TypePlace, kind: &str) -> (TypeId, TypePlace) {
        let place = TypePlace { name: self.names.inline(place.name.clone(), kind), ..place.clone() };
        let id = self.types.reserve(place.name.clone(), None, place.pointer.clone(), place.module.clone());
        self.types.append(id);
        (id, place)
    }

    /// The type of a reference. Null is allowed if the schema that it points to has `nullable`.
    fn reference(&mut self, key: &str) -> Lowered {
        let ty = self.named.get(key).map_or(Ty::Value, |id| Ty::Named(*id));
        Lowered { nullable: self.spec.is_nullable(key), ..Lowered::plain(ty) }
    }

    /// Classifies a schema. The contents of a type of its own are lowered later, when its id exists.
    fn shape(&mut self, view: &View<'a>, place: &TypePlace) -> Result<Shape<'a>> {
        if let Some(ty) = given_type(view) {
            return Ok(Shape::NoOwnType(Lowered { from_overlay: true, ..Lowered::plain(ty) }));
        }
        if view.ty == Some("string") && view.properties.is_some() {
            self.warn("scalar-with-properties", &place.pointer, "a string that has properties is treated as a string");
        }
        if view.is_not_object() && (view.alternatives.is_some() || !view.all_of.is_empty()) {
            let message = match view.ty {
                None | Some("object") => "the `enum` beside alternatives or an `allOf` is ignored",
                Some(_) => "its own `type` is used; the alternatives or the `allOf` beside it are ignored",
            };
            self.warn("scalar-with-alternatives", &place.pointer, message);
        }
        if view.data.discriminator.is_some() && view.alternatives.is_none() {
            let message = "there are no alternatives; the discriminator is ignored";
            self.warn("discriminator-alone", &place.pointer, message);
        }
        match view.ty {
            Some("string") => return Ok(self.text(view, place)),
            Some("integer") => {
                return Ok(Shape::plain(if is_time(view) { Ty::Timestamp } else { Ty::I64 }));
            }
            Some("number") => return Ok(Shape::plain(Ty::F64)),
            Some("boolean") => return Ok(Shape::plain(Ty::Bool)),
            Some("array") => return self.list(view, place),
            _ => {}
        }
        if let Some(other) = view.second_keyword {
            return Err(several_choices(&place.same_name_at(&[other])));
        }
        if view.properties.is_none()
            && view.alternatives.is_none()
            && let Some((index, only)) = self.only_part(view.all_of, place)?
        {
            return self.schema(only, &place.same_name_at(&["allOf", &index.to_string()])).map(Shape::NoOwnType);
        }
        if let Some((keyword, alternatives)) = view.alternatives {
            return self.choice(view, keyword, alternatives, place);
        }
        if view.properties.is_some() || !view.all_of.is_empty() {
            return Ok(Shape::Object);
        }
        if view.ty == Some("object") || view.additional.is_some() {
            return self.map(view, place);
        }
        let all = |is: fn(&Value) -> bool| !view.values.is_empty() && view.values.iter().all(is);
        if all(Value::is_string) {
            return Ok(self.text(view, place));
        }
        Ok(Shape::plain(match () {
            () if all(Value::is_i64) => Ty::I64,
            () if all(Value::is_boolean) => Ty::Bool,
            () => Ty::Value,
        }))
    }

    fn list(&mut self, view: &View<'a>, place: &TypePlace) -> Result<Shape<'a>> {
        let Some(items) = view.items else {
            return Ok(Shape::plain(Ty::List(Box::new(Ty::Value))));
        };
        // The singular of the list's name, or that name with `_item`.
        let name = names::camel(&names::item(&heck::ToSnakeCase::to_snake_case(place.name.bare())));
        let item = self.schema(unboxed(items), &TypePlace { name, ..place.same_name_at(&["items"]) })?;
        let from_overlay = item.from_overlay;
        Ok(Shape::NoOwnType(Lowered { from_overlay, ..Lowered::plain(Ty::List(Box::new(item.with_null()))) }))
    }

    /// An object with free keys.
    fn map(&mut self, view: &View<'a>, place: &TypePlace) -> Result<Shape<'a>> {
        let Some(AdditionalProperties::Schema(schema)) = view.additional else {
            return Ok(Shape::plain(Ty::Attributes));
        };
        let value = self.schema(borrowed(schema), &place.child(&["additionalProperties"], "value"))?.with_null();
        Ok(Shape::plain(if value == Ty::Value { Ty::Attributes } else { Ty::Map(Box::new(value)) }))
    }

    /// Classifies a string: an enum, a constant, a point in time, a file of a form, or any string.
    fn text(&mut self, view: &View<'a>, place: &TypePlace) -> Shape<'a> {
        let mut values: Vec<&str> = view.values.iter().filter_map(Value::as_str).collect();
        if values.len() != view.values.len() {
            let message = "the enum of a string has values that are not strings; its values are ignored";
            self.warn("enum-of-other-type", &place.pointer, message);
            values.clear();
        }
        match values[..] {
            [] if is_time(view) => Shape::plain(Ty::Timestamp),
            [] if view.format.as_deref() == Some("binary") => {
                if self.form {
                    return Shape::plain(Ty::Bytes);
                }
                self.warn(
                    "binary-as-text",
                    &place.pointer,
                    "only a part of a form can be a file; this is treated as a string",
                );
                Shape::plain(Ty::String)
            }
            [] => Shape::plain(Ty::String),
            [only] => Shape::NoOwnType(Lowered { constant: Some(only.to_owned()), ..Lowered::plain(Ty::String) }),
            _ => {
                let mut texts: Vec<String> = Vec::new();
                for value in values {
                    if !texts.iter().any(|known| known == value) {
                        texts.push(value.to_owned());
                    }
                }
                Shape::Texts(texts)
            }
        }
    }

    /// The only part of an `allOf` that restricts the value, with its index; `None` where there is none or several, or it is an inline
    /// object.
    fn only_part(
        &self,
        parts: &'a [ReferenceOr<Schema>],
        place: &TypePlace,
    ) -> Result<Option<(usize, ReferenceOr<&'a Schema>)>> {
        let mut only = None;
        for (index, part) in parts.iter().enumerate() {
            match self.spec.resolve_schema(borrowed(part), &place.pointer)? {
                SchemaRef::Inline(part) if part.says_nothing() => {}
                SchemaRef::Named(_) if only.is_none() => only = Some((index, borrowed(part))),
                SchemaRef::Inline(view) if only.is_none() && (view.is_not_object() || view.alternatives.is_some()) => {
                    only = Some((index, borrowed(part)));
                }
                _ => return Ok(None),
            }
        }
        Ok(only)
    }
}

impl Shape<'_> {
    fn plain(ty: Ty) -> Self {
        Self::NoOwnType(Lowered::plain(ty))
    }
}

/// Whether a scalar is a point in time.
fn is_time(view: &View<'_>) -> bool {
    match view.format.as_deref() {
        Some("date-time") => true,
        Some("timestamp") => view.ty == Some("integer"),
        _ => false,
    }
}

/// The type that an overlay gives a schema with `x-sdk-type`, where the generator's choice would be wrong.
fn given_type(view: &View<'_>) -> Option<Ty> {
    Some(match view.data.extensions.get("x-sdk-type")?.as_str()? {
        "id" => Ty::Id,
        "timestamp" => Ty::Timestamp,
        "string" => Ty::String,
        "integer" => Ty::I64,
        "number" => Ty::F64,
        "boolean" => Ty::Bool,
        "any" => Ty::Value,
        _ => return None,
    })
}

fn variants(values: &[String], view: &View<'_>) -> Vec<Variant> {
    let mut scope = Scope::of(reserved::NameKind::Variant);
    let docs = view.data.extensions.get("x-sdk-values");
    let variant = |value: &String| Variant {
        wire: WireName(value.clone()),
        name: scope.claim(names::variant(value)),
        doc: docs.and_then(|docs| docs.get(value)?.as_str()).map(str::to_owned),
    };
    values.iter().map(variant).collect()
}

/// Applies the API's naming conventions, unless an overlay gives the type: a string or integer `id` or `…_id` is an id, as
/// is a string or integer in a list `…_ids`, and an integer `…_at` is a point in time.
pub(super) fn refine(key: &str, lowered: Lowered) -> Ty {
    if lowered.from_overlay { lowered.ty } else { refined(key, lowered.ty) }
}

fn refined(key: &str, ty: Ty) -> Ty {
    match ty {
        Ty::String | Ty::I64 if key == "id" || key.ends_with("_id") => Ty::Id,
        Ty::I64 if key.ends_with("_at") => Ty::Timestamp,
        Ty::List(item) if key.ends_with("_ids") => Ty::List(Box::new(refined("id", *item))),
        Ty::Nullable(inner) => Ty::Nullable(Box::new(refined(key, *inner))),
        other => other,
    }
}

fn several_choices(place: &TypePlace) -> Error {
    unsupported(place, "`anyOf` beside `oneOf`").hint("keep one of them, or move one into an `allOf`, with an overlay")
}

fn unsupported(place: &TypePlace, what: &str) -> Error {
    Error::new("", &place.pointer, format!("{what} is not supported")).hint("correct the description with an overlay")
}
