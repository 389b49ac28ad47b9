//! Compares operations: existence, names, responses, pagination and search.

use std::collections::{BTreeSet, HashMap};

use intercom_catalog::accepted_operators;

use super::fit::{Difference, Direction, difference, fits};
use super::pairs::{Pairs, Side};
use super::rules;
use super::{Changes, Subject, body, operation_subject, parameters, part, setters, shorthands};
use crate::ir::{Alias, Operation, Paging, SearchField, Success, Ty};

/// Reports added and removed groups, and added, removed and changed operations.
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
                changes.record(operation_subject(old), None, &[&rules::OPERATION_REMOVED]);
            }
        }
        seen.insert(key);
    }
    for new in pairs.new.operations().filter(|operation| !seen.contains(&operation.key())) {
        changes.record(operation_subject(new), None, &[&rules::OPERATION_ADDED]);
    }
}

fn groups(pairs: &Pairs<'_>, changes: &mut Changes) {
    let names = |api: &crate::ir::Api| api.groups.iter().map(|group| group.name.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (names(pairs.old.api), names(pairs.new.api));
    for name in old.difference(&new) {
        changes.record(Subject::Group(name.clone()), None, &[&rules::GROUP_REMOVED]);
    }
    for name in new.difference(&old) {
        changes.record(Subject::Group(name.clone()), None, &[&rules::GROUP_ADDED]);
    }
}

fn operation(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    names(old, new, changes);
    shorthands::compare(pairs, old, new, changes);
    if old.operation_id != new.operation_id {
        changes.changed(
            operation_subject(new),
            None,
            &[&rules::OPERATION_ID_CHANGED],
            shown_id(&old.operation_id),
            shown_id(&new.operation_id),
        );
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => changes.record(operation_subject(new), None, &[&rules::OPERATION_DEPRECATED]),
        (true, false) => changes.record(operation_subject(new), None, &[&rules::OPERATION_UNDEPRECATED]),
        _ => {}
    }
    if old.idempotent != new.idempotent {
        let say = |idempotent| if idempotent { "safe to repeat" } else { "not safe to repeat" };
        changes.changed(
            operation_subject(new),
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
    setters::compare(pairs, old, new, changes);
    search(old, new, changes);
}

fn names(old: &Operation, new: &Operation, changes: &mut Changes) {
    let names = |operation: &Operation| -> BTreeSet<String> {
        operation.aliases.iter().map(Alias::id).chain([operation.id.clone()]).collect()
    };
    let (before, after) = (names(old), names(new));
    if old.id != new.id {
        let rule = if after.contains(&old.id) { &rules::OPERATION_RENAMED_ALIASED } else { &rules::OPERATION_RENAMED };
        changes.changed(operation_subject(new), None, &[rule], &old.id, &new.id);
    }
    for name in after.difference(&before).filter(|name| **name != new.id) {
        changes.record(operation_subject(new), part("alias", name), &[&rules::ALIAS_ADDED]);
    }
    for name in before.difference(&after).filter(|name| **name != old.id) {
        changes.record(operation_subject(new), part("alias", name), &[&rules::ALIAS_REMOVED]);
    }
}

/// An operation id, as a report shows it.
fn shown_id(operation_id: &str) -> &str {
    if operation_id.is_empty() { "none" } else { operation_id }
}

fn success(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let rule = match (&old.success, &new.success) {
        (Success::Json(old), Success::Json(new)) => {
            if difference(pairs, old, new) != Difference::Other {
                return;
            }
            if fits(pairs, Direction::Response, old, new) {
                &rules::RESPONSE_COMPATIBLE
            } else {
                &rules::RESPONSE_CHANGED
            }
        }
        (Success::Empty, Success::Empty) | (Success::Text, Success::Text) | (Success::Download, Success::Download) => {
            return;
        }
        // A client that expects no body does not read the new one.
        (Success::Empty, _) => &rules::RESPONSE_COMPATIBLE,
        _ => &rules::RESPONSE_CHANGED,
    };
    changes.changed(
        operation_subject(new),
        None,
        &[rule],
        success_text(&pairs.old, &old.success),
        success_text(&pairs.new, &new.success),
    );
}

/// The type of a success, as a report shows it.
fn success_text(side: &Side<'_>, success: &Success) -> String {
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
                operation_subject(new),
                part("status", status),
                &[&rules::ERROR_RESPONSE_CHANGED],
                pairs.old.show(ty),
                pairs.new.show(other),
            ),
            None => changes.removed(
                operation_subject(new),
                part("status", status),
                &[&rules::ERROR_RESPONSE_CHANGED],
                pairs.old.show(ty),
            ),
        }
    }
    for (status, ty) in new.errors().filter(|(status, _)| find(old, status).is_none()) {
        changes.added(
            operation_subject(new),
            part("status", status),
            &[&rules::ERROR_RESPONSE_CHANGED],
            pairs.new.show(ty),
        );
    }
}

fn paging(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let (before, after) = match (&old.paging, &new.paging) {
        (None, None) => return,
        (None, Some(after)) => {
            changes.added(operation_subject(new), None, &[&rules::PAGING_ADDED], next_page(after));
            return;
        }
        (Some(before), None) => {
            changes.removed(operation_subject(new), None, &[&rules::PAGING_REMOVED], next_page(before));
            return;
        }
        (Some(before), Some(after)) => (before, after),
    };
    // What a client needs to find the items and the next page.
    let navigation = |paging: &Paging| {
        (next_page(paging), paging.items.clone(), paging.next.clone(), paging.last.clone(), paging.more.clone())
    };
    let smaller_pages = after.max_per_page.is_some_and(|max| before.max_per_page.is_none_or(|old| max < old));
    if navigation(before) != navigation(after) || smaller_pages {
        changes.changed(operation_subject(new), None, &[&rules::PAGING_CHANGED], described(before), described(after));
    } else if (&before.per_page, before.max_per_page, &before.total)
        != (&after.per_page, after.max_per_page, &after.total)
    {
        changes.changed(
            operation_subject(new),
            None,
            &[&rules::PAGING_LIMIT_CHANGED],
            described(before),
            described(after),
        );
    }
    if difference(pairs, &before.item, &after.item) != Difference::None {
        changes.changed(
            operation_subject(new),
            None,
            &[&rules::PAGING_ITEM_CHANGED],
            pairs.old.show(&before.item),
            pairs.new.show(&after.item),
        );
    }
}

/// How a client asks for the next page: "cursor in `starting_after` of the query".
fn next_page(paging: &Paging) -> String {
    format!("{} in `{}` of the {}", paging.style, paging.position, if paging.in_body { "body" } else { "query" })
}

/// Everything about a pagination, as a report shows it.
fn described(paging: &Paging) -> String {
    let mut text = format!("{}, items in {}", next_page(paging), paging.items.join(" or "));
    if !paging.next.is_empty() {
        text.push_str(&format!(", next in `{}`", paging.next));
    }
    if let Some(max) = paging.max_per_page {
        text.push_str(&format!(", at most {max}"));
    }
    for (name, value) in
        [("last", &paging.last), ("size", &paging.per_page), ("more", &paging.more), ("total", &paging.total)]
    {
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
            changes.record(operation_subject(new), at(), &[&rules::SEARCH_FIELD_REMOVED]);
            continue;
        };
        if field.kind != other.kind {
            changes.changed(operation_subject(new), at(), &[&rules::SEARCH_FIELD_CHANGED], &field.kind, &other.kind);
            continue;
        }
        if let Some(gone) = operators_beyond(field, other) {
            changes.removed(operation_subject(new), at(), &[&rules::SEARCH_OPERATOR_REMOVED], gone);
        }
        if let Some(more) = operators_beyond(other, field) {
            changes.added(operation_subject(new), at(), &[&rules::SEARCH_OPERATOR_ADDED], more);
        }
    }
    for field in new.search.iter().filter(|field| !old.search.iter().any(|other| other.wire == field.wire)) {
        changes.added(
            operation_subject(new),
            part("search field", &field.wire.0),
            &[&rules::SEARCH_FIELD_ADDED],
            field.kind.clone(),
        );
    }
}

/// The operators that only the first of two fields accepts, as text; `None` if there are none.
fn operators_beyond(field: &SearchField, other: &SearchField) -> Option<String> {
    let others = accepted_operators(&other.kind, &other.operators);
    let accepted = accepted_operators(&field.kind, &field.operators);
    let only: Vec<&str> = accepted.into_iter().filter(|operator| !others.contains(operator)).collect();
    (!only.is_empty()).then(|| only.join(" "))
}
