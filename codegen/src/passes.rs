//! What is decided once all types are known, a function each.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ir::{Api, Body, Operation, Presence, RustName, Ty, TypeKind};

/// Runs all passes.
pub fn run(api: &mut Api) {
    box_cycles(api);
    usage(api);
    presence(api);
}

/// Boxes the fields through which a type would contain itself.
fn box_cycles(api: &mut Api) {
    let contained: HashMap<RustName, Vec<RustName>> =
        api.types.iter().map(|def| (def.name.clone(), contained(&def.kind))).collect();
    for def in &mut api.types {
        let leads_back = |ty: &Ty| match ty {
            Ty::Named(name) => reaches(&contained, name, &def.name),
            _ => false,
        };
        match &mut def.kind {
            TypeKind::Struct(structure) => {
                for field in structure.fields.iter_mut().filter(|field| leads_back(&field.ty)) {
                    field.ty = Ty::Boxed(Box::new(field.ty.clone()));
                }
            }
            TypeKind::Union(members) => {
                for member in members.iter_mut().filter(|member| leads_back(&member.ty)) {
                    member.ty = Ty::Boxed(Box::new(member.ty.clone()));
                }
            }
            TypeKind::TextEnum(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// The types that a type holds in itself; lists and maps hold theirs elsewhere.
fn contained(kind: &TypeKind) -> Vec<RustName> {
    let direct = |ty: &Ty| match ty {
        Ty::Named(name) => Some(name.clone()),
        _ => None,
    };
    match kind {
        TypeKind::Struct(structure) => structure.fields.iter().filter_map(|field| direct(&field.ty)).collect(),
        TypeKind::Union(members) => members.iter().filter_map(|member| direct(&member.ty)).collect(),
        TypeKind::Alias(ty) => direct(ty).into_iter().collect(),
        TypeKind::TextEnum(_) => Vec::new(),
    }
}

fn reaches(contained: &HashMap<RustName, Vec<RustName>>, from: &RustName, to: &RustName) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(contained.get(name).into_iter().flatten());
        }
    }
    false
}

/// Notes which types go out, which come in, and for which groups.
fn usage(api: &mut Api) {
    let mentioned: HashMap<RustName, Vec<RustName>> =
        api.types.iter().map(|def| (def.name.clone(), mentions(&def.kind))).collect();
    let mut input = HashSet::new();
    let mut output = HashSet::new();
    let mut groups: HashMap<RustName, BTreeSet<String>> = HashMap::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        for (roots, seen) in [(sent(operation), &mut input), (received(operation), &mut output)] {
            for name in closure(&mentioned, roots) {
                groups.entry(name.clone()).or_default().insert(operation.group.clone());
                seen.insert(name);
            }
        }
    }
    for def in &mut api.types {
        def.usage.input = input.contains(&def.name);
        // What no operation uses is what the API sends by other ways, such as webhooks.
        def.usage.output = output.contains(&def.name) || !def.usage.input;
        def.usage.groups = groups.remove(&def.name).unwrap_or_default();
    }
}

/// Every type that a type mentions.
pub fn mentions(kind: &TypeKind) -> Vec<RustName> {
    match kind {
        TypeKind::Struct(structure) => structure.fields.iter().filter_map(|field| field.ty.named().cloned()).collect(),
        TypeKind::Union(members) => members.iter().filter_map(|member| member.ty.named().cloned()).collect(),
        TypeKind::Alias(ty) => ty.named().cloned().into_iter().collect(),
        TypeKind::TextEnum(_) => Vec::new(),
    }
}

fn sent(operation: &Operation) -> Vec<RustName> {
    let body: Vec<&Ty> = match &operation.body {
        Some(Body::Json(ty)) => vec![ty],
        Some(Body::Multipart(fields)) => fields.iter().map(|field| &field.ty).collect(),
        None => Vec::new(),
    };
    body.into_iter()
        .chain(operation.params.iter().map(|param| &param.ty))
        .filter_map(|ty| ty.named().cloned())
        .collect()
}

fn received(operation: &Operation) -> Vec<RustName> {
    operation.successes.iter().chain(&operation.errors).filter_map(|(_, ty)| ty.named().cloned()).collect()
}

fn closure(mentioned: &HashMap<RustName, Vec<RustName>>, roots: Vec<RustName>) -> HashSet<RustName> {
    let mut seen = HashSet::new();
    let mut open = roots;
    while let Some(name) = open.pop() {
        if seen.insert(name.clone()) {
            open.extend(mentioned.get(&name).into_iter().flatten().cloned());
        }
    }
    seen
}

/// Decides which fields are `Option`. What only goes out is as the description requires it; what comes in is optional
/// unless an overlay pins it, because responses leave out what the description calls required.
fn presence(api: &mut Api) {
    for def in &mut api.types {
        let trusted = def.usage.input && !def.usage.output;
        let TypeKind::Struct(structure) = &mut def.kind else { continue };
        for field in &mut structure.fields {
            let always = field.pinned || trusted && field.required;
            field.presence = match (always, field.nullable) {
                (true, false) => Presence::Required,
                (true, true) => Presence::Nullable,
                (false, true) => Presence::OptionalNullable,
                (false, false) => Presence::Optional,
            };
        }
    }
}
