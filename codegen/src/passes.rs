//! Decisions that need to know all types.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::cycles;
use crate::ir::{Api, Operation, Presence, Ty, TypeId, TypeKind};

/// Runs all passes.
pub fn run(api: &mut Api) {
    cycles::box_recursive_types(&mut api.types);
    usage(api);
    presence(api);
    box_large(api);
}

/// Records which types are sent, which are received, and which groups and platform features use them.
fn usage(api: &mut Api) {
    let mut input = HashSet::new();
    let mut output = HashSet::new();
    // The cargo features that use each type: the groups of its operations, and platform features.
    let mut features: HashMap<TypeId, BTreeSet<String>> = HashMap::new();
    for operation in api.operations() {
        for (roots, seen) in [(sent(operation), &mut input), (received(operation), &mut output)] {
            for id in api.types.reached(roots) {
                features.entry(id).or_default().insert(operation.group.clone());
                seen.insert(id);
            }
        }
    }
    for feature in &api.platform_features {
        for (roots, seen) in [(feature.sent.clone(), &mut input), (feature.incoming().collect::<Vec<_>>(), &mut output)]
        {
            for id in api.types.reached(roots) {
                features.entry(id).or_default().insert(feature.name.clone());
                seen.insert(id);
            }
        }
    }
    for def in api.types.iter_mut() {
        def.usage.input = input.contains(&def.id);
        // A type that nothing uses is treated as received, so that it can be decoded.
        def.usage.output = output.contains(&def.id) || !def.usage.input;
        def.usage.features = features.remove(&def.id).unwrap_or_default();
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

/// Decides which fields are `Option`. A type that is only sent follows the description. In a type that is received,
/// fields are optional unless an overlay pins them, because real responses lack fields that the description requires. A pin is a
/// statement about responses, so in a type that is also sent it applies only to fields that are required in requests.
fn presence(api: &mut Api) {
    for def in api.types.iter_mut() {
        let trusted = def.usage.input && !def.usage.output;
        let TypeKind::Struct(structure) = &mut def.kind else { continue };
        for field in &mut structure.fields {
            let pinned = field.pinned && (!def.usage.input || field.required);
            let always = pinned || trusted && field.required;
            field.presence = match (always, field.nullable) {
                (true, false) => Presence::Always,
                (true, true) => Presence::AlwaysNullable,
                (false, true) => Presence::OptionalNullable,
                (false, false) => Presence::Optional,
            };
        }
    }
}

/// In received types, objects that take more bytes than this are boxed where they may be absent or null.
const LARGE: usize = 128;

/// Boxes the fields of received types that hold a large optional object. Responses may omit such objects, and without boxes
/// each item of a list would reserve memory for all of them. The fields of types that are only sent are not boxed for their size, so that
/// such types are easy to construct.
fn box_large(api: &mut Api) {
    let mut sizes = HashMap::new();
    let ids: Vec<TypeId> = api.types.iter().map(|def| def.id).collect();
    for id in &ids {
        size(api, *id, &mut sizes);
    }
    for def in api.types.iter_mut().filter(|def| def.usage.output) {
        let TypeKind::Struct(structure) = &mut def.kind else { continue };
        for field in structure.fields.iter_mut().filter(|field| field.presence != Presence::Always) {
            if matches!(field.ty, Ty::Named(id) if sizes.get(&id).is_some_and(|size| *size > LARGE)) {
                field.ty = Ty::Boxed(Box::new(field.ty.clone()));
            }
        }
    }
}

/// The approximate size of a struct in bytes, with its own large optional objects boxed; 0 for other types, which are
/// not boxed.
fn size(api: &Api, id: TypeId, sizes: &mut HashMap<TypeId, usize>) -> usize {
    const POINTER: usize = 8;
    if let Some(size) = sizes.get(&id) {
        return *size;
    }
    // A struct replaces this entry below. Until then nothing reads it: a recursive type contains itself in a box, a list, a map or a
    // union, which this function does not follow.
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
                large if large > LARGE && field.presence != Presence::Always => POINTER,
                size => size,
            },
            _ => 3 * POINTER,
        };
    }
    sizes.insert(id, sum);
    sum
}
