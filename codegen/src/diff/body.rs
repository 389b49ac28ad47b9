//! Compares request bodies, and the arguments of an operation's method.

use super::fit::{Difference, Direction, difference, fits};
use super::pairs::{Pairs, Side};
use super::{Changes, operation_subject, part, rules};
use crate::ir::{ArgumentTarget, Body, Content, Field, Location, Operation, RustName, TypeKind, ids_in_struct};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    match (&old.body, &new.body) {
        (None, None) => {}
        (None, Some(after)) => {
            let rule = if has_required_content(&pairs.new, after) {
                &rules::REQUEST_BODY_ADDED_REQUIRED
            } else {
                &rules::REQUEST_BODY_ADDED
            };
            changes.added(operation_subject(new), None, &[rule], shown(&pairs.new, after));
        }
        (Some(before), None) => {
            changes.removed(operation_subject(new), None, &[&rules::REQUEST_BODY_REMOVED], shown(&pairs.old, before));
        }
        (Some(before), Some(after)) => contents(pairs, before, after, new, changes),
    }
    argument_order(pairs, old, new, changes);
    ids(pairs, old, new, changes);
}

fn contents(pairs: &Pairs<'_>, before: &Body, after: &Body, new: &Operation, changes: &mut Changes) {
    match (&before.content, &after.content) {
        (Content::Json(before), Content::Json(after)) => {
            if difference(pairs, before, after) == Difference::Other {
                let fits = fits(pairs, Direction::Request, before, after);
                let rule = if fits { &rules::REQUEST_BODY_WIDENED } else { &rules::REQUEST_BODY_CHANGED };
                changes.changed(operation_subject(new), None, &[rule], pairs.old.show(before), pairs.new.show(after));
            }
        }
        (Content::Multipart(before), Content::Multipart(after)) => form(pairs, before, after, new, changes),
        _ => {
            let rule = &rules::REQUEST_BODY_CHANGED;
            changes.changed(operation_subject(new), None, &[rule], shown(&pairs.old, before), shown(&pairs.new, after));
        }
    }
}

/// Whether a body has something that a request must have: it is not an object, or has a required field or part.
fn has_required_content(side: &Side<'_>, body: &Body) -> bool {
    match &body.content {
        Content::Json(ty) => match side.definition(ty).map(|def| &def.kind) {
            Some(TypeKind::Struct(structure)) => structure.fields.iter().any(|field| field.required),
            _ => true,
        },
        Content::Multipart(parts) => parts.iter().any(|part| part.required),
    }
}

/// The type of a body, as a report names it.
fn shown(side: &Side<'_>, body: &Body) -> String {
    match &body.content {
        Content::Json(ty) => side.show(ty),
        Content::Multipart(_) => "a form".to_owned(),
    }
}

fn form(pairs: &Pairs<'_>, old: &[Field], new: &[Field], operation: &Operation, changes: &mut Changes) {
    for before in old {
        let at = || part("form part", &before.wire.0);
        let Some(after) = new.iter().find(|after| after.wire == before.wire) else {
            changes.record(operation_subject(operation), at(), &[&rules::PART_REMOVED]);
            continue;
        };
        if difference(pairs, &before.ty, &after.ty) != Difference::None {
            changes.changed(
                operation_subject(operation),
                at(),
                &[&rules::PART_TYPE_CHANGED],
                pairs.old.show(&before.ty),
                pairs.new.show(&after.ty),
            );
        }
        match (before.required, after.required) {
            (false, true) => changes.record(operation_subject(operation), at(), &[&rules::PART_NOW_REQUIRED]),
            (true, false) => changes.record(operation_subject(operation), at(), &[&rules::PART_NOW_OPTIONAL]),
            _ => {}
        }
    }
    for after in new.iter().filter(|after| !old.iter().any(|before| before.wire == after.wire)) {
        let rule = if after.required { &rules::PART_ADDED_REQUIRED } else { &rules::PART_ADDED };
        changes.added(
            operation_subject(operation),
            part("form part", &after.wire.0),
            &[rule],
            pairs.new.show(&after.ty),
        );
    }
}

/// Reports that the method has the same arguments in another order: calls often still compile, and then send wrong values.
fn argument_order(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let (before, after) = (arguments(&pairs.old, old), arguments(&pairs.new, new));
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    if before != after && sorted(&before) == sorted(&after) {
        changes.changed(operation_subject(new), None, &[&rules::ARGUMENT_ORDER], before.join(", "), after.join(", "));
    }
}

/// Reports other names of the ids that a struct takes together. If only one of the two methods has such a struct, their arguments
/// differ, and other rules report that.
fn ids(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let ids = |side: &Side<'_>, operation: &Operation| id_names(side, &operation.arguments(&side.api.types));
    if let (Some(before), Some(after)) = (ids(&pairs.old, old), ids(&pairs.new, new))
        && before != after
    {
        changes.changed(operation_subject(new), None, &[&rules::IDS_CHANGED], before, after);
    }
}

/// The names of the ids that a struct takes together; `None` if the arguments contain no such struct.
pub(super) fn id_names(side: &Side<'_>, arguments: &[(RustName, ArgumentTarget<'_>)]) -> Option<String> {
    let range = ids_in_struct(&side.api.types, arguments.iter().map(|(_, target)| target.ty()))?;
    Some(arguments[range].iter().map(|(name, _)| name.bare()).collect::<Vec<_>>().join(", "))
}

/// The wire names of the arguments of an operation's method, without a body as a whole, and without the path parameters, whose order
/// the path determines.
fn arguments(side: &Side<'_>, operation: &Operation) -> Vec<String> {
    let all = operation.arguments(&side.api.types).into_iter();
    all.filter_map(|(_, given)| match given {
        ArgumentTarget::Param(param) => Some(&param.wire).filter(|_| param.location != Location::Path),
        ArgumentTarget::Field(field) | ArgumentTarget::Part(field) => Some(&field.wire),
        ArgumentTarget::Body(_) => None,
    })
    .map(|wire| wire.0.clone())
    .collect()
}
