//! Compares shorthands: methods that send an operation with some fields of its body set.

use super::body::id_names;
use super::fit::{Difference, difference};
use super::pairs::{Pairs, Side};
use super::{Changes, operation_subject, part, rules};
use crate::ir::{Operation, Shorthand, WireName, dotted};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    for before in &old.shorthands {
        match new.shorthands.iter().find(|after| after.method == before.method) {
            Some(after) => shorthand(pairs, (old, before), (new, after), changes),
            None => {
                let at = part("shorthand", before.method.bare());
                changes.record(operation_subject(new), at, &[&rules::SHORTHAND_REMOVED]);
            }
        }
    }
    for after in new.shorthands.iter().filter(|after| !old.shorthands.iter().any(|it| it.method == after.method)) {
        changes.record(operation_subject(new), part("shorthand", after.method.bare()), &[&rules::SHORTHAND_ADDED]);
    }
}

/// Compares two shorthands of one name. Arguments are positional, so the fields that they go to are compared and not their names,
/// except the names of ids in a struct. The place of a field in the body does not matter to a call. A changed parameter, or a field
/// with a changed type, is reported at the operation or at the struct that has it, and not here.
fn shorthand(
    pairs: &Pairs<'_>,
    (old, before): (&Operation, &Shorthand),
    (new, after): (&Operation, &Shorthand),
    changes: &mut Changes,
) {
    let at = || part("shorthand", after.method.bare());
    let mut changed =
        |rule, before: &str, after: &str| changes.changed(operation_subject(new), at(), &[rule], before, after);
    if keys(before) != keys(after) || moved_to_another_type(pairs, before, after) {
        changed(&rules::SHORTHAND_CHANGED, &taken(&pairs.old, before), &taken(&pairs.new, after));
    }
    let ids_before = id_names(&pairs.old, &before.arguments(old, &pairs.old.api.types));
    let ids_after = id_names(&pairs.new, &after.arguments(new, &pairs.new.api.types));
    if let (Some(ids_before), Some(ids_after)) = (ids_before, ids_after)
        && ids_before != ids_after
    {
        changed(&rules::IDS_CHANGED, &ids_before, &ids_after);
    }
    if set(before) != set(after) {
        changed(&rules::SHORTHAND_VALUES_CHANGED, &set(before).join(", "), &set(after).join(", "));
    }
}

/// The keys of the fields that the arguments go to, without their paths.
fn keys(shorthand: &Shorthand) -> Vec<Option<&WireName>> {
    shorthand.takes.iter().map(|(_, path)| path.last()).collect()
}

/// Whether an argument goes to another place in the body, where the field has another type.
fn moved_to_another_type(pairs: &Pairs<'_>, before: &Shorthand, after: &Shorthand) -> bool {
    let same_body = pairs.are_paired(before.body, after.body);
    before.takes.iter().zip(&after.takes).any(|((_, from), (_, to))| {
        let from_field = pairs.old.api.types.field_at(before.body, from);
        let to_field = pairs.new.api.types.field_at(after.body, to);
        let types = from_field.zip(to_field);
        let other = types.is_some_and(|(from, to)| difference(pairs, &from.ty, &to.ty) == Difference::Other);
        (from != to || !same_body) && other
    })
}

/// The fields that the arguments go to, with their types.
fn taken(side: &Side<'_>, shorthand: &Shorthand) -> String {
    let shown = shorthand.takes.iter().filter_map(|(_, path)| {
        let field = side.api.types.field_at(shorthand.body, path)?;
        Some(format!("`{}`: {}", dotted(path), side.show(&field.ty)))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The fields that are set, with their values; their order has no effect.
fn set(shorthand: &Shorthand) -> Vec<String> {
    let mut set: Vec<String> =
        shorthand.sets.iter().map(|(path, value)| format!("{} `{value}`", dotted(path))).collect();
    set.sort();
    set
}
