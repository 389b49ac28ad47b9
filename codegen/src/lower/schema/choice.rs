//! `oneOf` and `anyOf`: unions, or one struct where the alternatives hardly differ.

use openapiv3::{ReferenceOr, Schema};

use super::merge::{Merged, Property};
use super::{Lowered, Place, Shape, unsupported};
use crate::diag::Result;
use crate::docs;
use crate::ir::{Member, RustName, Ty, TypeKind};
use crate::lower::Lowering;
use crate::names;
use crate::spec::{Node, View, borrowed, unboxed};

impl<'a> Lowering<'a> {
    /// `oneOf` and `anyOf`: one struct where the alternatives only differ in what they require or add, else a union.
    pub(super) fn choice(
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
    pub(super) fn combined(
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

    pub(super) fn known(&self, key: &str, place: &Place) -> Result<&'a ReferenceOr<Schema>> {
        self.spec.schema(key).ok_or_else(|| unsupported(place, "a reference that leads nowhere"))
    }

    /// Names for the alternatives: by the schema's key, its title, its tag, what it requires, or its type.
    pub(super) fn alternative_names(
        &self,
        alternatives: &'a [ReferenceOr<Schema>],
        place: &Place,
    ) -> Result<Vec<RustName>> {
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
}
