//! Structs: the properties of a schema together with those of everything it merges.

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema};
use serde_json::Value;

use super::{Place, refine, unsupported};
use crate::diag::{Result, join};
use crate::docs;
use crate::ir::{Doc, Field, Presence, Struct, Ty, WireName};
use crate::lower::Lowering;
use crate::names::{self, Scope};
use crate::spec::{Node, View, borrowed, unboxed};

/// A property together with the place that gives its inline types their name.
pub(super) struct Property<'a> {
    pub(super) schema: ReferenceOr<&'a Schema>,
    pub(super) place: Place,
}

/// The properties of a schema and of everything it merges.
#[derive(Default)]
pub(super) struct Merged<'a> {
    pub(super) properties: IndexMap<&'a str, Property<'a>>,
    pub(super) required: Vec<&'a str>,
    pub(super) pinned: Vec<String>,
    pub(super) alternatives: Vec<Vec<WireName>>,
}

impl<'a> Lowering<'a> {
    /// Adds the keys of a schema, and of everything it merges, to a struct.
    pub(super) fn merge(&mut self, view: &View<'a>, place: &Place, merged: &mut Merged<'a>) -> Result<()> {
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

    pub(super) fn merge_named(&mut self, key: &'a str, place: &Place, merged: &mut Merged<'a>) -> Result<()> {
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
    pub(super) fn merge_alternative(
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

    pub(super) fn structure(&mut self, merged: Merged<'a>) -> Result<Struct> {
        let mut scope = Scope::with(["extra"]);
        let mut fields = Vec::new();
        for (key, property) in merged.properties {
            fields.push(self.field(key, property, &merged.required, &merged.pinned, &mut scope)?);
        }
        Ok(Struct { fields, alternatives: merged.alternatives })
    }

    pub(super) fn field(
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
}
