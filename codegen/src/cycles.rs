//! Recursive types: rejects those that cannot be translated, and boxes fields and alternatives of the others.

use crate::diag::{Error, Result};
use crate::ir::{Field, Ty, TypeDef, TypeId, TypeKind, TypeTable};

/// Rejects recursive types that cannot be translated.
///
/// # Errors
/// Where an alias contains itself, directly or through other aliases; where a union is its own alternative, directly or through aliases and
/// other unions; or where every value of a type contains another value of this type, directly or through other types.
pub fn check(types: &TypeTable) -> Result<()> {
    let alias = |def: &TypeDef| matches!(def.kind, TypeKind::Alias(_));
    // Rust expands aliases, so an alias for a list of itself is infinite, too.
    let aliases = Graph::new(types, |def| {
        def.kind.referenced_types().filter_map(Ty::named).filter(|id| alias(def) && alias(&types[*id])).collect()
    });
    // Matching a value against an alternative that is the union itself would never end.
    let alternatives = Graph::new(types, |def| match def.kind {
        TypeKind::Alias(_) | TypeKind::Union(_) => def.kind.referenced_types().filter_map(inline).collect(),
        TypeKind::Struct(_) | TypeKind::TextEnum(_) => Vec::new(),
    });
    let infinite = infinite(types);
    let contained = Graph::new(types, |def| {
        let parts = needed(&def.kind).filter_map(direct);
        if infinite[def.id.index()] { parts.filter(|id| infinite[id.index()]).collect() } else { Vec::new() }
    });
    for (graph, what, hint) in [
        (aliases, "this type is an alias that contains itself", "make one of these schemas an object"),
        (alternatives, "this union is one of its own alternatives", "remove that alternative"),
        (
            contained,
            "every value of this type contains another value of this type",
            "make a property of one of these schemas nullable, or optional and not pinned",
        ),
    ] {
        if let Some(cycle) = graph.cycle() {
            let names: Vec<&str> = cycle.iter().chain(cycle.first()).map(|id| display_name(&types[*id])).collect();
            let pointer = cycle.first().map_or("", |id| types[*id].pointer.as_str());
            return Err(Error::new("", pointer, format!("{what}: {}", names.join(" → ")))
                .hint(format!("{hint}, with an overlay")));
        }
    }
    Ok(())
}

/// The name of a type in errors: its key in the description, or its name in Rust if its schema is inline.
fn display_name(def: &TypeDef) -> &str {
    def.wire.as_ref().map_or(def.name.bare(), |wire| &wire.0)
}

/// Boxes objects where a type would contain itself: in the fields of structs and in the alternatives of unions. Every cycle has an
/// object in it, because [`check`] rejects unions and aliases that contain themselves without an object. A field that is required or
/// pinned, and not nullable, is not boxed, because it may be stored without an `Option`: the default value of a struct is a `const`
/// (`ConstDefault::DEFAULT`), and a `const` cannot contain a `Box`. [`check`] rejects cycles that consist of such fields only.
pub fn box_recursive_types(types: &mut TypeTable) {
    // Lists and maps store their items on the heap.
    let component = Graph::new(types, |def| def.kind.referenced_types().filter_map(inline).collect()).components();
    let mut objects = vec![false; types.len()];
    for def in types.iter() {
        objects[def.id.index()] = types.struct_of(&Ty::Named(def.id)).is_some();
    }
    let boxed = |id: TypeId, ty: &mut Ty| {
        let within = |part: TypeId| component[part.index()] == component[id.index()];
        if inline(ty).is_some_and(|part| objects[part.index()] && within(part)) {
            // The `Option` of a nullable alternative contains the box.
            let object = if let Ty::Nullable(inner) = ty { &mut **inner } else { ty };
            *object = Ty::Boxed(Box::new(object.clone()));
        }
    };
    let optional = |field: &&mut Field| !is_needed(field);
    for def in types.iter_mut() {
        match &mut def.kind {
            TypeKind::Struct(structure) => {
                structure.fields.iter_mut().filter(optional).for_each(|field| boxed(def.id, &mut field.ty));
            }
            TypeKind::Union(union) => union.members.iter_mut().for_each(|member| boxed(def.id, &mut member.ty)),
            TypeKind::TextEnum(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// The type of the API that a value of this type stores inline, not on the heap.
fn inline(ty: &Ty) -> Option<TypeId> {
    match ty {
        Ty::Named(id) => Some(*id),
        Ty::Nullable(inner) => inline(inner),
        _ => None,
    }
}

/// The type of the API that every value of this type contains. None for a nullable type, whose value may be null.
fn direct(ty: &Ty) -> Option<TypeId> {
    match ty {
        Ty::Named(id) => Some(*id),
        _ => None,
    }
}

/// The parts that a value of a type contains: the fields that every object has, or the target of an alias. For a union: all
/// alternatives, of which a value contains one.
fn needed(kind: &TypeKind) -> impl Iterator<Item = &Ty> {
    let fields = match kind {
        TypeKind::Struct(structure) => structure.fields.as_slice(),
        _ => &[],
    };
    let others = kind.referenced_types().filter(|_| !matches!(kind, TypeKind::Struct(_)));
    fields.iter().filter(|field| is_needed(field)).map(|field| &field.ty).chain(others)
}

/// Whether every object of a type has to have this field, with a value that is not null.
fn is_needed(field: &Field) -> bool {
    (field.required || field.pinned) && !field.nullable
}

/// The types of which no finite value exists. A finite value of a type exists if one exists for each type that it must
/// contain; for a union, if one exists for any of its alternatives.
fn infinite(types: &TypeTable) -> Vec<bool> {
    let mut infinite = vec![true; types.len()];
    let mut users = vec![Vec::new(); types.len()];
    let mut open = Vec::new();
    for def in types.iter() {
        needed(&def.kind).filter_map(direct).for_each(|part| users[part.index()].push(def.id));
        open.push(def.id);
    }
    while let Some(id) = open.pop() {
        let finite = |ty: &Ty| direct(ty).is_none_or(|id| !infinite[id.index()]);
        let finite = match &types[id].kind {
            TypeKind::Union(union) => union.members.iter().any(|member| finite(&member.ty)),
            kind => needed(kind).all(finite),
        };
        if finite && infinite[id.index()] {
            infinite[id.index()] = false;
            open.extend(&users[id.index()]);
        }
    }
    infinite
}

/// A directed graph of types. Which types an edge leads to depends on the use.
struct Graph {
    edges: Vec<Vec<TypeId>>,
    ids: Vec<TypeId>,
}

impl Graph {
    fn new(types: &TypeTable, edges: impl Fn(&TypeDef) -> Vec<TypeId>) -> Self {
        let mut all = vec![Vec::new(); types.len()];
        let mut ids = Vec::new();
        for def in types.iter() {
            all[def.id.index()] = edges(def);
            ids.push(def.id);
        }
        Self { edges: all, ids }
    }

    /// A cycle, if there is one: each type has an edge to the next one, and the last to the first.
    fn cycle(&self) -> Option<Vec<TypeId>> {
        let component = self.components();
        let within = |id: TypeId| {
            self.edges[id.index()].iter().copied().find(|next| component[next.index()] == component[id.index()])
        };
        // Between any two types of one component there is a path in both directions.
        let start = self.ids.iter().copied().find(|id| within(*id).is_some())?;
        let mut path = vec![start];
        loop {
            let next = within(*path.last()?)?;
            if let Some(first) = path.iter().position(|id| *id == next) {
                return Some(path.split_off(first));
            }
            path.push(next);
        }
    }

    /// The strongly connected component of each type, by Tarjan's algorithm. It keeps a stack of its own, because
    /// a chain of references can be longer than the program's stack allows.
    fn components(&self) -> Vec<usize> {
        const NEW: usize = usize::MAX;
        let mut order = vec![NEW; self.edges.len()];
        let mut lowest = vec![NEW; self.edges.len()];
        let mut component = vec![NEW; self.edges.len()];
        let (mut count, mut open, mut calls) = (0, Vec::new(), Vec::new());
        for root in &self.ids {
            if order[root.index()] != NEW {
                continue;
            }
            calls.push((*root, 0));
            while let Some((id, edge)) = calls.pop() {
                let at = id.index();
                if edge == 0 {
                    (order[at], lowest[at]) = (count, count);
                    count += 1;
                    open.push(at);
                }
                if let Some(next) = self.edges[at].get(edge) {
                    calls.push((id, edge + 1));
                    match (order[next.index()], component[next.index()]) {
                        (NEW, _) => calls.push((*next, 0)),
                        (seen, NEW) => lowest[at] = lowest[at].min(seen),
                        _ => {}
                    }
                    continue;
                }
                if lowest[at] == order[at] {
                    while let Some(member) = open.pop() {
                        component[member] = at;
                        if member == at {
                            break;
                        }
                    }
                }
                if let Some((parent, _)) = calls.last() {
                    lowest[parent.index()] = lowest[parent.index()].min(lowest[at]);
                }
            }
        }
        component
    }
}
