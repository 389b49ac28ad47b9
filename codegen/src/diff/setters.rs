//! Compares the names of the setters of a request. Pagination changes them: its methods reserve names, and two of them replace the
//! setters of the page and of its size.

use super::pairs::{Pairs, Side};
use super::{Changes, operation_subject, part, rules};
use crate::emit::setter_name;
use crate::ir::{Operation, RustName, WireName};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let after = setters(&pairs.new, new);
    for before in setters(&pairs.old, old) {
        let same = |other: &&Setter<'_>| other.wire == before.wire && other.in_body == before.in_body;
        let Some(after) = after.iter().find(same).filter(|after| after.name != before.name) else { continue };
        // A field with another name in Rust is reported at its struct.
        if before.in_body && before.field != after.field {
            continue;
        }
        let at = part("setter", &after.wire.0);
        changes.changed(operation_subject(new), at, &[&rules::SETTER_RENAMED], before.name.bare(), after.name.bare());
    }
}

/// The setter of an optional parameter or of an optional field of the body.
struct Setter<'a> {
    wire: &'a WireName,
    in_body: bool,
    /// The name of the parameter or field in Rust.
    field: &'a RustName,
    /// The name of the setter.
    name: RustName,
}

fn setters<'a>(side: &Side<'a>, operation: &'a Operation) -> Vec<Setter<'a>> {
    let setter = |wire: &'a WireName, field: &'a RustName, in_body| {
        let name = setter_name(operation, &wire.0, field, in_body);
        Setter { wire, in_body, field, name }
    };
    let body = operation.body.as_ref().and_then(|body| side.api.types.struct_of(body.json()?));
    let fields = body.into_iter().flat_map(|(_, structure)| structure.optional_fields());
    operation
        .optional_params()
        .map(|param| setter(&param.wire, &param.ident, false))
        .chain(fields.map(|field| setter(&field.wire, &field.ident, true)))
        .collect()
}
