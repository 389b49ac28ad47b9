//! Pairs the types of the old description with those of the new one.
//!
//! Named schemas are paired by their key. Inline schemas have no key, and their Rust names depend on the other names,
//! so they are paired by place: from the operations downwards, the types of the same field of paired types are paired. A
//! schema that was renamed, or that moved into or out of `components`, is paired by place, too. The types that then remain are
//! paired by their names in Rust.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{Api, Location, Operation, Success, Ty, TypeDef, TypeId, TypeKind};

/// One side of the comparison: an API, with indexes of its types.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) api: &'a Api,
    by_name: HashMap<&'a str, TypeId>,
    by_wire: HashMap<&'a str, TypeId>,
    /// The ids of the operations that send or receive each type.
    users: HashMap<TypeId, BTreeSet<&'a str>>,
}

/// Both sides, and which types of them are paired.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    /// From ids of the old side to those of the new one.
    forward: HashMap<TypeId, TypeId>,
    backward: HashMap<TypeId, TypeId>,
}

impl<'a> Side<'a> {
    fn new(api: &'a Api) -> Self {
        let by_name = api.types.iter().map(|def| (def.name.bare(), def.id)).collect();
        let by_wire = api.types.iter().filter_map(|def| Some((def.wire.as_ref()?.0.as_str(), def.id))).collect();
        let mut side = Self { api, by_name, by_wire, users: HashMap::new() };
        for operation in side.operations() {
            for id in api.types.reached(places(operation).into_iter().filter_map(|(_, ty)| ty.named())) {
                side.users.entry(id).or_default().insert(&operation.id);
            }
        }
        side
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &'a Operation> + use<'a> {
        self.api.operations()
    }

    pub(super) fn get(&self, id: TypeId) -> &'a TypeDef {
        &self.api.types[id]
    }

    /// The struct, enum or union that a type refers to, through aliases and boxes.
    pub(super) fn definition(&self, ty: &Ty) -> Option<&'a TypeDef> {
        self.api.types.definition(ty)
    }

    /// Describes a type for a report.
    pub(super) fn show(&self, ty: &Ty) -> String {
        match ty {
            Ty::String => "text".to_owned(),
            Ty::Bool => "bool".to_owned(),
            Ty::I64 => "integer".to_owned(),
            Ty::F64 => "number".to_owned(),
            Ty::Id => "id".to_owned(),
            Ty::Timestamp => "time".to_owned(),
            Ty::Value => "any JSON".to_owned(),
            Ty::Attributes => "object with any keys".to_owned(),
            Ty::Bytes => "file".to_owned(),
            Ty::List(item) => format!("list of {}", self.show(item)),
            Ty::Map(value) => format!("map of {}", self.show(value)),
            Ty::Nullable(inner) => format!("{} or null", self.show(inner)),
            Ty::Boxed(inner) => format!("boxed {}", self.show(inner)),
            Ty::Named(id) => self.get(*id).name.bare().to_owned(),
        }
    }
}

impl<'a> Pairs<'a> {
    pub(super) fn new(old: &'a Api, new: &'a Api) -> Self {
        let (old, new) = (Side::new(old), Side::new(new));
        let mut pairs = Self { old, new, forward: HashMap::new(), backward: HashMap::new() };
        let mut open = Vec::new();
        for def in pairs.old.api.types.iter() {
            let other = def.wire.as_ref().and_then(|wire| pairs.new.by_wire.get(wire.0.as_str()).copied());
            open.extend(other.map(|other| (def.id, other)));
        }
        for &(old, new) in &open {
            pairs.forward.insert(old, new);
            pairs.backward.insert(new, old);
        }
        let by_key: HashMap<String, &Operation> =
            pairs.new.operations().map(|operation| (operation.key(), operation)).collect();
        for old in pairs.old.operations() {
            let Some(new) = by_key.get(&old.key()) else { continue };
            let others: BTreeMap<String, &Ty> = places(new).into_iter().collect();
            for (place, ty) in places(old) {
                if let Some(other) = others.get(&place) {
                    pairs.pair_types(ty, other, &mut open);
                }
            }
            pairs.pair_referenced(&mut open);
        }
        pairs.pair_referenced(&mut open);
        pairs.pair_names(&mut open);
        pairs
    }

    /// Pairs the types that paired types refer to, until no pair is left in `open`.
    fn pair_referenced(&mut self, open: &mut Vec<(TypeId, TypeId)>) {
        while let Some((old, new)) = open.pop() {
            match (&self.old.get(old).kind, &self.new.get(new).kind) {
                (TypeKind::Struct(old), TypeKind::Struct(new)) => {
                    for field in &old.fields {
                        if let Some(other) = new.fields.iter().find(|other| other.wire == field.wire) {
                            self.pair_types(&field.ty, &other.ty, open);
                        }
                    }
                }
                (TypeKind::Union(old), TypeKind::Union(new)) => {
                    for member in &old.members {
                        if let Some(other) = new.members.iter().find(|other| other.name == member.name) {
                            self.pair_types(&member.ty, &other.ty, open);
                        }
                    }
                }
                (TypeKind::Alias(old), TypeKind::Alias(new)) => self.pair_types(old, new, open),
                _ => {}
            }
        }
    }

    /// Pairs two types that are used in the same place, if they are of the same kind and neither is paired yet.
    fn pair_types(&mut self, old: &Ty, new: &Ty, open: &mut Vec<(TypeId, TypeId)>) {
        match (old, new) {
            (Ty::List(old) | Ty::Map(old), Ty::List(new) | Ty::Map(new)) => self.pair_types(old, new, open),
            (Ty::Nullable(old) | Ty::Boxed(old), new) => self.pair_types(old, new, open),
            (old, Ty::Nullable(new) | Ty::Boxed(new)) => self.pair_types(old, new, open),
            (&Ty::Named(old), &Ty::Named(new)) if self.may_pair(old, new) => {
                self.forward.insert(old, new);
                self.backward.insert(new, old);
                open.push((old, new));
            }
            _ => {}
        }
    }

    /// Whether neither of two types is paired yet, and both are of the same kind.
    fn may_pair(&self, old: TypeId, new: TypeId) -> bool {
        let free = !self.forward.contains_key(&old) && !self.backward.contains_key(&new);
        let kind = |side: &Side<'_>, id| std::mem::discriminant(&side.get(id).kind);
        free && kind(&self.old, old) == kind(&self.new, new)
    }

    /// Pairs the remaining types by their names in Rust, whatever their kinds.
    fn pair_names(&mut self, open: &mut Vec<(TypeId, TypeId)>) {
        for def in self.old.api.types.iter() {
            let Some(&other) = self.new.by_name.get(def.name.bare()) else { continue };
            if !self.forward.contains_key(&def.id) && !self.backward.contains_key(&other) {
                self.forward.insert(def.id, other);
                self.backward.insert(other, def.id);
                open.push((def.id, other));
            }
        }
        self.pair_referenced(open);
    }

    /// The type of the new side that is paired with a type of the old side.
    pub(super) fn new_of(&self, old: TypeId) -> Option<&'a TypeDef> {
        self.forward.get(&old).map(|id| self.new.get(*id))
    }

    /// Whether a type of the new side is not paired.
    pub(super) fn is_new(&self, new: TypeId) -> bool {
        !self.backward.contains_key(&new)
    }

    /// Whether two types are a pair.
    pub(super) fn are_paired(&self, old: TypeId, new: TypeId) -> bool {
        self.forward.get(&old) == Some(&new)
    }

    /// The ids of the operations of both sides that send or receive a type. `name` is its name on the new side, or on the
    /// old side where it was removed.
    pub(super) fn users(&self, name: &str) -> Vec<String> {
        let new = self.new.by_name.get(name);
        let old = new.and_then(|id| self.backward.get(id)).or_else(|| self.old.by_name.get(name));
        let new = new.and_then(|id| self.new.users.get(id));
        let users = new.into_iter().chain(old.and_then(|id| self.old.users.get(id))).flatten();
        users.map(|id| (*id).to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The types that an operation uses, each with a name of its place that is the same in both versions.
fn places(operation: &Operation) -> Vec<(String, &Ty)> {
    let mut places = Vec::new();
    let mut segments = 0;
    for param in &operation.params {
        if param.location == Location::Path {
            places.push((format!("path {segments}"), &param.ty));
            segments += 1;
        } else {
            places.push((format!("parameter {}", param.wire.0), &param.ty));
        }
    }
    if let Some(body) = &operation.body {
        places.extend(body.json().map(|ty| ("body".to_owned(), ty)));
        places.extend(body.parts().iter().map(|part| (format!("part {}", part.wire.0), &part.ty)));
    }
    if let Success::Json(ty) = &operation.success {
        places.push(("success".to_owned(), ty));
    }
    places.extend(operation.errors().map(|(status, ty)| (format!("error {status}"), ty)));
    places
}
