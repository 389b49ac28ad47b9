//! Lowers objects to structs: merges the properties of a schema with those of its `allOf` and of its inline alternatives.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema};
use serde_json::Value;

use super::{Lowered, TypePlace, refine, unsupported};
use crate::diag::{Error, Result};
use crate::ir::{Doc, Field, Presence, RequiredSet, SchemaMetadata, Struct, Ty, TypeId, WireName};
use crate::lower::Lowering;
use crate::lower::metadata::{doc, metadata};
use crate::names::{self, Scope, reserved};
use crate::spec::{SchemaRef, View, borrowed, unboxed, view};

/// The maximum number of named schemas that are being merged into each other at once. The bound protects the stack.
const MAX_MERGE_DEPTH: usize = 64;

/// The maximum number of types made from an alternative and the keys that its union declares beside the alternatives. Nested unions
/// multiply their number.
const MAX_COMBINED_TYPES: usize = 1_000;

/// A property together with the place that gives its inline types their name.
#[derive(Clone)]
pub(super) struct Property<'a> {
    schema: ReferenceOr<&'a Schema>,
    place: TypePlace,
    /// For a key that only alternatives declare: the values that any of them allows; empty where one allows all values.
    values: Option<Vec<Value>>,
}

/// The properties of a schema and of everything it merges.
#[derive(Clone, Default)]
pub(super) struct Merged<'a> {
    properties: IndexMap<&'a str, Property<'a>>,
    required: Vec<&'a str>,
    pinned: Vec<&'a str>,
    required_sets: Vec<RequiredSet>,
    /// The named schemas that are merged already.
    schemas: HashSet<TypeId>,
}

impl<'a> Lowering<'a> {
    /// The struct of a schema's own keys, those of its `allOf`, and those of its inline alternatives.
    pub(in crate::lower) fn object(&mut self, view: &View<'a>, place: &TypePlace) -> Result<Struct> {
        let mut merged = Merged::default();
        self.merge(view, place, &mut merged)?;
        self.merge_alternatives(view, place, &mut merged)?;
        self.structure(merged, place)
    }

    /// Adds the keys of a schema and of its `allOf` to a struct.
    pub(super) fn merge(&mut self, view: &View<'a>, place: &TypePlace, merged: &mut Merged<'a>) -> Result<()> {
        for (index, part) in view.all_of.iter().enumerate() {
            let down = place.same_name_at(&["allOf", &index.to_string()]);
            match self.spec.resolve_schema(borrowed(part), &down.pointer)? {
                SchemaRef::Named(key) => self.merge_named(key, &down, merged)?,
                SchemaRef::Inline(part) => {
                    self.check_mergeable(&part, &down)?;
                    self.merge(&part, &down, merged)?;
                    self.merge_alternatives(&part, &down, merged)?;
                }
            }
        }
        for (key, schema) in view.properties.into_iter().flatten() {
            let property =
                Property { schema: unboxed(schema), place: place.child(&["properties", key], key), values: None };
            // All parts of an `allOf` apply. Later parts usually narrow earlier ones, so the last declaration of a key is used, and
            // reported if it has another type or allows more values.
            if merged.properties.get(key.as_str()).is_some_and(|first| widens(&first.schema, &property.schema)) {
                let message = "an earlier declaration of this key differs; the declaration here is used";
                self.warn("several-types-of-key", &property.place.pointer, message);
            }
            merged.properties.insert(key, property);
        }
        merged.required.extend(view.required.iter().map(String::as_str));
        if let Some(pinned) = view.data.extensions.get("x-sdk-required").and_then(Value::as_array) {
            merged.pinned.extend(pinned.iter().filter_map(Value::as_str));
        }
        Ok(())
    }

    fn merge_named(&mut self, key: &'a str, place: &TypePlace, merged: &mut Merged<'a>) -> Result<()> {
        let Some(id) = self.named.get(key).copied() else { return Ok(()) };
        self.enter(key, place)?;
        // A schema that is merged already is skipped: merging it again would add no key, would undo what later parts narrowed, and
        // could take exponential time.
        if !merged.schemas.insert(id) {
            self.merging.pop();
            return Ok(());
        }
        let origin = self.place_of(id);
        match self.spec.resolve_schema(borrowed(self.schema_by_key(key, place)?), &place.pointer)? {
            SchemaRef::Named(other) => self.merge_named(other, place, merged)?,
            SchemaRef::Inline(view) if view.alternatives.is_some() && view.properties.is_none() => {
                return Err(unsupported(place, "`allOf` of a union")
                    .hint("replace the reference by its alternatives with an overlay"));
            }
            SchemaRef::Inline(view) => {
                self.check_mergeable(&view, place)?;
                self.merge(&view, &origin, merged)?;
                self.merge_alternatives(&view, &origin, merged)?;
            }
        }
        self.merging.pop();
        Ok(())
    }

    /// Counts a type made from an alternative and the keys beside the alternatives; more than [`MAX_COMBINED_TYPES`] are an error.
    pub(super) fn count_combined(&mut self, place: &TypePlace) -> Result<()> {
        self.combined_types += 1;
        if self.combined_types > MAX_COMBINED_TYPES {
            let message = format!(
                "schemas that have `oneOf` or `anyOf` together with `properties` or `allOf` lead to more than {MAX_COMBINED_TYPES} types"
            );
            return Err(
                Error::new("", &place.pointer, message).hint("write these keys into the alternatives with an overlay")
            );
        }
        Ok(())
    }

    /// Records that a named schema is being merged. A schema that is merged into itself and a chain that is too long are errors.
    pub(super) fn enter(&mut self, key: &'a str, place: &TypePlace) -> Result<()> {
        if let Some(start) = self.merging.iter().position(|open| *open == key) {
            let path: Vec<&str> = self.merging[start..].iter().copied().chain([key]).collect();
            return Err(Error::new("", &place.pointer, format!("a schema includes itself: {}", path.join(" → ")))
                .hint("remove one of these references with an overlay"));
        }
        if self.merging.len() == MAX_MERGE_DEPTH {
            return Err(Error::new(
                "",
                &place.pointer,
                format!("a chain of `allOf` or alternatives has more than {MAX_MERGE_DEPTH} schemas"),
            )
            .hint("write the keys of some of them in place with an overlay"));
        }
        self.merging.push(key);
        Ok(())
    }

    /// Rejects parts of an `allOf` that are not objects, since a struct could not represent them.
    fn check_mergeable(&self, view: &View<'a>, place: &TypePlace) -> Result<()> {
        if view.is_not_object() {
            return Err(unsupported(place, "a part of an `allOf` that is not an object")
                .hint("keep only the part with the type, with an overlay"));
        }
        Ok(())
    }

    fn merge_alternatives(&mut self, view: &View<'a>, place: &TypePlace, merged: &mut Merged<'a>) -> Result<()> {
        let Some((keyword, alternatives)) = view.alternatives else { return Ok(()) };
        for (index, alternative) in alternatives.iter().enumerate() {
            self.merge_alternative(alternative, &place.same_name_at(&[keyword, &index.to_string()]), merged)?;
        }
        Ok(())
    }

    /// Adds the keys of an alternative, and its required keys as sets: they do not become required keys of the struct.
    fn merge_alternative(
        &mut self,
        alternative: &'a ReferenceOr<Schema>,
        place: &TypePlace,
        merged: &mut Merged<'a>,
    ) -> Result<()> {
        let SchemaRef::Inline(view) = self.spec.resolve_schema(borrowed(alternative), &place.pointer)? else {
            return Err(unsupported(place, "an alternative by reference beside declared properties"));
        };
        if view.is_not_object() {
            return Err(unsupported(place, "an alternative that is not an object, beside declared properties,")
                .hint("write the choice as a schema of its own, with an overlay"));
        }
        let mut part = Merged::default();
        self.merge(&view, place, &mut part)?;
        self.merge_alternatives(&view, place, &mut part)?;
        let mut own = RequiredSet::default();
        own.required.extend(part.required.iter().map(|key| WireName((*key).to_owned())));
        for (key, mut property) in part.properties {
            if part.required.contains(&key)
                && let Some(only) = only_value(&property.schema)
            {
                own.constants.push((WireName(key.to_owned()), only));
            }
            property.values = property.values.or_else(|| Some(values(&property.schema)));
            // The first declaration of a key is kept: that of the schema itself, or of the first alternative that has the key. An
            // alternative with another type is reported, as is one that allows more values than the schema itself.
            match merged.properties.get_mut(key) {
                None => drop(merged.properties.insert(key, property)),
                Some(Property { schema, values: Some(known), .. }) if is_same_type(schema, &property.schema) => {
                    let more = property.values.unwrap_or_default();
                    if known.is_empty() || more.is_empty() {
                        known.clear();
                    } else {
                        known.extend(more.into_iter().filter(|value| !known.contains(value)).collect::<Vec<_>>());
                    }
                }
                Some(Property { schema, values: None, .. }) if !widens(schema, &property.schema) => {}
                Some(_) => {
                    let message = "this key is declared differently by the schema or an earlier alternative; that declaration is used";
                    self.warn("several-types-of-key", &property.place.pointer, message);
                }
            }
        }
        // A nested alternative requires its own keys and those of this alternative.
        if part.required_sets.is_empty() {
            part.required_sets.push(RequiredSet::default());
        }
        merged.required_sets.extend(part.required_sets.into_iter().map(|below| RequiredSet {
            required: own.required.iter().cloned().chain(below.required).collect(),
            constants: own.constants.iter().cloned().chain(below.constants).collect(),
        }));
        Ok(())
    }

    pub(super) fn structure(&mut self, merged: Merged<'a>, place: &TypePlace) -> Result<Struct> {
        let mut scope = Scope::of(reserved::NameKind::Field);
        let mut fields = Vec::new();
        for (key, property) in merged.properties {
            let (required, pinned) = (merged.required.contains(&key), merged.pinned.contains(&key));
            fields.push(self.field(key, property, required, pinned, &mut scope)?);
        }
        let structure = Struct { fields, required_sets: merged.required_sets };
        for name in structure.constructors_left_out() {
            let message =
                format!("several alternatives lead to a constructor `{}`; it is that of the first", name.bare());
            self.warn("several-constructors", &place.pointer, message);
        }
        Ok(structure)
    }

    /// Whether a named schema is that of a file: a string with the format `binary`.
    fn is_binary(&self, key: &str) -> bool {
        let schema = self.spec.schema(key).and_then(ReferenceOr::as_item).map(view);
        schema.is_some_and(|view| view.ty == Some("string") && view.format.as_deref() == Some("binary"))
    }

    fn field(
        &mut self,
        key: &str,
        property: Property<'a>,
        required: bool,
        pinned: bool,
        scope: &mut Scope,
    ) -> Result<Field> {
        let place = property.place;
        let (lowered, doc, metadata, deprecated) = match self.spec.resolve_schema(property.schema, &place.pointer)? {
            SchemaRef::Named(name) if self.form && self.is_binary(name) => {
                (Lowered::plain(Ty::Bytes), Doc::default(), SchemaMetadata::default(), false)
            }
            SchemaRef::Named(name) => (self.reference(name), Doc::default(), SchemaMetadata::default(), false),
            SchemaRef::Inline(mut view) => {
                view.values = property.values.unwrap_or(view.values);
                (self.inline_schema(&view, &place)?, doc(&view), metadata(&view), view.data.deprecated)
            }
        };
        Ok(Field {
            wire: WireName(key.to_owned()),
            ident: scope.claim(names::snake(key)),
            presence: Presence::default(),
            required,
            nullable: lowered.nullable,
            pinned,
            constant: lowered.constant.clone(),
            ty: refine(key, lowered),
            deprecated,
            doc,
            metadata,
        })
    }
}

/// The value of a schema that allows only one text.
fn only_value(schema: &ReferenceOr<&Schema>) -> Option<String> {
    match &view(schema.as_item()?).values[..] {
        [Value::String(only)] => Some(only.clone()),
        _ => None,
    }
}

/// The values of an inline enum; empty for other schemas.
fn values(schema: &ReferenceOr<&Schema>) -> Vec<Value> {
    schema.as_item().map(|schema| view(schema).values).unwrap_or_default()
}

/// Whether a declaration of a key has another type than an earlier one, or values that the earlier one lacks. An earlier one that says
/// nothing is narrowed, not widened.
fn widens(first: &ReferenceOr<&Schema>, then: &ReferenceOr<&Schema>) -> bool {
    if first.as_item().is_some_and(|first| view(first).says_nothing()) {
        return false;
    }
    let (known, more) = (values(first), values(then));
    let more_values = !known.is_empty() && (more.is_empty() || more.iter().any(|value| !known.contains(value)));
    !is_same_type(first, then) || more_values
}

/// Whether two declarations have the same type: the same component, the same type of scalars, or otherwise equal schemas.
fn is_same_type(first: &ReferenceOr<&Schema>, then: &ReferenceOr<&Schema>) -> bool {
    match (first, then) {
        (ReferenceOr::Reference { reference: first }, ReferenceOr::Reference { reference: then }) => first == then,
        (ReferenceOr::Item(first), ReferenceOr::Item(then)) => {
            let scalar = matches!(view(first).ty, Some("string" | "integer" | "number" | "boolean"));
            if scalar { view(first).ty == view(then).ty } else { first.schema_kind == then.schema_kind }
        }
        _ => false,
    }
}
