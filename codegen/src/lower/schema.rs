//! Schemas to types: structs, enums, unions, and the scalars that the runtime has types for.

mod choice;
mod merge;

use openapiv3::{AdditionalProperties, ReferenceOr, Schema};
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, Warning, join};
use crate::docs;
use crate::ir::{Doc, RustName, Struct, Ty, TypeDef, TypeKind, Usage, Variant, WireName};
use crate::names::{self, Scope};
use crate::spec::{Node, View, borrowed, unboxed};
use merge::Merged;

/// Where a schema stands, and what an inline type there would be called.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// JSON pointer.
    pub(super) pointer: String,
    /// The name for a type that has to be made for it.
    pub(super) name: RustName,
    /// The module for that type.
    pub(super) module: String,
}

impl Place {
    fn inside(&self, segments: &[&str], part: &str) -> Self {
        let pointer = segments.iter().fold(self.pointer.clone(), |pointer, segment| join(&pointer, segment));
        Self { pointer, name: names::inside(&self.name, part), module: self.module.clone() }
    }

    /// The same name, further down: an alternative or a part that is the same thing.
    fn down(&self, segments: &[&str]) -> Self {
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
}

impl Lowered {
    fn plain(ty: Ty) -> Self {
        Self { ty, nullable: false, constant: None }
    }
}

/// The name that an overlay gives a schema.
pub(super) fn given_name(schema: &ReferenceOr<Schema>) -> Option<&str> {
    schema.as_item()?.schema_data.extensions.get("x-sdk-name")?.as_str()
}

impl<'a> Lowering<'a> {
    /// Lowers a schema of `components.schemas` into a type of its own.
    pub(super) fn named_schema(&mut self, key: &'a str, schema: &'a ReferenceOr<Schema>) -> Result<()> {
        let pointer = join("/components/schemas", key);
        let name = self.names.schema(key).cloned().unwrap_or_else(|| names::camel(key));
        let module = names::snake(key).bare().to_owned();
        let place = Place { pointer: pointer.clone(), name: name.clone(), module };
        let index = self.reserve(&place, Some(WireName(key.to_owned())));
        let (kind, doc) = match self.spec.node(borrowed(schema), &pointer)? {
            Node::Named(other) => (TypeKind::Alias(self.reference(other)?.ty), Doc::default()),
            Node::Inline(view) => {
                let doc = docs::schema(&view);
                match self.shape(&view, &place)? {
                    Shape::Type(kind) => (kind, doc),
                    Shape::Use(lowered) => (TypeKind::Alias(lowered.ty), doc),
                }
            }
        };
        self.types[index].kind = kind;
        self.types[index].doc = doc;
        Ok(())
    }

    /// Puts a type where its parts will follow it.
    fn reserve(&mut self, place: &Place, wire: Option<WireName>) -> usize {
        self.types.push(TypeDef {
            name: place.name.clone(),
            wire,
            pointer: place.pointer.clone(),
            module: place.module.clone(),
            kind: TypeKind::Struct(Struct::default()),
            doc: Doc::default(),
            usage: Usage::default(),
        });
        self.types.len() - 1
    }

    /// The type of a schema in use.
    pub(super) fn schema(&mut self, schema: ReferenceOr<&'a Schema>, place: &Place) -> Result<Lowered> {
        match self.spec.node(schema, &place.pointer)? {
            Node::Named(key) => self.reference(key),
            Node::Inline(view) => self.view(&view, place),
        }
    }

    pub(super) fn view(&mut self, view: &View<'a>, place: &Place) -> Result<Lowered> {
        let nullable = view.data.nullable;
        if let Some(name) = self.inline.get(&place.pointer) {
            return Ok(Lowered { nullable, ..Lowered::plain(Ty::Named(name.clone())) });
        }
        let mut lowered = match self.shape_kind(view) {
            // A type of its own: its name is fixed before its parts are lowered, which may lead back to it.
            kind @ ("Object" | "Kind" | "Choice") => {
                let name = self.names.inline(place.name.clone(), kind);
                self.inline.insert(place.pointer.clone(), name.clone());
                let place = Place { name: name.clone(), ..place.clone() };
                let index = self.reserve(&place, None);
                match self.shape(view, &place)? {
                    Shape::Type(kind) => {
                        self.types[index].kind = kind;
                        self.types[index].doc = docs::schema(view);
                        Lowered::plain(Ty::Named(name))
                    }
                    Shape::Use(lowered) => {
                        // What looked like a type turned out to be a use of another one.
                        self.types.remove(index);
                        self.inline.remove(&place.pointer);
                        lowered
                    }
                }
            }
            _ => match self.shape(view, place)? {
                Shape::Use(lowered) => lowered,
                Shape::Type(_) => {
                    return Err(Error::new("", &place.pointer, "a type was found where none was expected"));
                }
            },
        };
        lowered.nullable |= nullable;
        Ok(lowered)
    }

    /// The type for a reference. Whether null is allowed is said by the schema that it leads to.
    fn reference(&mut self, key: &str) -> Result<Lowered> {
        let nullable =
            self.spec.schema(key).and_then(ReferenceOr::as_item).is_some_and(|schema| schema.schema_data.nullable);
        let name = self.names.schema(key).cloned().unwrap_or_else(|| names::camel(key));
        Ok(Lowered { nullable, ..Lowered::plain(Ty::Named(name)) })
    }

    /// Whether a schema makes a type of its own, and which word tells its name from that of a named schema.
    fn shape_kind(&self, view: &View<'a>) -> &'static str {
        if view.ty.is_some_and(|ty| !matches!(ty, "object" | "string")) {
            return "";
        }
        if view.properties.is_some() && view.ty != Some("string") || !view.all_of.is_empty() {
            return "Object";
        }
        if view.alternatives.is_some() {
            return "Choice";
        }
        if view.values.len() > 1 && view.values.iter().all(Value::is_string) { "Kind" } else { "" }
    }

    fn shape(&mut self, view: &View<'a>, place: &Place) -> Result<Shape> {
        if view.ty == Some("string") && view.properties.is_some() {
            self.warn("scalar-with-properties", place, "a string that lists properties is taken as a string");
        }
        match view.ty {
            Some("string") => return Ok(self.text(view)),
            Some("integer") => {
                let time = matches!(view.format.as_deref(), Some("date-time" | "timestamp"));
                return Ok(Shape::plain(if time { Ty::Timestamp } else { Ty::I64 }));
            }
            Some("number") => return Ok(Shape::plain(Ty::F64)),
            Some("boolean") => return Ok(Shape::plain(Ty::Bool)),
            Some("array") => {
                let Some(items) = view.items else {
                    return Ok(Shape::plain(Ty::List(Box::new(Ty::Value))));
                };
                // The singular of the list's own name says what an item is.
                let name =
                    RustName(names::camel(&names::singular(&heck::ToSnakeCase::to_snake_case(place.name.bare()))).0);
                let place = Place { name, ..place.down(&["items"]) };
                let item = self.schema(unboxed(items), &place)?;
                let ty = if item.nullable { Ty::Nullable(Box::new(item.ty)) } else { item.ty };
                return Ok(Shape::plain(Ty::List(Box::new(ty))));
            }
            _ => {}
        }
        if view.properties.is_none()
            && view.alternatives.is_none()
            && let Some((index, only)) = self.only_reference(view.all_of, place)?
        {
            return self.schema(only, &place.down(&["allOf", &index.to_string()])).map(Shape::Use);
        }
        if let Some((keyword, alternatives)) = view.alternatives {
            return self.choice(view, keyword, alternatives, place);
        }
        if view.properties.is_some() || !view.all_of.is_empty() {
            let mut merged = Merged::default();
            self.merge(view, place, &mut merged)?;
            return self.structure(merged).map(|structure| Shape::Type(TypeKind::Struct(structure)));
        }
        if view.ty == Some("object") || view.additional.is_some() {
            return match view.additional {
                Some(AdditionalProperties::Schema(schema)) => {
                    let value = self.schema(borrowed(schema), &place.inside(&["additionalProperties"], "value"))?;
                    let ty = if value.nullable { Ty::Nullable(Box::new(value.ty)) } else { value.ty };
                    Ok(Shape::plain(if ty == Ty::Value { Ty::Attributes } else { Ty::Map(Box::new(ty)) }))
                }
                _ => Ok(Shape::plain(Ty::Attributes)),
            };
        }
        if !view.values.is_empty() {
            return Ok(self.text(view));
        }
        Ok(Shape::plain(Ty::Value))
    }

    /// The one reference among the parts of an `allOf`, where the others say nothing about the shape.
    fn only_reference(
        &self,
        parts: &'a [ReferenceOr<Schema>],
        place: &Place,
    ) -> Result<Option<(usize, ReferenceOr<&'a Schema>)>> {
        let mut only = None;
        for (index, part) in parts.iter().enumerate() {
            match self.spec.node(borrowed(part), &place.pointer)? {
                Node::Inline(part) if part.says_nothing() => {}
                Node::Named(_) if only.is_none() => only = Some((index, borrowed(part))),
                _ => return Ok(None),
            }
        }
        Ok(only)
    }

    /// A string: an enum, a constant, a time, or just text.
    fn text(&mut self, view: &View<'a>) -> Shape {
        let values: Vec<&str> = view.values.iter().filter_map(Value::as_str).collect();
        match values[..] {
            [] => Shape::plain(match view.format.as_deref() {
                Some("date-time") => Ty::Timestamp,
                Some("binary") => Ty::Bytes,
                _ => Ty::String,
            }),
            [only] => Shape::Use(Lowered { constant: Some(only.to_owned()), ..Lowered::plain(Ty::String) }),
            _ => {
                let mut scope = Scope::with(["Unknown"]);
                let variants = values.iter().map(|value| Variant {
                    wire: WireName((*value).to_owned()),
                    name: scope.claim(names::variant(value)),
                });
                Shape::Type(TypeKind::TextEnum(variants.collect()))
            }
        }
    }

    pub(super) fn warn(&mut self, code: &'static str, place: &Place, message: &str) {
        self.warnings.push(Warning::new(code, "", &place.pointer, message));
    }
}

/// What a schema is: a type of its own, or a use of one.
enum Shape {
    Type(TypeKind),
    Use(Lowered),
}

impl Shape {
    fn plain(ty: Ty) -> Self {
        Self::Use(Lowered::plain(ty))
    }
}

/// By the API's convention, `id` and `…_id` identify something, whichever scalar holds it, and an integer `…_at` is a time.
pub(super) fn refine(key: &str, ty: Ty) -> Ty {
    match ty {
        Ty::String | Ty::I64 if key == "id" || key.ends_with("_id") => Ty::Id,
        Ty::I64 if key.ends_with("_at") => Ty::Timestamp,
        Ty::List(item) if key.ends_with("_ids") => Ty::List(Box::new(refine("id", *item))),
        Ty::Nullable(inner) => Ty::Nullable(Box::new(refine(key, *inner))),
        other => other,
    }
}

fn unsupported(place: &Place, what: &str) -> Error {
    Error::new("", &place.pointer, format!("{what} is not supported")).hint("correct the description with an overlay")
}
