//! Compares operations: existence, names, responses, pagination and search.

use std::collections::{BTreeSet, HashMap};

use super::fit::{Difference, Direction, difference, fits};
use super::pairs::{Pairs, Side};
use super::rules;
use super::{Changes, Subject, body, parameters, part, subject_of};
use crate::ir::{Alias, Operation, Paging, Shorthand, Success, Ty};

/// Compares everything about operations.
pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    groups(pairs, changes);
    let by_key: HashMap<String, &Operation> =
        pairs.new.operations().map(|operation| (operation.key(), operation)).collect();
    let mut seen = BTreeSet::new();
    for old in pairs.old.operations() {
        let key = old.key();
        match by_key.get(&key) {
            Some(new) => operation(pairs, old, new, changes),
            None => {
                changes.add(subject_of(old), None, &[&rules::OPERATION_REMOVED]);
            }
        }
        seen.insert(key);
    }
    for new in pairs.new.operations().filter(|operation| !seen.contains(&operation.key())) {
        changes.add(subject_of(new), None, &[&rules::OPERATION_ADDED]);
    }
}

fn groups(pairs: &Pairs<'_>, changes: &mut Changes) {
    let names = |api: &crate::ir::Api| api.groups.iter().map(|group| group.name.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (names(pairs.old.api), names(pairs.new.api));
    for name in old.difference(&new) {
        changes.add(Subject::Group(name.clone()), None, &[&rules::GROUP_REMOVED]);
    }
    for name in new.difference(&old) {
        changes.add(Subject::Group(name.clone()), None, &[&rules::GROUP_ADDED]);
    }
}

fn operation(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    names(old, new, changes);
    shorthands(old, new, changes);
    if old.operation_id != new.operation_id {
        changes.changed(
            subject_of(new),
            None,
            &[&rules::OPERATION_ID_CHANGED],
            named(&old.operation_id),
            named(&new.operation_id),
        );
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => changes.add(subject_of(new), None, &[&rules::OPERATION_DEPRECATED]),
        (true, false) => changes.add(subject_of(new), None, &[&rules::OPERATION_UNDEPRECATED]),
        _ => {}
    }
    if old.idempotent != new.idempotent {
        let say = |idempotent| if idempotent { "safe to repeat" } else { "not safe to repeat" };
        changes.changed(
            subject_of(new),
            None,
            &[&rules::OPERATION_RETRY_CHANGED],
            say(old.idempotent),
            say(new.idempotent),
        );
    }
    parameters::compare(pairs, old, new, changes);
    body::compare(pairs, old, new, changes);
    success(pairs, old, new, changes);
    errors(pairs, old, new, changes);
    paging(pairs, old, new, changes);
    search(old, new, changes);
}

fn names(old: &Operation, new: &Operation, changes: &mut Changes) {
    let names = |operation: &Operation| -> BTreeSet<String> {
        operation.aliases.iter().map(Alias::id).chain([operation.id.clone()]).collect()
    };
    let (before, after) = (names(old), names(new));
    if old.id != new.id {
        let rule = if after.contains(&old.id) { &rules::OPERATION_RENAMED_ALIASED } else { &rules::OPERATION_RENAMED };
        changes.changed(subject_of(new), None, &[rule], &old.id, &new.id);
    }
    for name in after.difference(&before).filter(|name| **name != new.id) {
        changes.add(subject_of(new), part("name", name), &[&rules::ALIAS_ADDED]);
    }
    for name in before.difference(&after).filter(|name| **name != old.id) {
        changes.add(subject_of(new), part("name", name), &[&rules::ALIAS_REMOVED]);
    }
}

/// Methods that send the operation with a part of its body filled in.
fn shorthands(old: &Operation, new: &Operation, changes: &mut Changes) {
    let arguments = |shorthand: &Shorthand| -> Vec<String> {
        shorthand.takes.iter().map(|(name, _)| name.bare().to_owned()).collect()
    };
    for before in &old.shorthands {
        let at = || part("shorthand", before.method.bare());
        match new.shorthands.iter().find(|after| after.method == before.method) {
            None => changes.add(subject_of(new), at(), &[&rules::SHORTHAND_REMOVED]),
            Some(after) if arguments(after) != arguments(before) => changes.changed(
                subject_of(new),
                at(),
                &[&rules::SHORTHAND_CHANGED],
                arguments(before).join(", "),
                arguments(after).join(", "),
            ),
            Some(_) => {}
        }
    }
    for after in new.shorthands.iter().filter(|after| !old.shorthands.iter().any(|it| it.method == after.method)) {
        changes.add(subject_of(new), part("shorthand", after.method.bare()), &[&rules::SHORTHAND_ADDED]);
    }
}

fn named(operation_id: &str) -> &str {
    if operation_id.is_empty() { "none" } else { operation_id }
}

fn success(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let rule = match (&old.success, &new.success) {
        (Success::Json(old), Success::Json(new)) => {
            if difference(pairs, old, new) != Difference::Other {
                return;
            }
            if fits(pairs, Direction::Response, old, new) {
                &rules::RESPONSE_NARROWED
            } else {
                &rules::RESPONSE_CHANGED
            }
        }
        (Success::Empty, Success::Empty) | (Success::Text, Success::Text) | (Success::Download, Success::Download) => {
            return;
        }
        // A client that expects no body does not read one.
        (Success::Empty, _) => &rules::RESPONSE_NARROWED,
        _ => &rules::RESPONSE_CHANGED,
    };
    changes.changed(subject_of(new), None, &[rule], answer(&pairs.old, &old.success), answer(&pairs.new, &new.success));
}

fn answer(side: &Side<'_>, success: &Success) -> String {
    match success {
        Success::Json(ty) => side.show(ty),
        Success::Text => "text".to_owned(),
        Success::Empty => "nothing".to_owned(),
        Success::Download => "a file".to_owned(),
    }
}

fn errors(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    fn find<'a>(operation: &'a Operation, status: &str) -> Option<&'a Ty> {
        operation.errors().find(|(other, _)| *other == status).map(|(_, ty)| ty)
    }
    for (status, ty) in old.errors() {
        match find(new, status) {
            Some(other) if difference(pairs, ty, other) != Difference::Other => {}
            Some(other) => changes.changed(
                subject_of(new),
                part("status", status),
                &[&rules::ERROR_RESPONSE_CHANGED],
                pairs.old.show(ty),
                pairs.new.show(other),
            ),
            None => changes.removed(
                subject_of(new),
                part("status", status),
                &[&rules::ERROR_RESPONSE_CHANGED],
                pairs.old.show(ty),
            ),
        }
    }
    for (status, ty) in new.errors().filter(|(status, _)| find(old, status).is_none()) {
        changes.added(subject_of(new), part("status", status), &[&rules::ERROR_RESPONSE_CHANGED], pairs.new.show(ty));
    }
}

fn paging(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let (before, after) = match (&old.paging, &new.paging) {
        (None, None) => return,
        (None, Some(after)) => {
            let rule = if after.cursor == "page" && sets_page(pairs, old) {
                &rules::PAGING_ADDED_PAGE
            } else {
                &rules::PAGING_ADDED
            };
            changes.added(subject_of(new), None, &[rule], next_page(after));
            return;
        }
        (Some(before), None) => {
            changes.removed(subject_of(new), None, &[&rules::PAGING_REMOVED], next_page(before));
            return;
        }
        (Some(before), Some(after)) => (before, after),
    };
    let follows = |paging: &Paging| (next_page(paging), paging.items.clone(), paging.next.clone());
    let lower = after.max_per_page.is_some_and(|max| before.max_per_page.is_none_or(|old| max < old));
    if follows(before) != follows(after) || lower {
        changes.changed(subject_of(new), None, &[&rules::PAGING_CHANGED], described(before), described(after));
    } else if (&before.per_page, before.max_per_page, &before.more, &before.total)
        != (&after.per_page, after.max_per_page, &after.more, &after.total)
    {
        changes.changed(subject_of(new), None, &[&rules::PAGING_LIMIT_CHANGED], described(before), described(after));
    }
    if difference(pairs, &before.item, &after.item) != Difference::None {
        changes.changed(
            subject_of(new),
            None,
            &[&rules::PAGING_ITEM_CHANGED],
            pairs.old.show(&before.item),
            pairs.new.show(&after.item),
        );
    }
}

/// What a client must do to get the next page.
fn next_page(paging: &Paging) -> String {
    format!("{} in `{}` of the {}", paging.style, paging.cursor, if paging.in_body { "body" } else { "query" })
}

fn described(paging: &Paging) -> String {
    let mut text = format!("{}, items in {}, next in `{}`", next_page(paging), paging.items.join(" or "), paging.next);
    if let Some(max) = paging.max_per_page {
        text.push_str(&format!(", at most {max}"));
    }
    for (name, value) in [("size", &paging.per_page), ("more", &paging.more), ("total", &paging.total)] {
        if let Some(value) = value {
            text.push_str(&format!(", {name} in `{value}`"));
        }
    }
    text
}

fn search(old: &Operation, new: &Operation, changes: &mut Changes) {
    for field in &old.search {
        let at = || part("search field", &field.wire.0);
        let Some(other) = new.search.iter().find(|other| other.wire == field.wire) else {
            changes.add(subject_of(new), at(), &[&rules::SEARCH_FIELD_REMOVED]);
            continue;
        };
        if field.kind != other.kind {
            changes.changed(subject_of(new), at(), &[&rules::SEARCH_FIELD_CHANGED], &field.kind, &other.kind);
        }
        let lacks = |operators: &[String], from: &[String]| {
            let missing: Vec<String> = from.iter().filter(|operator| !operators.contains(operator)).cloned().collect();
            (!missing.is_empty()).then(|| missing.join(" "))
        };
        if let Some(gone) = lacks(&other.operators, &field.operators) {
            changes.removed(subject_of(new), at(), &[&rules::SEARCH_OPERATOR_REMOVED], gone);
        }
        if let Some(more) = lacks(&field.operators, &other.operators) {
            changes.added(subject_of(new), at(), &[&rules::SEARCH_OPERATOR_ADDED], more);
        }
    }
    for field in new.search.iter().filter(|field| !old.search.iter().any(|other| other.wire == field.wire)) {
        changes.added(
            subject_of(new),
            part("search field", &field.wire.0),
            &[&rules::SEARCH_FIELD_ADDED],
            field.kind.clone(),
        );
    }
}

/// Whether an operation has a setter for the number of a page.
fn sets_page(pairs: &Pairs<'_>, operation: &Operation) -> bool {
    let in_body = || {
        let object = operation.body.as_ref().and_then(|body| pairs.old.api.types.object(body.json()?));
        object.is_some_and(|(_, structure)| structure.fields.iter().any(|field| field.wire.0 == "page"))
    };
    operation.params.iter().any(|param| param.wire.0 == "page") || in_body()
}
