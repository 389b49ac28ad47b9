//! What an operation sends, and in which order its method takes its arguments.

use super::fit::{Difference, Way, difference, fits, show};
use super::operations::subject;
use super::pairs::{Pairs, Side};
use super::{Changes, part, rules};
use crate::ir::{Body, Field, Location, Operation, TypeKind};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    match (&old.body, &new.body) {
        (None, None) => {}
        (None, Some(after)) => {
            let rule =
                if asks(&pairs.new, after) { &rules::REQUEST_BODY_ADDED_REQUIRED } else { &rules::REQUEST_BODY_ADDED };
            changes.came(subject(new), None, &[rule], kind(after));
        }
        (Some(before), None) => {
            changes.gone(subject(new), None, &[&rules::REQUEST_BODY_REMOVED], kind(before));
        }
        (Some(Body::Json(before)), Some(Body::Json(after))) => {
            if difference(pairs, before, after) == Difference::Other {
                let fits = fits(pairs, Way::Request, before, after);
                let rule = if fits { &rules::REQUEST_BODY_WIDENED } else { &rules::REQUEST_BODY_CHANGED };
                changes.moved(subject(new), None, &[rule], show(before), show(after));
            }
        }
        (Some(Body::Multipart(before)), Some(Body::Multipart(after))) => form(pairs, before, after, new, changes),
        (Some(before), Some(after)) => {
            changes.moved(subject(new), None, &[&rules::REQUEST_BODY_CHANGED], kind(before), kind(after));
        }
    }
    order(pairs, old, new, changes);
}

/// Whether there is no request without it.
fn asks(side: &Side<'_>, body: &Body) -> bool {
    match body {
        Body::Json(ty) => match side.definition(ty).map(|def| &def.kind) {
            Some(TypeKind::Struct(structure)) => structure.fields.iter().any(|field| field.required),
            _ => true,
        },
        Body::Multipart(parts) => parts.iter().any(|part| part.required),
    }
}

fn kind(body: &Body) -> String {
    match body {
        Body::Json(ty) => show(ty),
        Body::Multipart(_) => "a form".to_owned(),
    }
}

fn form(pairs: &Pairs<'_>, old: &[Field], new: &[Field], operation: &Operation, changes: &mut Changes) {
    for before in old {
        let at = || part("part", &before.wire.0);
        let Some(after) = new.iter().find(|after| after.wire == before.wire) else {
            changes.add(subject(operation), at(), &[&rules::PART_REMOVED]);
            continue;
        };
        if difference(pairs, &before.ty, &after.ty) != Difference::None {
            changes.moved(subject(operation), at(), &[&rules::PART_TYPE_CHANGED], show(&before.ty), show(&after.ty));
        }
        match (before.required, after.required) {
            (false, true) => changes.add(subject(operation), at(), &[&rules::PART_NOW_REQUIRED]),
            (true, false) => changes.add(subject(operation), at(), &[&rules::PART_NOW_OPTIONAL]),
            _ => {}
        }
    }
    for after in new.iter().filter(|after| !old.iter().any(|before| before.wire == after.wire)) {
        let rule = if after.required { &rules::PART_ADDED_REQUIRED } else { &rules::PART_ADDED };
        changes.came(subject(operation), part("part", &after.wire.0), &[rule], show(&after.ty));
    }
}

/// The same arguments in another order compile as often as not, and then send the wrong thing.
fn order(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let (before, after) = (arguments(&pairs.old, old), arguments(&pairs.new, new));
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    if before != after && sorted(&before) == sorted(&after) {
        changes.moved(subject(new), None, &[&rules::ARGUMENT_ORDER], before.join(", "), after.join(", "));
    }
}

/// The arguments of an operation's method after those of the path, which cannot change their order.
fn arguments(side: &Side<'_>, operation: &Operation) -> Vec<String> {
    let given = operation
        .params
        .iter()
        .filter(|param| param.required && param.constant.is_none() && param.location != Location::Path);
    let mut names: Vec<String> = given.map(|param| param.wire.0.clone()).collect();
    if let Some(Body::Json(ty)) = &operation.body
        && let Some(TypeKind::Struct(structure)) = side.definition(ty).map(|def| &def.kind)
    {
        let asked = structure.fields.iter().filter(|field| field.required && field.constant.is_none());
        names.extend(asked.map(|field| field.wire.0.clone()));
    }
    names
}
