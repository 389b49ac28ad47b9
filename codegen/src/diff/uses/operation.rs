//! Uses of an operation: calling its method and its shorthands, setting its body and parameters, sending it, its pages and its search
//! fields.

use super::code::{argument_type, rust_type, signature};
use super::types::{BREAKS_ARGUMENT_ORDER, BREAKS_NEW};
use super::{Rule, Use, rules, type_subject};
use crate::emit::{has_setter, params_with_setter, setter_name};
use crate::ir::{
    ArgumentTarget, Body, Group, Operation, RustName, SearchField, Shorthand, Struct, Success, Ty, TypeDef, TypeTable,
    ids_in_struct,
};
use crate::names;

/// The method or the type of the operation is removed, or has another name.
static BREAKS_METHOD: [&Rule; 2] = [&rules::OPERATION_REMOVED, &rules::OPERATION_RENAMED];
/// The operation is removed, and with it its shorthands.
static BREAKS_EVERY_METHOD: [&Rule; 1] = [&rules::OPERATION_REMOVED];
/// The setter has another name.
static BREAKS_SETTER: [&Rule; 1] = [&rules::SETTER_RENAMED];
static BREAKS_ALIAS: [&Rule; 1] = [&rules::ALIAS_REMOVED];
/// The method has one more argument for a parameter, or one less.
static BREAKS_PARAMETERS: [&Rule; 4] = [
    &rules::PARAMETER_ADDED_REQUIRED,
    &rules::PARAMETER_NOW_REQUIRED,
    &rules::PARAMETER_NOW_OPTIONAL,
    &rules::PARAMETER_CONSTANT_FREED,
];
/// The method has one more argument for a part of the form, or one less.
static BREAKS_PARTS: [&Rule; 3] = [&rules::PART_ADDED_REQUIRED, &rules::PART_NOW_REQUIRED, &rules::PART_NOW_OPTIONAL];
/// The shorthand is removed, or has other arguments.
static BREAKS_SHORTHAND: [&Rule; 3] = [&rules::SHORTHAND_REMOVED, &rules::SHORTHAND_CHANGED, &rules::IDS_CHANGED];
/// The struct of ids that the method takes has other fields.
static BREAKS_IDS: [&Rule; 1] = [&rules::IDS_CHANGED];
static BREAKS_BODY: [&Rule; 4] = [
    &rules::REQUEST_BODY_ADDED_REQUIRED,
    &rules::REQUEST_BODY_REMOVED,
    &rules::REQUEST_BODY_WIDENED,
    &rules::REQUEST_BODY_CHANGED,
];
static BREAKS_SEND: [&Rule; 2] = [&rules::RESPONSE_COMPATIBLE, &rules::RESPONSE_CHANGED];
static BREAKS_PAGES: [&Rule; 2] = [&rules::PAGING_REMOVED, &rules::PAGING_ITEM_CHANGED];
static BREAKS_SEARCH: [&Rule; 2] = [&rules::SEARCH_FIELD_REMOVED, &rules::SEARCH_FIELD_CHANGED];

/// Adds the uses of an operation.
pub(super) fn uses(types: &TypeTable, group: &Group, operation: &Operation, uses: &mut Vec<Use>) {
    let json = operation.body.as_ref().and_then(Body::json);
    let body = json.and_then(|ty| types.struct_of(ty));
    let writer = Writer {
        types,
        operation,
        request: format!("api::Request<api::api::{}::{}>", group.ident.0, operation.type_name.0),
        body,
    };
    writer.calls(group, uses);
    uses.extend(operation.shorthands.iter().map(|shorthand| writer.shorthand(group, shorthand)));
    if let (Some(_), Some(ty)) = (&body, json) {
        uses.push(writer.whole_body(ty));
    }
    uses.push(writer.send());
    writer.form(uses);
    uses.extend(operation.search.iter().map(|field| writer.search(field)));
    if let Some(paging) = &operation.paging {
        uses.push(writer.items(&paging.item));
    }
    writer.parameter_setters(uses);
    writer.body_setters(uses);
}

/// Writes the uses of one operation.
struct Writer<'a> {
    types: &'a TypeTable,
    operation: &'a Operation,
    /// The type of its requests.
    request: String,
    /// Its JSON body, where it is a struct: the fields are then arguments and setters.
    body: Option<(&'a TypeDef, &'a Struct)>,
}

impl Writer<'_> {
    /// A use of the operation, which breaks if its method is removed or renamed.
    fn used(&self, kind: impl Into<String>, tys: &[&Ty], code: String) -> Use {
        let id = &self.operation.id;
        Use::new(self.types, id, kind, tys, code).breaks_with(id, &BREAKS_METHOD)
    }

    /// Calls of the method with all its arguments, by each of its names.
    fn calls(&self, group: &Group, uses: &mut Vec<Use>) {
        let (id, operation) = (&self.operation.id, self.operation);
        let given = operation.arguments(self.types);
        let parameters: Vec<&str> = operation.required_params().map(|param| param.wire.0.as_str()).collect();
        let parts = given.iter().filter_map(|(_, of)| match of {
            ArgumentTarget::Part(part) => Some(part.wire.0.as_str()),
            _ => None,
        });
        let parts: Vec<&str> = parts.collect();
        let tys: Vec<&Ty> = given.iter().map(|(_, of)| of.ty()).collect();
        let (accepted, _) = signature(self.types, &tys);
        let passed = self.passed(group, &given, self.operation.ids_type.as_ref());
        let called = |kind: String, code: String| {
            let mut called = self
                .used(kind, &tys, code)
                .breaks_with(id, &BREAKS_BODY)
                .breaks_with(id, &BREAKS_ARGUMENT_ORDER)
                .breaks_with(id, &BREAKS_IDS)
                .breaks_with(id, &BREAKS_PARAMETERS)
                .breaks_with(id, &BREAKS_PARTS);
            for wire in parameters.iter().chain(&parts) {
                called = called.breaks_with_part(id, wire);
            }
            if let Some((def, structure)) = &self.body {
                called = called.breaks_with(type_subject(def), &BREAKS_NEW);
                for field in structure.constructor_fields() {
                    called = called.breaks_with_part(type_subject(def), &field.wire.0);
                }
            }
            called
        };
        let call = format!("client.{}().{}({passed})", group.ident.0, operation.method.0);
        let code = format!("(client: &api::Client{accepted}) {{ let _: {} = {call}; }}", self.request);
        uses.push(called("call".to_owned(), code));
        for alias in &operation.aliases {
            let call = format!("client.{}().{}({passed})", names::snake(&alias.group).0, alias.method.0);
            let code = format!("(client: &api::Client{accepted}) {{ let _ = {call}; }}");
            let called = called(format!("call {}", alias.id()), code);
            uses.push(called.breaks_with_part_by(id, &alias.id(), &BREAKS_ALIAS));
        }
    }

    /// The arguments that a call passes, as text: several ids may be in one struct.
    fn passed(&self, group: &Group, given: &[(RustName, ArgumentTarget<'_>)], ids_type: Option<&RustName>) -> String {
        let mut passed: Vec<String> = (0..given.len()).map(|index| format!("a{index}")).collect();
        let range = ids_in_struct(self.types, given.iter().map(|(_, of)| of.ty()));
        if let Some((ty, range)) = ids_type.zip(range) {
            let fields: Vec<String> =
                range.clone().map(|index| format!("{}: {}", given[index].0.0, passed[index])).collect();
            let ids = format!("api::api::{}::{} {{ {} }}", group.ident.0, ty.0, fields.join(", "));
            passed.splice(range, [ids]);
        }
        passed.join(", ")
    }

    /// A call of a shorthand with all its arguments.
    fn shorthand(&self, group: &Group, shorthand: &Shorthand) -> Use {
        let id = &self.operation.id;
        let given = shorthand.arguments(self.operation, self.types);
        let tys: Vec<&Ty> = given.iter().map(|(_, of)| of.ty()).collect();
        let (accepted, _) = signature(self.types, &tys);
        let passed = self.passed(group, &given, shorthand.ids_type.as_ref());
        let (module, method) = (&group.ident.0, &shorthand.method.0);
        let request = format!("api::Request<api::api::{module}::{}>", shorthand.type_name.0);
        let code =
            format!("(client: &api::Client{accepted}) {{ let _: {request} = client.{module}().{method}({passed}); }}");
        let name = shorthand.method.bare();
        let mut used = Use::new(self.types, id, format!("shorthand {name}"), &tys, code)
            .breaks_with(id, &BREAKS_EVERY_METHOD)
            .breaks_with(id, &BREAKS_PARAMETERS)
            .breaks_with_part_by(id, name, &BREAKS_SHORTHAND);
        for param in self.operation.required_params() {
            used = used.breaks_with_part(id, &param.wire.0);
        }
        // A changed type of a field is reported for the struct that has it.
        for (_, path) in &shorthand.takes {
            let mut at = Some(shorthand.body);
            for step in path {
                let Some(def) = at.map(|at| &self.types[at]) else { break };
                used = used.breaks_with_part(type_subject(def), &step.0);
                let field = self.types.field_at(def.id, std::slice::from_ref(step));
                at = field.and_then(|field| Some(self.types.struct_of(&field.ty)?.0.id));
            }
        }
        used
    }

    /// Setting the body as a whole.
    fn whole_body(&self, ty: &Ty) -> Use {
        let (request, body) = (&self.request, rust_type(self.types, ty));
        let code = format!("(request: {request}, body: {body}) {{ let _ = request.with_body(body); }}");
        self.used("body", &[ty], code).breaks_with(&self.operation.id, &BREAKS_BODY)
    }

    /// Sending a request, with the type of the response.
    fn send(&self) -> Use {
        let (pending, tys) = match &self.operation.success {
            Success::Json(ty) => (format!("api::runtime::Pending<{}>", rust_type(self.types, ty)), vec![ty]),
            Success::Text => ("api::runtime::Pending<String>".to_owned(), Vec::new()),
            Success::Empty => ("api::runtime::Pending<()>".to_owned(), Vec::new()),
            Success::Download => ("api::runtime::PendingDownload".to_owned(), Vec::new()),
        };
        let code = format!("(request: {}) {{ let _: {pending} = request.send(); }}", self.request);
        self.used("send", &tys, code).breaks_with(&self.operation.id, &BREAKS_SEND)
    }

    /// The setters of the optional parts of a form.
    fn form(&self, uses: &mut Vec<Use>) {
        let id = &self.operation.id;
        for part in self.operation.body.iter().flat_map(Body::parts).filter(|part| !part.required) {
            let name = setter_name(self.operation, &part.wire.0, &part.ident, true);
            let set = self.setter(&part.wire.0, &name, &part.ty);
            uses.push(set.breaks_with(id, &BREAKS_BODY).breaks_with_part(id, &part.wire.0));
        }
    }

    /// The function of a search field.
    fn search(&self, field: &SearchField) -> Use {
        let ty = match field.kind.as_str() {
            "string" => "TextField",
            "integer" => "IntField",
            "boolean" => "BoolField",
            "date" => "DateField",
            _ => "AnyField",
        };
        let (module, function) = (&self.operation.search_module.0, &field.ident.0);
        // A name such as `custom_attributes.{name}` has a placeholder, whose value is an argument.
        let (accepted, passed) = if field.wire.0.contains('{') { ("name: String", "name") } else { ("", "") };
        let code =
            format!("({accepted}) {{ let _: api::search::{ty} = api::search::{module}::{function}({passed}); }}");
        let used = self.used(format!("search {}", field.wire.0), &[], code);
        used.breaks_with_part_by(&self.operation.id, &field.wire.0, &BREAKS_SEARCH)
    }

    /// The stream of the items of all pages.
    fn items(&self, item: &Ty) -> Use {
        let (request, ty) = (&self.request, rust_type(self.types, item));
        let code = format!("(request: {request}) {{ let _: api::runtime::paging::Items<{ty}> = request.items(); }}");
        self.used("items", &[item], code).breaks_with(&self.operation.id, &BREAKS_PAGES)
    }

    /// The setters of the optional parameters, without those that `per_page` and `starting_at` replace in paged requests.
    fn parameter_setters(&self, uses: &mut Vec<Use>) {
        for param in params_with_setter(self.operation) {
            let name = setter_name(self.operation, &param.wire.0, &param.ident, false);
            let set = self.setter(&param.wire.0, &name, &param.ty);
            uses.push(set.breaks_with_part(&self.operation.id, &param.wire.0));
        }
    }

    /// The setters of the optional fields of the body, without those that `per_page` and `starting_at` replace in paged requests.
    fn body_setters(&self, uses: &mut Vec<Use>) {
        let Some((def, structure)) = &self.body else { return };
        for field in structure.fields.iter().filter(|field| has_setter(self.operation, field)) {
            let name = setter_name(self.operation, &field.wire.0, &field.ident, true);
            let set = self.setter(&field.wire.0, &name, &field.ty);
            uses.push(
                set.breaks_with(&self.operation.id, &BREAKS_BODY)
                    .breaks_with_part_by(&self.operation.id, &field.wire.0, &BREAKS_SETTER)
                    .breaks_with_part(type_subject(def), &field.wire.0)
                    .breaks_with_type(type_subject(def)),
            );
        }
    }

    /// A setter of the request.
    fn setter(&self, wire: &str, name: &RustName, ty: &Ty) -> Use {
        let (name, accepted) = (&name.0, argument_type(self.types, ty));
        let code = format!("(request: {}, value: {accepted}) {{ let _ = request.{name}(value); }}", self.request);
        self.used(format!("set {wire}"), &[ty], code)
    }
}
