//! Which operations and types of the old description are which of the new one.
//!
//! A schema is known by its key. Inline schemas have no key, and their Rust name depends on what else there is, so they
//! are matched by where they stand: from the operations downwards, the same field of a matched type holds a matched type.
//! A schema that got another key, or that moved into or out of `components`, is matched that way, too.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ir::{Api, Body, Field, Location, Operation, RustName, Struct, Success, Ty, TypeDef, TypeKind};

/// One side: its API, with types by name.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) api: &'a Api,
    types: HashMap<&'a RustName, &'a TypeDef>,
    by_wire: HashMap<&'a str, &'a RustName>,
    users: HashMap<&'a RustName, BTreeSet<&'a str>>,
}

/// Both sides and what belongs together.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    forward: HashMap<&'a RustName, &'a RustName>,
    backward: HashMap<&'a RustName, &'a RustName>,
}

impl<'a> Side<'a> {
    fn new(api: &'a Api) -> Self {
        let types = api.types.iter().map(|def| (&def.name, def)).collect();
        let by_wire = api.types.iter().filter_map(|def| Some((def.wire.as_ref()?.0.as_str(), &def.name))).collect();
        let mut side = Self { api, types, by_wire, users: HashMap::new() };
        for operation in side.operations() {
            for name in side.reached(operation) {
                side.users.entry(name).or_default().insert(&operation.id);
            }
        }
        side
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &'a Operation> + use<'a> {
        self.api.groups.iter().flat_map(|group| &group.operations)
    }

    pub(super) fn get(&self, name: &RustName) -> Option<&'a TypeDef> {
        self.types.get(name).copied()
    }

    /// What a type is when its other names are taken away.
    pub(super) fn unaliased<'t>(&self, ty: &'t Ty) -> &'t Ty
    where
        'a: 't,
    {
        let mut ty = ty;
        // Aliases cannot be circles in Rust, so this ends; the bound keeps a broken description from hanging it.
        for _ in 0..64 {
            let Ty::Named(name) = ty else { break };
            match self.get(name).map(|def| &def.kind) {
                Some(TypeKind::Alias(target)) => ty = target,
                _ => break,
            }
        }
        ty
    }

    /// The struct, enum or union that a type is.
    pub(super) fn definition(&self, ty: &Ty) -> Option<&'a TypeDef> {
        match self.unaliased(ty) {
            Ty::Named(name) => self.get(name),
            Ty::Boxed(inner) => self.definition(inner),
            _ => None,
        }
    }

    fn reached(&self, operation: &'a Operation) -> HashSet<&'a RustName> {
        let mut open: Vec<&RustName> = places(operation).into_iter().filter_map(|(_, ty)| ty.named()).collect();
        let mut seen = HashSet::new();
        while let Some(name) = open.pop() {
            let Some(def) = self.get(name) else { continue };
            if seen.insert(&def.name) {
                match &def.kind {
                    TypeKind::Struct(structure) => {
                        open.extend(structure.fields.iter().filter_map(|field| field.ty.named()))
                    }
                    TypeKind::Union(members) => open.extend(members.iter().filter_map(|member| member.ty.named())),
                    TypeKind::Alias(ty) => open.extend(ty.named()),
                    TypeKind::TextEnum(_) => {}
                }
            }
        }
        seen
    }
}

impl<'a> Pairs<'a> {
    pub(super) fn new(old: &'a Api, new: &'a Api) -> Self {
        let (old, new) = (Side::new(old), Side::new(new));
        let mut pairs = Self { old, new, forward: HashMap::new(), backward: HashMap::new() };
        let mut open = Vec::new();
        for def in &pairs.old.api.types {
            let other = def.wire.as_ref().and_then(|wire| pairs.new.by_wire.get(wire.0.as_str()).copied());
            open.extend(other.map(|other| (&def.name, other)));
        }
        for (old, new) in &open {
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
                    pairs.walk(ty, other, &mut open);
                }
            }
            pairs.drain(&mut open);
        }
        pairs.drain(&mut open);
        pairs.match_names(&mut open);
        pairs
    }

    /// Leads from each pair to those below it.
    fn drain(&mut self, open: &mut Vec<(&'a RustName, &'a RustName)>) {
        while let Some((old, new)) = open.pop() {
            let (Some(old), Some(new)) = (self.old.get(old), self.new.get(new)) else { continue };
            match (&old.kind, &new.kind) {
                (TypeKind::Struct(old), TypeKind::Struct(new)) => {
                    for field in &old.fields {
                        if let Some(other) = new.fields.iter().find(|other| other.wire == field.wire) {
                            self.walk(&field.ty, &other.ty, open);
                        }
                    }
                }
                (TypeKind::Union(old), TypeKind::Union(new)) => {
                    for member in old {
                        if let Some(other) = new.iter().find(|other| other.name == member.name) {
                            self.walk(&member.ty, &other.ty, open);
                        }
                    }
                }
                (TypeKind::Alias(old), TypeKind::Alias(new)) => self.walk(old, new, open),
                _ => {}
            }
        }
    }

    /// Matches what stands in the same place.
    fn walk(&mut self, old: &'a Ty, new: &'a Ty, open: &mut Vec<(&'a RustName, &'a RustName)>) {
        match (old, new) {
            (Ty::List(old) | Ty::Map(old), Ty::List(new) | Ty::Map(new)) => self.walk(old, new, open),
            (Ty::Nullable(old) | Ty::Boxed(old), new) => self.walk(old, new, open),
            (old, Ty::Nullable(new) | Ty::Boxed(new)) => self.walk(old, new, open),
            (Ty::Named(old), Ty::Named(new)) if self.may_pair(old, new) => {
                self.forward.insert(old, new);
                self.backward.insert(new, old);
                open.push((old, new));
            }
            _ => {}
        }
    }

    /// Whether neither has a partner, or one elsewhere by its key.
    fn may_pair(&self, old: &RustName, new: &RustName) -> bool {
        let (Some(from), Some(to)) = (self.old.get(old), self.new.get(new)) else { return false };
        let free = !self.forward.contains_key(old) && !self.backward.contains_key(new);
        free && std::mem::discriminant(&from.kind) == std::mem::discriminant(&to.kind)
    }

    /// What is left and has the same name is the same.
    fn match_names(&mut self, open: &mut Vec<(&'a RustName, &'a RustName)>) {
        for def in &self.old.api.types {
            let Some(other) = self.new.get(&def.name) else { continue };
            if !self.forward.contains_key(&def.name) && !self.backward.contains_key(&other.name) {
                self.forward.insert(&def.name, &other.name);
                self.backward.insert(&other.name, &def.name);
                open.push((&def.name, &other.name));
            }
        }
        self.drain(open);
    }

    /// The new type of an old one.
    pub(super) fn forward(&self, old: &RustName) -> Option<&'a TypeDef> {
        self.forward.get(old).and_then(|name| self.new.get(name))
    }

    /// Whether a type of the new side has a partner.
    pub(super) fn is_new(&self, new: &RustName) -> bool {
        !self.backward.contains_key(new)
    }

    /// Whether two names belong together.
    pub(super) fn same(&self, old: &RustName, new: &RustName) -> bool {
        self.forward.get(old).is_some_and(|partner| *partner == new)
    }

    /// The operations, old or new, that send or receive a type, by its name on the new side, else on the old one.
    pub(super) fn users(&self, name: &str) -> Vec<String> {
        let name = RustName(name.to_owned());
        let old = self.backward.get(&name).copied().unwrap_or(&name);
        let users = self.new.users.get(&name).into_iter().chain(self.old.users.get(old)).flatten();
        users.map(|id| (*id).to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The struct that a type is, through its other names.
pub(super) fn object_of<'a>(api: &'a Api, ty: &Ty) -> Option<(&'a TypeDef, &'a Struct)> {
    let Ty::Named(name) = ty else { return None };
    let def = api.types.iter().find(|def| def.name == *name)?;
    match &def.kind {
        TypeKind::Struct(structure) => Some((def, structure)),
        TypeKind::Alias(target) => object_of(api, target),
        _ => None,
    }
}

/// Every place of an operation that has a type, by a name that is the same in both versions.
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
    match &operation.body {
        Some(Body::Json(ty)) => places.push(("body".to_owned(), ty)),
        Some(Body::Multipart(parts)) => {
            places.extend(parts.iter().map(|part: &Field| (format!("part {}", part.wire.0), &part.ty)))
        }
        None => {}
    }
    if let Success::Json(ty) = &operation.success {
        places.push(("success".to_owned(), ty));
    }
    places.extend(operation.errors.iter().map(|(status, ty)| (format!("error {status}"), ty)));
    places
}
