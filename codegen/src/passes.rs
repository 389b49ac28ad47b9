//! What is decided once all types are known, a function each.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::cycles;
use crate::ir::{Api, Operation, Presence, Ty, TypeId, TypeKind};

/// Runs all passes.
pub fn run(api: &mut Api) {
    cycles::break_with_boxes(&mut api.types);
    usage(api);
    presence(api);
    box_large(api);
}

/// Notes which types go out, which come in, and for which groups.
fn usage(api: &mut Api) {
    let mut input = HashSet::new();
    let mut output = HashSet::new();
    // By cargo feature: that of an operation's group, or of a part of the platform.
    let mut groups: HashMap<TypeId, BTreeSet<String>> = HashMap::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        for (roots, seen) in [(sent(operation), &mut input), (received(operation), &mut output)] {
            for id in api.types.reached(roots) {
                groups.entry(id).or_default().insert(operation.group.clone());
                seen.insert(id);
            }
        }
    }
    for part in &api.parts {
        for (roots, seen) in [(part.sent.clone(), &mut input), (part.incoming().collect::<Vec<_>>(), &mut output)] {
            for id in api.types.reached(roots) {
                groups.entry(id).or_default().insert(part.name.clone());
                seen.insert(id);
            }
        }
    }
    for def in api.types.iter_mut() {
        def.usage.input = input.contains(&def.id);
        // What no operation uses is what the API sends by other ways, such as webhooks.
        def.usage.output = output.contains(&def.id) || !def.usage.input;
        def.usage.groups = groups.remove(&def.id).unwrap_or_default();
    }
}

fn sent(operation: &Operation) -> Vec<TypeId> {
    let body = operation.body.iter();
    let body = body.flat_map(|body| body.json().into_iter().chain(body.parts().iter().map(|part| &part.ty)));
    body.chain(operation.params.iter().map(|param| &param.ty)).filter_map(Ty::named).collect()
}

fn received(operation: &Operation) -> Vec<TypeId> {
    operation.responses.iter().filter_map(|response| response.ty.as_ref()?.named()).collect()
}

/// Decides which fields are `Option`. What only goes out is as the description requires it; what comes in is optional
/// unless an overlay pins it, because responses leave out what the description calls required. A pin is about responses:
/// where the type goes out too, it holds only for what a request must have as well.
fn presence(api: &mut Api) {
    for def in api.types.iter_mut() {
        let trusted = def.usage.input && !def.usage.output;
        let TypeKind::Struct(structure) = &mut def.kind else { continue };
        for field in &mut structure.fields {
            let pinned = field.pinned && (!def.usage.input || field.required);
            let always = pinned || trusted && field.required;
            field.presence = match (always, field.nullable) {
                (true, false) => Presence::Required,
                (true, true) => Presence::Nullable,
                (false, true) => Presence::OptionalNullable,
                (false, false) => Presence::Optional,
            };
        }
    }
}

/// Optional objects of more bytes than this are boxed.
const LARGE: usize = 128;

/// Boxes the optional objects of what comes in, where they are large: most answers leave most of them out, and an item of a
/// list would have room for all. Types that only go out are as they are, so that they can be written as literals.
fn box_large(api: &mut Api) {
    let mut sizes = HashMap::new();
    let ids: Vec<TypeId> = api.types.iter().map(|def| def.id).collect();
    for id in &ids {
        size(api, *id, &mut sizes);
    }
    for def in api.types.iter_mut().filter(|def| def.usage.output) {
        let TypeKind::Struct(structure) = &mut def.kind else { continue };
        for field in structure.fields.iter_mut().filter(|field| field.presence != Presence::Required) {
            if matches!(field.ty, Ty::Named(id) if sizes.get(&id).is_some_and(|size| *size > LARGE)) {
                field.ty = Ty::Boxed(Box::new(field.ty.clone()));
            }
        }
    }
}

/// About how many bytes a value of a struct takes, its own large optional objects boxed; 0 for other types, which stay.
fn size(api: &Api, id: TypeId, sizes: &mut HashMap<TypeId, usize>) -> usize {
    const POINTER: usize = 8;
    if let Some(size) = sizes.get(&id) {
        return *size;
    }
    // What contains itself does so in a box, a list or a map.
    sizes.insert(id, 0);
    let TypeKind::Struct(structure) = &api.types[id].kind else { return 0 };
    let mut sum = 4 * POINTER;
    for field in &structure.fields {
        sum += match &field.ty {
            Ty::Bool => 1,
            Ty::I64 | Ty::F64 => 2 * POINTER,
            Ty::Boxed(_) => POINTER,
            Ty::Map(_) => 6 * POINTER,
            Ty::Value => 4 * POINTER,
            Ty::Named(id) => match size(api, *id, sizes) {
                0 => 3 * POINTER,
                large if large > LARGE && field.presence != Presence::Required => POINTER,
                size => size,
            },
            _ => 3 * POINTER,
        };
    }
    sizes.insert(id, sum);
    sum
}
