//! Lowers `oneOf` and `anyOf`.

use openapiv3::{ReferenceOr, Schema};

use super::merge::Merged;
use super::{Lowered, Shape, TypePlace, is_time, several_choices, unsupported};
use crate::diag::Result;
use crate::ir::{Member, RustName, SchemaMetadata, Ty, TypeKind, Union, WireName};
use crate::lower::Lowering;
use crate::lower::metadata::{doc, metadata};
use crate::names;
use crate::spec::{SchemaRef, View, borrowed, unboxed};

impl<'a> Lowering<'a> {
    /// Classifies `oneOf` and `anyOf`. A schema that also has keys is a struct with the keys of all alternatives if all of
    /// these are inline, and a union if one is a reference. Without keys, a single alternative is used itself, alternatives that together
    /// are a point in time become `Timestamp`, and all others become a union.
    pub(super) fn choice(
        &mut self,
        view: &View<'a>,
        keyword: &'static str,
        alternatives: &'a [ReferenceOr<Schema>],
        place: &TypePlace,
    ) -> Result<Shape<'a>> {
        if alternatives.is_empty() {
            return Err(unsupported(place, "`oneOf` or `anyOf` without alternatives"));
        }
        let inline = alternatives.iter().all(|alternative| matches!(alternative, ReferenceOr::Item(_)));
        if has_keys(view) {
            return Ok(if inline { Shape::Object } else { Shape::Choice(keyword, alternatives) });
        }
        if let [only] = alternatives {
            return self.schema(borrowed(only), &place.same_name_at(&[keyword, "0"])).map(Shape::NoOwnType);
        }
        if self.are_times(alternatives, place)? {
            return Ok(Shape::plain(Ty::Timestamp));
        }
        Ok(Shape::Choice(keyword, alternatives))
    }

    /// Whether the alternatives together are a point in time: all are inline and not nullable, each is an integer, or a string that has
    /// the format of a time and no `enum`; at least one has this format. `Timestamp` of intercom-data accepts text and integers.
    fn are_times(&self, alternatives: &'a [ReferenceOr<Schema>], place: &TypePlace) -> Result<bool> {
        let mut times = false;
        for alternative in alternatives {
            let SchemaRef::Inline(view) = self.spec.resolve_schema(borrowed(alternative), &place.pointer)? else {
                return Ok(false);
            };
            let time = is_time(&view);
            let fits = match view.ty {
                Some("string") => time && view.values.is_empty(),
                Some("integer") => true,
                _ => false,
            };
            if !fits || view.data.nullable {
                return Ok(false);
            }
            times |= time;
        }
        Ok(times)
    }

    /// The union of the alternatives. Keys that the schema has in addition to its alternatives are added to each of them.
    pub(super) fn union(
        &mut self,
        view: &View<'a>,
        keyword: &'static str,
        alternatives: &'a [ReferenceOr<Schema>],
        place: &TypePlace,
    ) -> Result<Union> {
        let mut shared = None;
        if has_keys(view) {
            let mut merged = Merged::default();
            self.merge(view, place, &mut merged)?;
            shared = Some(merged);
        }
        let names = self.alternative_names(alternatives, place)?;
        let mut members = Vec::new();
        for (index, (alternative, name)) in alternatives.iter().zip(names).enumerate() {
            let inside = TypePlace {
                name: names::inline_type(&place.name, name.bare()),
                ..place.same_name_at(&[keyword, &index.to_string()])
            };
            let lowered = match &shared {
                Some(merged) => self.combined(merged.clone(), alternative, &inside)?,
                None => self.schema(borrowed(alternative), &inside)?,
            };
            let (metadata, nullable) = match self.spec.resolve_schema(borrowed(alternative), &inside.pointer)? {
                SchemaRef::Inline(view) => (metadata(&view), view.data.nullable),
                SchemaRef::Named(_) => (SchemaMetadata::default(), false),
            };
            // A type with a definition needs no `Nullable`: the definition says whether null is one of its values. The exception is an
            // inline schema that adds null to a named one, as in `{nullable: true, allOf: [{$ref: …}]}`.
            let ty = match &lowered.ty {
                Ty::Named(id) if !(nullable && self.types[*id].wire.is_some()) => lowered.ty,
                _ => lowered.with_null(),
            };
            members.push(Member { name, ty, tags: Vec::new(), metadata });
        }
        let tag = self.tags(view, alternatives, &mut members, place)?;
        Ok(Union { tag, members })
    }

    /// Records which values of the discriminator's mapping select which member; returns the discriminator's key.
    fn tags(
        &mut self,
        view: &View<'a>,
        alternatives: &'a [ReferenceOr<Schema>],
        members: &mut [Member],
        place: &TypePlace,
    ) -> Result<Option<WireName>> {
        let Some(discriminator) = &view.data.discriminator else { return Ok(None) };
        for (value, target) in &discriminator.mapping {
            // OpenAPI allows the name of a schema as well as a reference.
            let key = target.rsplit('/').next().unwrap_or(target);
            let index = alternatives.iter().position(|alternative| match alternative {
                ReferenceOr::Reference { reference } => reference.rsplit('/').next() == Some(key),
                ReferenceOr::Item(_) => false,
            });
            match index.and_then(|index| members.get_mut(index)) {
                Some(member) => member.tags.push(value.clone()),
                None => {
                    return Err(unsupported(
                        &place.same_name_at(&["discriminator", "mapping", value]),
                        &format!("a discriminator that maps to `{target}`, which is none of the alternatives,"),
                    ));
                }
            }
        }
        Ok(Some(WireName(discriminator.property_name.clone())))
    }

    /// An alternative together with the keys of the union's schema (`merged`): one struct, or a union of such structs if the alternative
    /// has alternatives itself.
    fn combined(
        &mut self,
        mut merged: Merged<'a>,
        alternative: &'a ReferenceOr<Schema>,
        place: &TypePlace,
    ) -> Result<Lowered> {
        let node = self.spec.resolve_schema(borrowed(alternative), &place.pointer)?;
        let (view, key) = match node {
            SchemaRef::Named(key) => {
                match self.spec.resolve_schema(borrowed(self.schema_by_key(key, place)?), &place.pointer)? {
                    SchemaRef::Inline(view) => (view, Some(key)),
                    SchemaRef::Named(_) => {
                        return Err(unsupported(place, "an alternative that is a reference to a reference"));
                    }
                }
            }
            SchemaRef::Inline(view) => (view, None),
        };
        if let Some(other) = view.second_keyword {
            return Err(several_choices(&place.same_name_at(&[other])));
        }
        if view.is_not_object() {
            return Err(unsupported(place, "an alternative that is not an object, beside keys of the union,")
                .hint("write the keys into the other alternatives with an overlay"));
        }
        self.count_combined(place)?;
        if let Some(key) = key {
            self.enter(key, place)?;
        }
        let (id, place) = self.inline_type(place, "Object");
        self.merge(&view, &place, &mut merged)?;
        let kind = if let Some((keyword, alternatives)) = view.alternatives {
            // A nested union: the keys of both unions are added to each of its members.
            let mut members = Vec::new();
            let names = self.alternative_names(alternatives, &place)?;
            for (index, (alternative, short)) in alternatives.iter().zip(names).enumerate() {
                let inside = TypePlace {
                    name: names::inline_type(&place.name, short.bare()),
                    ..place.same_name_at(&[keyword, &index.to_string()])
                };
                let ty = self.combined(merged.clone(), alternative, &inside)?.ty;
                members.push(Member { name: short, ty, tags: Vec::new(), metadata: SchemaMetadata::default() });
            }
            let tag = self.tags(&view, alternatives, &mut members, &place)?;
            TypeKind::Union(Union { tag, members })
        } else {
            TypeKind::Struct(self.structure(merged, &place)?)
        };
        if key.is_some() {
            self.merging.pop();
        }
        let def = &mut self.types[id];
        (def.kind, def.nullable, def.doc, def.metadata) = (kind, view.data.nullable, doc(&view), metadata(&view));
        Ok(Lowered::plain(Ty::Named(id)))
    }

    /// The named schema with this key.
    pub(super) fn schema_by_key(&self, key: &str, place: &TypePlace) -> Result<&'a ReferenceOr<Schema>> {
        self.spec.schema(key).ok_or_else(|| unsupported(place, "a reference that has no target"))
    }

    /// Names for the alternatives, made from the key of a named schema. For an inline schema: `…_list` after the items of a list, or
    /// `list`; otherwise its title, its first required key, its type, or `other`.
    fn alternative_names(&self, alternatives: &'a [ReferenceOr<Schema>], place: &TypePlace) -> Result<Vec<RustName>> {
        let mut long = Vec::new();
        for alternative in alternatives {
            long.push(match self.spec.resolve_schema(borrowed(alternative), &place.pointer)? {
                SchemaRef::Named(key) => key.to_owned(),
                SchemaRef::Inline(view) => match (&view.data.title, view.ty, view.required) {
                    (_, Some("array"), _) => match view.items.map(unboxed) {
                        Some(ReferenceOr::Reference { reference }) => {
                            format!("{}_list", reference.rsplit('/').next().unwrap_or("item"))
                        }
                        Some(ReferenceOr::Item(item)) => {
                            match self.spec.resolve_schema(ReferenceOr::Item(item), &place.pointer)? {
                                SchemaRef::Inline(item) => {
                                    item.ty.map_or_else(|| "list".to_owned(), |ty| format!("{ty}_list"))
                                }
                                SchemaRef::Named(_) => "list".to_owned(),
                            }
                        }
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
}

/// Whether a schema with alternatives also has keys: its own, or those of its `allOf`.
fn has_keys(view: &View<'_>) -> bool {
    view.properties.is_some() || !view.all_of.is_empty()
}
