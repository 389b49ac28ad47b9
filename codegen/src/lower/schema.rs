//! Schemas to types: structs, enums, unions, and the scalars that the runtime has types for.

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, ReferenceOr, Schema};
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, Warning, join};
use crate::docs;
use crate::ir::{Doc, Field, Member, Presence, RustName, Struct, Ty, TypeDef, TypeKind, Usage, Variant, WireName};
use crate::names::{self, Scope};
use crate::spec::{Node, View, borrowed, unboxed};

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

/// A property together with the place that gives its inline types their name.
struct Property<'a> {
    schema: ReferenceOr<&'a Schema>,
    place: Place,
}

/// The properties of a schema and of everything it merges.
#[derive(Default)]
struct Merged<'a> {
    properties: IndexMap<&'a str, Property<'a>>,
    required: Vec<&'a str>,
    pinned: Vec<String>,
    alternatives: Vec<Vec<WireName>>,
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

    /// `oneOf` and `anyOf`: one struct where the alternatives only differ in what they require or add, else a union.
    fn choice(
        &mut self,
        view: &View<'a>,
        keyword: &'static str,
        alternatives: &'a [ReferenceOr<Schema>],
        place: &Place,
    ) -> Result<Shape> {
        let own_keys = view.properties.is_some() || !view.all_of.is_empty();
        let inline = alternatives.iter().all(|alternative| matches!(alternative, ReferenceOr::Item(_)));
        if own_keys && inline {
            let mut merged = Merged::default();
            self.merge(view, place, &mut merged)?;
            for (index, alternative) in alternatives.iter().enumerate() {
                let place = place.down(&[keyword, &index.to_string()]);
                self.merge_alternative(alternative, &place, &mut merged)?;
            }
            return self.structure(merged).map(|structure| Shape::Type(TypeKind::Struct(structure)));
        }
        if let ([only], false) = (alternatives, own_keys) {
            return self.schema(borrowed(only), &place.down(&[keyword, "0"])).map(Shape::Use);
        }
        let names = self.alternative_names(alternatives, place)?;
        let mut members = Vec::new();
        for (index, (alternative, name)) in alternatives.iter().zip(names).enumerate() {
            let inside =
                Place { name: names::inside(&place.name, name.bare()), ..place.down(&[keyword, &index.to_string()]) };
            let lowered = if own_keys {
                let mut merged = Merged::default();
                self.merge(view, place, &mut merged)?;
                self.combined(merged, alternative, &inside)?
            } else {
                self.schema(borrowed(alternative), &inside)?
            };
            let ty = if lowered.nullable && lowered.ty.named().is_none() {
                Ty::Nullable(Box::new(lowered.ty))
            } else {
                lowered.ty
            };
            members.push(Member { name, ty });
        }
        let types: Vec<&Ty> = members.iter().map(|member| &member.ty).collect();
        // Time as text or as a number is what the runtime's type takes anyway.
        if types.contains(&&Ty::Timestamp) && types.iter().all(|ty| matches!(ty, Ty::Timestamp | Ty::I64 | Ty::String))
        {
            return Ok(Shape::plain(Ty::Timestamp));
        }
        Ok(Shape::Type(TypeKind::Union(members)))
    }

    /// An alternative of a choice that has keys of its own beside the alternatives: both in one struct.
    fn combined(
        &mut self,
        mut merged: Merged<'a>,
        alternative: &'a ReferenceOr<Schema>,
        place: &Place,
    ) -> Result<Lowered> {
        let node = self.spec.node(borrowed(alternative), &place.pointer)?;
        let view = match node {
            Node::Named(key) => match self.spec.node(borrowed(self.known(key, place)?), &place.pointer)? {
                Node::Inline(view) => view,
                Node::Named(_) => return Err(unsupported(place, "an alternative that is a reference to a reference")),
            },
            Node::Inline(view) => view,
        };
        let name = self.names.inline(place.name.clone(), "Object");
        let place = Place { name: name.clone(), ..place.clone() };
        let index = self.reserve(&place, None);
        let kind = if let Some((keyword, alternatives)) = view.alternatives {
            // A union below: its members take the keys in turn.
            let mut members = Vec::new();
            for (index, (alternative, short)) in
                alternatives.iter().zip(self.alternative_names(alternatives, &place)?).enumerate()
            {
                let inside = Place {
                    name: names::inside(&place.name, short.bare()),
                    ..place.down(&[keyword, &index.to_string()])
                };
                let mut both = Merged::default();
                for (key, property) in &merged.properties {
                    both.properties
                        .insert(*key, Property { schema: property.schema.clone(), place: property.place.clone() });
                }
                both.required.clone_from(&merged.required);
                members.push(Member { name: short, ty: self.combined(both, alternative, &inside)?.ty });
            }
            TypeKind::Union(members)
        } else {
            self.merge(&view, &place, &mut merged)?;
            TypeKind::Struct(self.structure(merged)?)
        };
        self.types[index].kind = kind;
        self.types[index].doc = docs::schema(&view);
        Ok(Lowered::plain(Ty::Named(name)))
    }

    fn known(&self, key: &str, place: &Place) -> Result<&'a ReferenceOr<Schema>> {
        self.spec.schema(key).ok_or_else(|| unsupported(place, "a reference that leads nowhere"))
    }

    /// Names for the alternatives: by the schema's key, its title, its tag, what it requires, or its type.
    fn alternative_names(&self, alternatives: &'a [ReferenceOr<Schema>], place: &Place) -> Result<Vec<RustName>> {
        let mut long = Vec::new();
        for alternative in alternatives {
            long.push(match self.spec.node(borrowed(alternative), &place.pointer)? {
                Node::Named(key) => key.to_owned(),
                Node::Inline(view) => match (&view.data.title, view.ty, view.required) {
                    (_, Some("array"), _) => match view.items.map(unboxed) {
                        Some(ReferenceOr::Reference { reference }) => {
                            format!("{}_list", reference.rsplit('/').next().unwrap_or("item"))
                        }
                        Some(ReferenceOr::Item(item)) => match self
                            .spec
                            .node(ReferenceOr::Item(item), &place.pointer)?
                        {
                            Node::Inline(item) => item.ty.map_or_else(|| "list".to_owned(), |ty| format!("{ty}_list")),
                            Node::Named(_) => "list".to_owned(),
                        },
                        None => "list".to_owned(),
                    },
                    (Some(title), ..) => title.clone(),
                    (None, Some("object") | None, [first, ..]) => first.clone(),
                    (None, Some(ty), _) => ty.to_owned(),
                    (None, None, _) => "other".to_owned(),
                },
            });
        }
        Ok(names::distinct(&long))
    }

    /// Adds the keys of a schema, and of everything it merges, to a struct.
    fn merge(&mut self, view: &View<'a>, place: &Place, merged: &mut Merged<'a>) -> Result<()> {
        for (index, part) in view.all_of.iter().enumerate() {
            let down = place.down(&["allOf", &index.to_string()]);
            match self.spec.node(borrowed(part), &down.pointer)? {
                Node::Named(key) => self.merge_named(key, &down, merged)?,
                Node::Inline(part) => self.merge(&part, &down, merged)?,
            }
        }
        for (key, schema) in view.properties.into_iter().flatten() {
            let property = Property { schema: unboxed(schema), place: place.inside(&["properties", key], key) };
            merged.properties.insert(key, property);
        }
        merged.required.extend(view.required.iter().map(String::as_str));
        if let Some(pinned) = view.data.extensions.get("x-sdk-required").and_then(Value::as_array) {
            merged.pinned.extend(pinned.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        Ok(())
    }

    fn merge_named(&mut self, key: &'a str, place: &Place, merged: &mut Merged<'a>) -> Result<()> {
        let pointer = join("/components/schemas", key);
        let name = self.names.schema(key).cloned().unwrap_or_else(|| names::camel(key));
        let origin = Place { pointer, name, module: names::snake(key).bare().to_owned() };
        match self.spec.node(borrowed(self.known(key, place)?), &place.pointer)? {
            Node::Named(other) => self.merge_named(other, place, merged),
            Node::Inline(view) if view.alternatives.is_some() && view.properties.is_none() => {
                Err(unsupported(place, "`allOf` of a union")
                    .hint("replace the reference by its alternatives with an overlay"))
            }
            Node::Inline(view) => {
                self.merge(&view, &origin, merged)?;
                let inline = view
                    .alternatives
                    .into_iter()
                    .flat_map(|(keyword, list)| list.iter().map(move |item| (keyword, item)));
                for (index, (keyword, alternative)) in inline.enumerate() {
                    self.merge_alternative(alternative, &origin.down(&[keyword, &index.to_string()]), merged)?;
                }
                Ok(())
            }
        }
    }

    /// Adds an alternative's keys as optional ones, and what it requires as one way to make the struct.
    fn merge_alternative(
        &mut self,
        alternative: &'a ReferenceOr<Schema>,
        place: &Place,
        merged: &mut Merged<'a>,
    ) -> Result<()> {
        let Node::Inline(view) = self.spec.node(borrowed(alternative), &place.pointer)? else {
            return Err(unsupported(place, "an alternative by reference beside declared properties"));
        };
        let mut part = Merged::default();
        self.merge(&view, place, &mut part)?;
        for (key, property) in part.properties {
            // The first alternative that declares a key gives its type; values that only others allow stay open.
            merged.properties.entry(key).or_insert(property);
        }
        merged.alternatives.push(part.required.iter().map(|key| WireName((*key).to_owned())).collect());
        Ok(())
    }

    fn structure(&mut self, merged: Merged<'a>) -> Result<Struct> {
        let mut scope = Scope::with(["extra"]);
        let mut fields = Vec::new();
        for (key, property) in merged.properties {
            fields.push(self.field(key, property, &merged.required, &merged.pinned, &mut scope)?);
        }
        Ok(Struct { fields, alternatives: merged.alternatives })
    }

    fn field(
        &mut self,
        key: &str,
        property: Property<'a>,
        required: &[&str],
        pinned: &[String],
        scope: &mut Scope,
    ) -> Result<Field> {
        let place = property.place;
        let node = self.spec.node(property.schema, &place.pointer)?;
        let form = match &node {
            Node::Inline(view) => view.ty.map(str::to_owned),
            Node::Named(_) => None,
        };
        let (lowered, doc, deprecated) = match node {
            Node::Named(name) => (self.reference(name)?, Doc::default(), false),
            Node::Inline(view) => (self.view(&view, &place)?, docs::property(&view), view.data.deprecated),
        };
        let ty = refine(key, lowered.ty);
        Ok(Field {
            wire: WireName(key.to_owned()),
            ident: scope.claim(names::snake(key)),
            form: form.filter(|_| matches!(ty, Ty::Id | Ty::Timestamp)),
            ty,
            presence: Presence::default(),
            required: required.contains(&key),
            nullable: lowered.nullable,
            pinned: pinned.iter().any(|pinned| pinned == key),
            constant: lowered.constant,
            deprecated,
            doc,
        })
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
