//! Compares types: existence, names, kinds and contents.

use super::directions::Directions;
use super::fields;
use super::fit::{Difference, difference, fits_both};
use super::pairs::{Pairs, Side};
use super::rules;
use super::{Changes, part, type_subject};
use crate::ir::{Member, RustName, Struct, Ty, TypeDef, TypeKind, Variant};

/// Reports added, removed and changed types.
pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    for old in pairs.old.api.types.iter() {
        match pairs.new_of(old.id) {
            Some(new) => definition(pairs, old, new, changes),
            None => {
                changes.record(type_subject(old), None, &[&rules::TYPE_REMOVED]);
            }
        }
    }
    for new in pairs.new.api.types.iter().filter(|def| pairs.is_new(def.id)) {
        changes.record(type_subject(new), None, &[&rules::TYPE_ADDED]);
    }
}

fn definition(pairs: &Pairs<'_>, old: &TypeDef, new: &TypeDef, changes: &mut Changes) {
    if old.name != new.name {
        changes.changed(type_subject(new), None, &[&rules::TYPE_RENAMED], old.name.bare(), new.name.bare());
    }
    let directions = Directions::new(&old.usage, &new.usage);
    match (&old.kind, &new.kind) {
        (TypeKind::Struct(before), TypeKind::Struct(after)) => {
            match (old.usage.input, new.usage.input) {
                (true, false) => changes.record(type_subject(new), None, &[&rules::TYPE_NO_LONGER_SENT]),
                (false, true) => changes.record(type_subject(new), None, &[&rules::TYPE_NOW_SENT]),
                _ => {}
            }
            fields::compare(pairs, before, after, directions, new, changes);
            if directions.sent {
                constructors(before, after, new, changes);
                argument_order(before, after, new, changes);
            }
        }
        (TypeKind::TextEnum(before), TypeKind::TextEnum(after)) => values(before, after, directions, new, changes),
        (TypeKind::Union(before), TypeKind::Union(after)) => {
            members(pairs, &before.members, &after.members, directions, new, changes);
        }
        (TypeKind::Alias(before), TypeKind::Alias(after)) => {
            if difference(pairs, before, after) != Difference::None {
                kind_or_target(pairs, (old, before), (new, after), directions, changes);
            }
        }
        _ => kind_or_target(pairs, (old, &target(old)), (new, &target(new)), directions, changes),
    }
}

/// The target of an alias, or the type itself if it is no alias.
fn target(def: &TypeDef) -> Ty {
    match &def.kind {
        TypeKind::Alias(ty) => ty.clone(),
        _ => Ty::Named(def.id),
    }
}

/// Reports a type whose kind changed, such as an enum that became an object, or an alias whose target changed.
fn kind_or_target(
    pairs: &Pairs<'_>,
    old: (&TypeDef, &Ty),
    new: (&TypeDef, &Ty),
    directions: Directions,
    changes: &mut Changes,
) {
    let (request, response) = fits_both(pairs, old.1, new.1);
    let fits = (!directions.sent || request) && (!directions.received || response);
    let rule = if fits { &rules::TYPE_WIDENED } else { &rules::TYPE_KIND_CHANGED };
    changes.changed(type_subject(new.0), None, &[rule], kind_name(&pairs.old, old.0), kind_name(&pairs.new, new.0));
}

/// The kind of a type, as a report names it; for an alias, its target.
fn kind_name(side: &Side<'_>, def: &TypeDef) -> String {
    match &def.kind {
        TypeKind::Struct(_) => "object".to_owned(),
        TypeKind::TextEnum(_) => "enum".to_owned(),
        TypeKind::Union(_) => "union".to_owned(),
        TypeKind::Alias(ty) => side.show(ty),
    }
}

fn values(old: &[Variant], new: &[Variant], directions: Directions, def: &TypeDef, changes: &mut Changes) {
    for before in old {
        let at = part("value", &before.wire.0);
        match new.iter().find(|after| after.wire == before.wire) {
            Some(after) if after.name != before.name => {
                changes.changed(
                    type_subject(def),
                    at,
                    &[&rules::VARIANT_RENAMED],
                    before.name.bare(),
                    after.name.bare(),
                );
            }
            Some(_) => {}
            None => {
                changes.record(
                    type_subject(def),
                    at,
                    &directions.rules(&rules::REQUEST_VALUE_REMOVED, &rules::RESPONSE_VALUE_REMOVED),
                );
            }
        }
    }
    for after in new.iter().filter(|after| !old.iter().any(|before| before.wire == after.wire)) {
        let rules = directions.rules(&rules::REQUEST_VALUE_ADDED, &rules::RESPONSE_VALUE_ADDED);
        changes.record(type_subject(def), part("value", &after.wire.0), &rules);
    }
}

/// Alternatives are paired by type first, because their names depend on the other alternatives. Those that are left are paired by name.
fn members(
    pairs: &Pairs<'_>,
    old: &[Member],
    new: &[Member],
    directions: Directions,
    def: &TypeDef,
    changes: &mut Changes,
) {
    let mut free: Vec<&Member> = new.iter().collect();
    let mut take =
        |found: &dyn Fn(&Member) -> bool| free.iter().position(|member| found(member)).map(|index| free.remove(index));
    let mut left = Vec::new();
    for before in old {
        let same = |after: &Member| difference(pairs, &before.ty, &after.ty) != Difference::Other;
        match take(&|after| after.name == before.name && same(after)).or_else(|| take(&same)) {
            Some(after) => member(pairs, (old, before), (new, after), directions, def, changes),
            None => left.push(before),
        }
    }
    // An alternative that is paired only by its name has another type.
    left.retain(|before| {
        let Some(index) = free.iter().position(|after| after.name == before.name) else { return true };
        let after = free.remove(index);
        let (request, response) = fits_both(pairs, &before.ty, &after.ty);
        let fits = (!directions.sent || request) && (!directions.received || response);
        let rule = if fits { &rules::ALTERNATIVE_WIDENED } else { &rules::ALTERNATIVE_CHANGED };
        let at = part("alternative", after.name.bare());
        changes.changed(type_subject(def), at, &[rule], pairs.old.show(&before.ty), pairs.new.show(&after.ty));
        false
    });
    for before in left {
        let rules = directions.rules(&rules::REQUEST_ALTERNATIVE_REMOVED, &rules::RESPONSE_ALTERNATIVE_REMOVED);
        changes.removed(type_subject(def), part("alternative", before.name.bare()), &rules, pairs.old.show(&before.ty));
    }
    for after in free {
        let rules = directions.rules(&rules::REQUEST_ALTERNATIVE_ADDED, &rules::RESPONSE_ALTERNATIVE_ADDED);
        changes.added(type_subject(def), part("alternative", after.name.bare()), &rules, pairs.new.show(&after.ty));
    }
}

fn member(
    pairs: &Pairs<'_>,
    old: (&[Member], &Member),
    new: (&[Member], &Member),
    directions: Directions,
    def: &TypeDef,
    changes: &mut Changes,
) {
    let at = || part("alternative", new.1.name.bare());
    if old.1.name != new.1.name {
        changes.changed(type_subject(def), at(), &[&rules::VARIANT_RENAMED], old.1.name.bare(), new.1.name.bare());
    }
    if difference(pairs, &old.1.ty, &new.1.ty) == Difference::Box {
        changes.changed(
            type_subject(def),
            at(),
            &[&rules::FIELD_BOXED],
            pairs.old.show(&old.1.ty),
            pairs.new.show(&new.1.ty),
        );
    }
    // Programs convert into a union to send it.
    if directions.sent && converts(&pairs.old, old.0, old.1) && !converts(&pairs.new, new.0, new.1) {
        changes.record(type_subject(def), at(), &[&rules::CONVERSION_REMOVED]);
    }
}

/// Whether the union has a `From` for the type of the alternative.
fn converts(side: &Side<'_>, all: &[Member], member: &Member) -> bool {
    let ty = side.api.types.resolve(&member.ty);
    *ty != Ty::Value && all.iter().filter(|other| side.api.types.resolve(&other.ty) == ty).count() == 1
}

/// Compares the constructors of a struct other than `new`: one for each set of fields that an alternative of its schema requires.
fn constructors(old: &Struct, new: &Struct, def: &TypeDef, changes: &mut Changes) {
    let constructors_of = |structure: &Struct| -> Vec<(RustName, Vec<String>)> {
        let constructors = structure.constructors().into_iter();
        let mut all: Vec<(RustName, Vec<String>)> = constructors
            .map(|made| {
                let more = made.arguments.iter().filter(|field| !field.required);
                (made.name, more.map(|field| field.wire.0.clone()).collect())
            })
            .collect();
        all.sort();
        all
    };
    let (before, after) = (constructors_of(old), constructors_of(new));
    for (name, _) in before.iter().filter(|made| !after.contains(made)) {
        changes.record(type_subject(def), part("constructor", name.bare()), &[&rules::CONSTRUCTOR_REMOVED]);
    }
    for (name, _) in after.iter().filter(|made| !before.contains(made)) {
        changes.record(type_subject(def), part("constructor", name.bare()), &[&rules::CONSTRUCTOR_ADDED]);
    }
}

/// Reports that `new` has the same arguments in another order.
fn argument_order(old: &Struct, new: &Struct, def: &TypeDef, changes: &mut Changes) {
    let arguments = |structure: &Struct| -> Vec<String> {
        structure.constructor_fields().map(|field| field.wire.0.clone()).collect()
    };
    let (before, after) = (arguments(old), arguments(new));
    let (mut left, mut right) = (before.clone(), after.clone());
    left.sort();
    right.sort();
    if before != after && left == right {
        changes.changed(type_subject(def), None, &[&rules::ARGUMENT_ORDER], before.join(", "), after.join(", "));
    }
}
