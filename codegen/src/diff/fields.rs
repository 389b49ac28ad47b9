//! Compares the fields of objects that are sent, received, or both.

use super::directions::Directions;
use super::fit::{Difference, difference, fits_both};
use super::pairs::{Pairs, Side};
use super::rules::{self, Rule, SemverLevel};
use super::{Changes, part, type_subject};
use crate::ir::{Field, Presence, Struct, Ty, TypeDef, TypeKind};

pub(super) fn compare(
    pairs: &Pairs<'_>,
    old: &Struct,
    new: &Struct,
    directions: Directions,
    def: &TypeDef,
    changes: &mut Changes,
) {
    for before in &old.fields {
        match new.fields.iter().find(|after| after.wire == before.wire) {
            Some(after) => field(pairs, before, after, directions, def, changes),
            None => {
                let rules = directions.rules(&rules::REQUEST_FIELD_REMOVED, &rules::RESPONSE_FIELD_REMOVED);
                changes.removed(type_subject(def), part("field", &before.wire.0), &rules, pairs.old.show(&before.ty));
            }
        }
    }
    for after in new.fields.iter().filter(|after| !old.fields.iter().any(|before| before.wire == after.wire)) {
        let sent = match (after.required, &after.constant) {
            (true, None) => &rules::REQUEST_FIELD_ADDED_REQUIRED,
            (true, Some(_)) => &rules::REQUEST_CONSTANT_REQUIRED,
            (false, _) => &rules::REQUEST_FIELD_ADDED,
        };
        let rules = directions.rules(sent, &rules::RESPONSE_FIELD_ADDED);
        changes.added(type_subject(def), part("field", &after.wire.0), &rules, pairs.new.show(&after.ty));
    }
}

fn field(
    pairs: &Pairs<'_>,
    before: &Field,
    after: &Field,
    directions: Directions,
    def: &TypeDef,
    changes: &mut Changes,
) {
    let at = || part("field", &after.wire.0);
    if before.ident != after.ident {
        changes.changed(type_subject(def), at(), &[&rules::FIELD_RENAMED], before.ident.bare(), after.ident.bare());
    }
    match (before.deprecated, after.deprecated) {
        (false, true) => changes.record(type_subject(def), at(), &[&rules::FIELD_DEPRECATED]),
        (true, false) => changes.record(type_subject(def), at(), &[&rules::FIELD_UNDEPRECATED]),
        _ => {}
    }
    match difference(pairs, &before.ty, &after.ty) {
        Difference::None => {
            constants(pairs, before, after, directions, def, changes);
            if let (Some(old), Some(new)) = (before.id_or_time_json_type(), after.id_or_time_json_type())
                && old != new
            {
                let rules = directions.rules(&rules::REQUEST_JSON_TYPE_CHANGED, &rules::RESPONSE_JSON_TYPE_CHANGED);
                changes.changed(type_subject(def), at(), &rules, old, new);
            }
        }
        Difference::Box => changes.changed(
            type_subject(def),
            at(),
            &[&rules::FIELD_BOXED],
            pairs.old.show(&before.ty),
            pairs.new.show(&after.ty),
        ),
        Difference::Other => {
            let (mut request, response) = fits_both(pairs, &before.ty, &after.ty);
            request = match (&before.constant, &after.constant) {
                // The fixed value may be one of the values of the new enum.
                (Some(old), None) => request || has_value(pairs, &after.ty, old),
                (None, Some(_)) => false,
                _ => request,
            };
            let mut rules = directions.rules(
                if request { &rules::REQUEST_FIELD_TYPE_WIDENED } else { &rules::REQUEST_FIELD_TYPE_CHANGED },
                if response { &rules::RESPONSE_FIELD_TYPE_COMPATIBLE } else { &rules::RESPONSE_FIELD_TYPE_CHANGED },
            );
            if directions.sent && after.required && before.constant.is_some() && after.constant.is_none() {
                rules.push(&rules::REQUEST_CONSTANT_FREED);
            }
            changes.changed(
                type_subject(def),
                at(),
                &rules,
                value_text(&pairs.old, before),
                value_text(&pairs.new, after),
            );
        }
    }
    let rules = presence(before, after, directions);
    if rules == [&rules::FIELD_OPTION_CHANGED] {
        let option = |field: &Field| if field.presence == Presence::Always { "a plain value" } else { "an `Option`" };
        changes.changed(type_subject(def), at(), &rules, option(before), option(after));
    } else if !rules.is_empty() {
        changes.changed(
            type_subject(def),
            at(),
            &rules,
            presence_text(before, directions),
            presence_text(after, directions),
        );
    }
}

/// How a report describes whether a field is present: `required, nullable, always in responses`.
fn presence_text(field: &Field, directions: Directions) -> String {
    let mut text = if field.required { "required" } else { "optional" }.to_owned();
    if field.nullable {
        text.push_str(", nullable");
    }
    if field.pinned && directions.received {
        text.push_str(", always in responses");
    }
    text
}

/// The rules for changes of `required`, `nullable`, and of fields that an overlay pins as always present.
fn presence(before: &Field, after: &Field, directions: Directions) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    if directions.sent {
        rules.extend(match (before.required, after.required) {
            (false, true) if after.constant.is_some() => Some(&rules::REQUEST_CONSTANT_REQUIRED),
            (false, true) => Some(&rules::REQUEST_FIELD_NOW_REQUIRED),
            (true, false) if before.constant.is_some() => {
                after.constant.as_ref().map(|_| &rules::REQUEST_CONSTANT_OPTIONAL)
            }
            (true, false) => Some(&rules::REQUEST_FIELD_NOW_OPTIONAL),
            _ => None,
        });
        rules.extend(match (before.nullable, after.nullable) {
            (false, true) if before.presence == Presence::Always && after.required => {
                Some(&rules::REQUIRED_FIELD_NOW_NULLABLE)
            }
            (false, true) => Some(&rules::REQUEST_FIELD_NOW_NULLABLE),
            (true, false) => Some(&rules::REQUEST_FIELD_NOT_NULLABLE),
            _ => None,
        });
    }
    let always = |field: &Field| field.presence == Presence::Always;
    if directions.received && !directions.direction_changed {
        match (always(before), always(after)) {
            (true, false) => rules.push(&rules::RESPONSE_FIELD_NOW_OPTIONAL),
            (false, true) => rules.push(&rules::RESPONSE_FIELD_NOW_PRESENT),
            _ if (before.required, before.nullable) != (after.required, after.nullable) && rules.is_empty() => {
                rules.push(&rules::RESPONSE_FIELD_PRESENCE);
            }
            _ => {}
        }
    } else if always(before) != always(after) && !rules.iter().any(|rule| rule.rust == SemverLevel::Major) {
        rules.push(&rules::FIELD_OPTION_CHANGED);
    }
    rules
}

/// Compares the fixed values of two fields that have the same type.
fn constants(
    pairs: &Pairs<'_>,
    before: &Field,
    after: &Field,
    directions: Directions,
    def: &TypeDef,
    changes: &mut Changes,
) {
    let rules = match (&before.constant, &after.constant) {
        (Some(old), Some(new)) if old != new => {
            directions.rules(&rules::REQUEST_CONSTANT_CHANGED, &rules::RESPONSE_CONSTANT_CHANGED)
        }
        (Some(_), None) if directions.sent && after.required => vec![&rules::REQUEST_CONSTANT_FREED],
        (Some(_), None) if directions.sent => vec![&rules::REQUEST_CONSTANT_FREED_OPTIONAL],
        (None, Some(_)) if directions.sent => vec![&rules::REQUEST_CONSTANT_FIXED],
        _ => return,
    };
    changes.changed(
        type_subject(def),
        part("field", &after.wire.0),
        &rules,
        value_text(&pairs.old, before),
        value_text(&pairs.new, after),
    );
}

/// How a report describes a field: by its fixed value, or by its type.
fn value_text(side: &Side<'_>, field: &Field) -> String {
    field.constant.as_ref().map_or_else(|| side.show(&field.ty), |text| format!("always `{text}`"))
}

/// Whether a type of the new side is an enum that has this value.
fn has_value(pairs: &Pairs<'_>, ty: &Ty, value: &str) -> bool {
    matches!(pairs.new.definition(ty).map(|def| &def.kind), Some(TypeKind::TextEnum(variants)) if variants.iter().any(|variant| variant.wire.0 == value))
}
