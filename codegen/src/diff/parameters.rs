//! Compares parameters: path parameters by position, the others by name.

use super::fit::{Difference, Direction, difference, fits};
use super::pairs::Pairs;
use super::{Changes, operation_subject, part, rules};
use crate::ir::{Location, Operation, Param};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    for (before, after) in in_path(old).zip(in_path(new)) {
        if before.wire != after.wire {
            changes.changed(
                operation_subject(new),
                part("parameter", &after.wire.0),
                &[&rules::PATH_PARAMETER_RENAMED],
                &before.wire.0,
                &after.wire.0,
            );
        }
        types(pairs, before, after, new, changes);
    }
    for before in outside_path(old) {
        match outside_path(new).find(|param| param.wire == before.wire) {
            Some(after) => parameter(pairs, before, after, new, changes),
            None => {
                let rule = match before.constant {
                    Some(_) => &rules::PARAMETER_CONSTANT_REMOVED,
                    None => &rules::PARAMETER_REMOVED,
                };
                changes.record(operation_subject(new), part("parameter", &before.wire.0), &[rule]);
            }
        }
    }
    for after in outside_path(new).filter(|param| !outside_path(old).any(|other| other.wire == param.wire)) {
        let rule = match (after.required, &after.constant) {
            (true, None) => &rules::PARAMETER_ADDED_REQUIRED,
            (false, None) => &rules::PARAMETER_ADDED,
            (true, Some(_)) => &rules::PARAMETER_CONSTANT_REQUIRED,
            (false, Some(_)) => &rules::PARAMETER_CONSTANT_ADDED,
        };
        let shown =
            after.constant.as_ref().map_or_else(|| pairs.new.show(&after.ty), |value| format!("always `{value}`"));
        changes.added(operation_subject(new), part("parameter", &after.wire.0), &[rule], shown);
    }
}

/// The path parameters, in the order of the path.
fn in_path(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.location == Location::Path)
}

/// The parameters of the query and the headers.
fn outside_path(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.location != Location::Path)
}

fn parameter(pairs: &Pairs<'_>, before: &Param, after: &Param, new: &Operation, changes: &mut Changes) {
    let at = || part("parameter", &after.wire.0);
    match (&before.constant, &after.constant) {
        (Some(old), Some(now)) if old != now => {
            changes.changed(operation_subject(new), at(), &[&rules::PARAMETER_CONSTANT_CHANGED], old, now);
        }
        (None, Some(now)) => changes.changed(
            operation_subject(new),
            at(),
            &[&rules::PARAMETER_TYPE_CHANGED],
            pairs.old.show(&before.ty),
            format!("always `{now}`"),
        ),
        (Some(old), None) => {
            let rule = match after.required {
                true => &rules::PARAMETER_CONSTANT_FREED,
                false => &rules::PARAMETER_CONSTANT_FREED_OPTIONAL,
            };
            changes.changed(
                operation_subject(new),
                at(),
                &[rule],
                format!("always `{old}`"),
                pairs.new.show(&after.ty),
            );
        }
        _ => {}
    }
    match (before.required, after.required) {
        // `constant` is set for headers only. The crate sends such a header whether it is required or not: it has neither a setter nor an
        // argument.
        _ if before.constant.is_some() || after.constant.is_some() => {}
        (false, true) => changes.record(operation_subject(new), at(), &[&rules::PARAMETER_NOW_REQUIRED]),
        (true, false) => changes.record(operation_subject(new), at(), &[&rules::PARAMETER_NOW_OPTIONAL]),
        _ => {}
    }
    let same_type = types(pairs, before, after, new, changes);
    if same_type && before.location != after.location {
        let rule = &rules::PARAMETER_MOVED;
        changes.changed(operation_subject(new), at(), &[rule], place(before.location), place(after.location));
    }
}

/// Compares the types and returns whether they are equal.
fn types(pairs: &Pairs<'_>, before: &Param, after: &Param, new: &Operation, changes: &mut Changes) -> bool {
    if difference(pairs, &before.ty, &after.ty) == Difference::None {
        return true;
    }
    // A list in a query is encoded differently from a single value, and then has another location.
    let fits = fits(pairs, Direction::Request, &before.ty, &after.ty) && before.location == after.location;
    let rule = if fits { &rules::PARAMETER_TYPE_WIDENED } else { &rules::PARAMETER_TYPE_CHANGED };
    changes.changed(
        operation_subject(new),
        part("parameter", &after.wire.0),
        &[rule],
        pairs.old.show(&before.ty),
        pairs.new.show(&after.ty),
    );
    false
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryCommaList => "query, comma-separated",
        Location::QueryRepeated => "query, repeated",
        Location::QueryExploded => "query, one parameter for each field",
        Location::Header => "header",
    }
}
