//! Uses of a type: naming it, reading and setting its fields, constructing it, and its variants.

use super::code::{argument_type, rust_type, signature};
use super::{Rule, Use, rules, type_subject};
use crate::ir::{Field, Presence, Struct, Ty, TypeDef, TypeKind, TypeTable};

/// The type is removed, renamed, or of another kind.
static BREAKS_TYPE: [&Rule; 4] =
    [&rules::TYPE_REMOVED, &rules::TYPE_RENAMED, &rules::TYPE_WIDENED, &rules::TYPE_KIND_CHANGED];
/// The type has no constructor and no setters any more.
static BREAKS_CONSTRUCTION: [&Rule; 1] = [&rules::TYPE_NO_LONGER_SENT];
/// `new` has one more argument, or one less.
pub(super) static BREAKS_NEW: [&Rule; 5] = [
    &rules::REQUEST_FIELD_ADDED_REQUIRED,
    &rules::REQUEST_FIELD_NOW_REQUIRED,
    &rules::REQUEST_FIELD_NOW_OPTIONAL,
    &rules::REQUEST_CONSTANT_FREED,
    &rules::REQUEST_CONSTANT_FIXED,
];
pub(super) static BREAKS_ARGUMENT_ORDER: [&Rule; 1] = [&rules::ARGUMENT_ORDER];

impl Use {
    /// Adds a cause: the type is removed, renamed or of another kind.
    pub(super) fn breaks_with_type(self, subject: impl Into<String>) -> Self {
        self.breaks_with(subject, &BREAKS_TYPE)
    }
}

/// Adds the uses of a type.
pub(super) fn uses(types: &TypeTable, def: &TypeDef, uses: &mut Vec<Use>) {
    let subject = type_subject(def);
    let this = Ty::Named(def.id);
    uses.push(Use::new(types, &subject, "name", &[&this], format!("(_: {subject}) {{}}")));
    match &def.kind {
        TypeKind::Struct(structure) => {
            fields(types, def, structure, &subject, uses);
            if def.usage.input {
                uses.push(constructor(types, def, structure, &subject));
            }
        }
        TypeKind::TextEnum(variants) => {
            for variant in variants {
                let code = format!("() -> {subject} {{ {subject}::{} }}", variant.name.0);
                let used = Use::new(types, &subject, format!("value {}", variant.wire.0), &[&this], code);
                uses.push(used.breaks_with_part(&subject, &variant.wire.0).breaks_with_type(&subject));
            }
        }
        TypeKind::Union(union) => {
            for member in &union.members {
                let (name, inner) = (member.name.bare(), rust_type(types, &member.ty));
                let code = format!("(value: {inner}) -> {subject} {{ {subject}::{}(value) }}", member.name.0);
                let used = Use::new(types, &subject, format!("alternative {name}"), &[&this, &member.ty], code);
                uses.push(used.breaks_with_part(&subject, name).breaks_with_type(&subject));
            }
        }
        TypeKind::Alias(ty) => {
            let code = format!("(value: {subject}) -> {} {{ value }}", rust_type(types, ty));
            uses.push(Use::new(types, &subject, "alias", &[&this, ty], code).breaks_with_type(&subject));
        }
    }
}

/// Reading each field. If the type is sent: also setting each field, and clearing those that are nullable.
fn fields(types: &TypeTable, def: &TypeDef, structure: &Struct, subject: &str, uses: &mut Vec<Use>) {
    let this = Ty::Named(def.id);
    for field in &structure.fields {
        let (wire, ident) = (field.wire.0.as_str(), &field.ident);
        let ty = rust_type(types, &field.ty);
        let ty = if field.presence == Presence::Always { ty } else { format!("Option<{ty}>") };
        let code = format!("(value: &{subject}) -> &{ty} {{ &value.{} }}", ident.0);
        let read = Use::new(types, subject, format!("field {wire}"), &[&this, &field.ty], code);
        uses.push(read.breaks_with_part(subject, wire).breaks_with_type(subject));
        if !def.usage.input {
            continue;
        }
        let given = argument_type(types, &field.ty);
        let code = format!("(made: {subject}, value: {given}) -> {subject} {{ made.{}(value) }}", ident.0);
        let set = Use::new(types, subject, format!("set {wire}"), &[&this, &field.ty], code);
        let set = set.breaks_with_part(subject, wire).breaks_with_type(subject);
        uses.push(set.breaks_with(subject, &BREAKS_CONSTRUCTION));
        if field.nullable {
            let code = format!("(made: {subject}) -> {subject} {{ made.clear_{}() }}", ident.bare());
            let clear = Use::new(types, subject, format!("clear {wire}"), &[&this], code);
            let clear = clear.breaks_with_part(subject, wire).breaks_with_type(subject);
            uses.push(clear.breaks_with(subject, &BREAKS_CONSTRUCTION));
        }
    }
}

/// The call of `new`.
fn constructor(types: &TypeTable, def: &TypeDef, structure: &Struct, subject: &str) -> Use {
    let this = Ty::Named(def.id);
    let fields: Vec<&Field> = structure.constructor_fields().collect();
    let arguments: Vec<&Ty> = fields.iter().map(|field| &field.ty).collect();
    let (parameters, passed) = signature(types, &arguments);
    let code = format!("({}) -> {subject} {{ {subject}::new({passed}) }}", parameters.trim_start_matches(", "));
    let tys: Vec<&Ty> = arguments.iter().copied().chain([&this]).collect();
    let new = Use::new(types, subject, "new", &tys, code)
        .breaks_with_type(subject)
        .breaks_with(subject, &BREAKS_CONSTRUCTION)
        .breaks_with(subject, &BREAKS_NEW)
        .breaks_with(subject, &BREAKS_ARGUMENT_ORDER);
    fields.iter().fold(new, |new, field| new.breaks_with_part(subject, &field.wire.0))
}
