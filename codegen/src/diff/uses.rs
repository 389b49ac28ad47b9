//! Uses of a generated crate, a function for each: all but conversions and further constructors. They verify the
//! verdicts about Rust code.
//!
//! The functions are made from the old description and compiled with the new crate. A function that no longer compiles
//! is a breaking change; `broken_by` says whether the diff reports it.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Rule, Rust};
use super::{Change, Diff, Subject};
use crate::ir::{Api, Body, Field, Group, Operation, Presence, Struct, Success, Ty, TypeDef, TypeKind, TypeTable};
use crate::names;

/// A use of the crate.
#[derive(Clone, Debug)]
pub struct Use {
    /// What is used: `contacts.create`, `types::Contact`.
    pub subject: String,
    /// How it is used: `call`, `field name`, `set name`, …
    pub way: String,
    /// The types of the API that the code names.
    pub mentions: Vec<String>,
    /// The function in one line. `api` is the crate, `types` its module of types.
    pub code: String,
    /// The rules that break it: those of its subject and part, and those of the types that it uses.
    breaks_by: Vec<Cause>,
}

/// Which changes break a use.
#[derive(Clone, Debug)]
struct Cause {
    subject: String,
    /// `None` for changes of the whole.
    part: Option<String>,
    /// `None` for every rule that is major.
    only: Option<&'static [&'static Rule]>,
}

/// The name of the type is gone.
static GONE: [&Rule; 2] = [&rules::TYPE_REMOVED, &rules::TYPE_RENAMED];
/// The type is gone, has another name, or is of another kind.
static WHOLE: [&Rule; 4] =
    [&rules::TYPE_REMOVED, &rules::TYPE_RENAMED, &rules::TYPE_WIDENED, &rules::TYPE_KIND_CHANGED];
/// The type can no longer be constructed.
static UNMADE: [&Rule; 1] = [&rules::TYPE_NO_LONGER_SENT];
/// There is one more argument, or one less.
static ARGUMENTS: [&Rule; 5] = [
    &rules::REQUEST_FIELD_ADDED_REQUIRED,
    &rules::REQUEST_FIELD_NOW_REQUIRED,
    &rules::REQUEST_FIELD_NOW_OPTIONAL,
    &rules::REQUEST_CONSTANT_FREED,
    &rules::REQUEST_CONSTANT_FIXED,
];
static PARAMETERS: [&Rule; 3] =
    [&rules::PARAMETER_ADDED_REQUIRED, &rules::PARAMETER_NOW_REQUIRED, &rules::PARAMETER_NOW_OPTIONAL];
static CALLED: [&Rule; 3] = [&rules::OPERATION_REMOVED, &rules::OPERATION_RENAMED, &rules::PAGING_ADDED_PAGE];
static PAGED: [&Rule; 2] = [&rules::PAGING_REMOVED, &rules::PAGING_ITEM_CHANGED];
static BODY: [&Rule; 4] = [
    &rules::REQUEST_BODY_ADDED_REQUIRED,
    &rules::REQUEST_BODY_REMOVED,
    &rules::REQUEST_BODY_WIDENED,
    &rules::REQUEST_BODY_CHANGED,
];
static ANSWER: [&Rule; 2] = [&rules::RESPONSE_NARROWED, &rules::RESPONSE_CHANGED];
static SEARCHED: [&Rule; 2] = [&rules::SEARCH_FIELD_REMOVED, &rules::SEARCH_FIELD_CHANGED];
static NAMED: [&Rule; 1] = [&rules::ALIAS_REMOVED];
static ORDER: [&Rule; 1] = [&rules::ARGUMENT_ORDER];

impl Use {
    fn new(types: &TypeTable, subject: impl Into<String>, way: impl Into<String>, tys: &[&Ty], code: String) -> Self {
        let mentions = tys.iter().filter_map(|ty| ty.named()).map(|id| types[id].name.bare().to_owned()).collect();
        let mut this = Self { subject: subject.into(), way: way.into(), mentions, code, breaks_by: Vec::new() };
        for name in this.mentions.clone() {
            this = this.by(format!("types::{name}"), None, Some(&GONE));
        }
        this
    }

    fn by(mut self, subject: impl Into<String>, part: Option<&str>, only: Option<&'static [&'static Rule]>) -> Self {
        self.breaks_by.push(Cause { subject: subject.into(), part: part.map(str::to_owned), only });
        self
    }

    /// The changes that break it, by their index in the diff; empty where the diff says that it still compiles.
    pub fn broken_by(&self, diff: &Diff) -> BTreeSet<usize> {
        let renamed = renamed(diff);
        let breaks = |change: &Change, cause: &Cause| {
            let name = renamed.get(&cause.subject).unwrap_or(&cause.subject);
            *name == key(change)
                && cause.part.as_ref().is_none_or(|part| is_part(change, part))
                && cause.only.is_none_or(|only| change.rules().any(|rule| only.contains(&rule)))
        };
        let major = diff.changes.iter().enumerate().filter(|(_, change)| change.rust().0 == Rust::Major);
        major
            .filter(|(_, change)| self.breaks_by.iter().any(|cause| breaks(change, cause)))
            .map(|(index, _)| index)
            .collect()
    }
}

/// Whether a change is about a part; a renamed part is reported under its new name.
fn is_part(change: &Change, name: &str) -> bool {
    let renamed = change.rules().any(|rule| rule == &rules::VARIANT_RENAMED);
    match &change.part {
        Some(_) if renamed && change.before.as_deref() == Some(name) => true,
        Some(part) => part.name == name,
        None => false,
    }
}

fn key(change: &Change) -> String {
    match &change.subject {
        Subject::Group(name) => format!("group {name}"),
        Subject::Operation { id, .. } => id.clone(),
        Subject::Type(name) => format!("types::{name}"),
    }
}

/// Changes have the new names, uses the old ones.
fn renamed(diff: &Diff) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for change in &diff.changes {
        let Some(before) = &change.before else { continue };
        if change.rules().any(|rule| rule == &rules::TYPE_RENAMED) {
            names.insert(format!("types::{before}"), key(change));
        } else if change
            .rules()
            .any(|rule| rule == &rules::OPERATION_RENAMED || rule == &rules::OPERATION_RENAMED_ALIASED)
        {
            names.insert(before.clone(), key(change));
        }
    }
    names
}

/// All uses of the crate of an API.
pub fn uses(api: &Api) -> Vec<Use> {
    let types = &api.types;
    let mut uses = Vec::new();
    for group in &api.groups {
        let code = format!("(client: &api::Client) {{ let _ = client.{}(); }}", group.ident.0);
        let subject = format!("group {}", group.name);
        uses.push(Use::new(types, &subject, "handle", &[], code).by(&subject, None, None));
        for operation in &group.operations {
            let request = format!("api::Request<api::api::{}::{}>", group.ident.0, operation.type_name.0);
            of_operation(types, group, operation, &request, &mut uses);
        }
    }
    for def in types.iter() {
        of_type(types, def, &mut uses);
    }
    uses
}

fn of_operation(types: &TypeTable, group: &Group, operation: &Operation, request: &str, uses: &mut Vec<Use>) {
    let id = &operation.id;
    let json = operation.body.as_ref().and_then(Body::json);
    let body = json.and_then(|ty| types.object(ty));
    let body_name = |def: &TypeDef| format!("types::{}", def.name.bare());
    let given = operation.params.iter().filter(|param| param.required && param.constant.is_none());
    let mut arguments: Vec<(&str, &Ty)> = given.map(|param| (param.wire.0.as_str(), &param.ty)).collect();
    let parameters = arguments.len();
    match (&body, json) {
        (Some((_, structure)), _) => arguments.extend(asked(structure).map(|field| (field.wire.0.as_str(), &field.ty))),
        (None, Some(ty)) => arguments.push(("", ty)),
        (None, None) => {}
    }
    let (accepts, passes) = signature(types, &arguments);
    let call = format!("client.{}().{}({passes})", group.ident.0, operation.method.0);
    let tys: Vec<&Ty> = arguments.iter().map(|(_, ty)| *ty).collect();
    let code = format!("(client: &api::Client{accepts}) {{ let _: {request} = {call}; }}");
    let called = |way: String, code: String| {
        let mut called = Use::new(types, id, way, &tys, code)
            .by(id, None, Some(&CALLED))
            .by(id, None, Some(&BODY))
            .by(id, None, Some(&ORDER))
            .by(id, None, Some(&PARAMETERS));
        for (wire, _) in &arguments[..parameters] {
            called = called.by(id, Some(wire), None);
        }
        if let Some((def, structure)) = &body {
            called = called.by(body_name(def), None, Some(&ARGUMENTS));
            for field in asked(structure) {
                called = called.by(body_name(def), Some(&field.wire.0), None);
            }
        }
        called
    };
    uses.push(called("call".to_owned(), code));
    for alias in &operation.aliases {
        let call = format!("client.{}().{}({passes})", names::snake(&alias.group).0, alias.method.0);
        let code = format!("(client: &api::Client{accepts}) {{ let _ = {call}; }}");
        uses.push(called(format!("call {}", alias.id()), code).by(id, Some(&alias.id()), Some(&NAMED)));
    }

    if let (Some(_), Some(ty)) = (&body, json) {
        let code = format!("(request: {request}, body: {}) {{ let _ = request.with_body(body); }}", rust(types, ty));
        uses.push(Use::new(types, id, "body", &[ty], code).by(id, None, Some(&CALLED)).by(id, None, Some(&BODY)));
    }
    let answer = match &operation.success {
        Success::Json(ty) => Some((format!("api::runtime::Pending<{}>", rust(types, ty)), vec![ty])),
        Success::Text => Some(("api::runtime::Pending<String>".to_owned(), Vec::new())),
        Success::Empty => Some(("api::runtime::Pending<()>".to_owned(), Vec::new())),
        Success::Download => Some(("api::runtime::PendingDownload".to_owned(), Vec::new())),
    };
    if let Some((pending, tys)) = answer {
        let code = format!("(request: {request}) {{ let _: {pending} = request.send(); }}");
        uses.push(Use::new(types, id, "send", &tys, code).by(id, None, Some(&CALLED)).by(id, None, Some(&ANSWER)));
    }
    for part in operation.body.iter().flat_map(Body::parts) {
        let ty =
            if part.ty == Ty::Bytes { "api::runtime::multipart::Part".to_owned() } else { given_as(types, &part.ty) };
        let code = format!("(request: {request}, value: {ty}) {{ let _ = request.{}(value); }}", part.ident.0);
        let set = Use::new(types, id, format!("set {}", part.wire.0), &[&part.ty], code);
        uses.push(set.by(id, None, Some(&CALLED)).by(id, None, Some(&BODY)).by(id, Some(&part.wire.0), None));
    }
    for field in &operation.search {
        let kind = match field.kind.as_str() {
            "string" => "TextField",
            "integer" => "IntField",
            "boolean" => "BoolField",
            "date" => "DateField",
            _ => "AnyField",
        };
        let module = &operation.search_module.0;
        let (accepts, passes) = if field.wire.0.contains('{') { ("name: String", "name") } else { ("", "") };
        let code = format!(
            "({accepts}) {{ let _: api::search::{kind} = api::search::{module}::{}({passes}); }}",
            field.ident.0
        );
        let search = Use::new(types, id, format!("search {}", field.wire.0), &[], code);
        uses.push(search.by(id, Some(&field.wire.0), Some(&SEARCHED)).by(id, None, Some(&CALLED)));
    }
    if let Some(paging) = &operation.paging {
        let code = format!(
            "(request: {request}) {{ let _: api::runtime::paging::Items<{}> = request.items(); }}",
            rust(types, &paging.item)
        );
        uses.push(Use::new(types, id, "items", &[&paging.item], code).by(id, None, Some(&CALLED)).by(
            id,
            None,
            Some(&PAGED),
        ));
    }
    for param in operation.params.iter().filter(|param| !param.required && param.constant.is_none()) {
        let code = format!(
            "(request: {request}, value: {}) {{ let _ = request.{}(value); }}",
            given_as(types, &param.ty),
            param.ident.0
        );
        let way = format!("set {}", param.wire.0);
        uses.push(Use::new(types, id, way, &[&param.ty], code).by(id, None, Some(&CALLED)).by(
            id,
            Some(&param.wire.0),
            None,
        ));
    }
    if let Some((def, structure)) = &body {
        for field in structure.fields.iter().filter(|field| field.constant.is_none() && !field.required) {
            let code = format!(
                "(request: {request}, value: {}) {{ let _ = request.{}(value); }}",
                given_as(types, &field.ty),
                field.ident.0
            );
            let set = Use::new(types, id, format!("set {}", field.wire.0), &[&field.ty], code);
            uses.push(
                set.by(id, None, Some(&CALLED))
                    .by(id, None, Some(&BODY))
                    .by(body_name(def), Some(&field.wire.0), None)
                    .by(body_name(def), None, Some(&WHOLE)),
            );
        }
    }
}

fn of_type(types: &TypeTable, def: &TypeDef, uses: &mut Vec<Use>) {
    let name = def.name.bare();
    let subject = format!("types::{name}");
    let this = Ty::Named(def.id);
    uses.push(Use::new(types, &subject, "name", &[&this], format!("(_: {subject}) {{}}")));
    match &def.kind {
        TypeKind::Struct(structure) => of_struct(types, def, structure, &subject, uses),
        TypeKind::TextEnum(variants) => {
            for variant in variants {
                let code = format!("() -> {subject} {{ {subject}::{} }}", variant.name.0);
                let used = Use::new(types, &subject, format!("value {}", variant.wire.0), &[&this], code);
                uses.push(used.by(&subject, Some(&variant.wire.0), None).by(&subject, None, Some(&WHOLE)));
            }
        }
        TypeKind::Union(union) => {
            for member in &union.members {
                let code = format!(
                    "(value: {}) -> {subject} {{ {subject}::{}(value) }}",
                    rust(types, &member.ty),
                    member.name.0
                );
                let used = Use::new(
                    types,
                    &subject,
                    format!("alternative {}", member.name.bare()),
                    &[&this, &member.ty],
                    code,
                );
                uses.push(used.by(&subject, Some(member.name.bare()), None).by(&subject, None, Some(&WHOLE)));
            }
        }
        TypeKind::Alias(ty) => {
            let code = format!("(value: {subject}) -> {} {{ value }}", rust(types, ty));
            uses.push(Use::new(types, &subject, "other name", &[&this, ty], code).by(&subject, None, Some(&WHOLE)));
        }
    }
}

fn of_struct(types: &TypeTable, def: &TypeDef, structure: &Struct, subject: &str, uses: &mut Vec<Use>) {
    let this = Ty::Named(def.id);
    for field in &structure.fields {
        let wire = Some(field.wire.0.as_str());
        let ty = if field.presence == Presence::Required {
            rust(types, &field.ty)
        } else {
            format!("Option<{}>", rust(types, &field.ty))
        };
        let code = format!("(value: &{subject}) -> &{ty} {{ &value.{} }}", field.ident.0);
        let read = Use::new(types, subject, format!("field {}", field.wire.0), &[&this, &field.ty], code);
        uses.push(read.by(subject, wire, None).by(subject, None, Some(&WHOLE)));
        if def.usage.input {
            let code = format!(
                "(made: {subject}, value: {}) -> {subject} {{ made.{}(value) }}",
                given_as(types, &field.ty),
                field.ident.0
            );
            let set = Use::new(types, subject, format!("set {}", field.wire.0), &[&this, &field.ty], code);
            uses.push(set.by(subject, wire, None).by(subject, None, Some(&WHOLE)).by(subject, None, Some(&UNMADE)));
            if field.nullable && field.presence != Presence::Required {
                let code = format!("(made: {subject}) -> {subject} {{ made.clear_{}() }}", field.ident.bare());
                let clear = Use::new(types, subject, format!("clear {}", field.wire.0), &[&this], code);
                uses.push(clear.by(subject, wire, None).by(subject, None, Some(&WHOLE)).by(
                    subject,
                    None,
                    Some(&UNMADE),
                ));
            }
        }
    }
    if def.usage.input {
        let arguments: Vec<(&str, &Ty)> = asked(structure).map(|field| (field.wire.0.as_str(), &field.ty)).collect();
        let (accepts, passes) = signature(types, &arguments);
        let code = format!("({}) -> {subject} {{ {subject}::new({passes}) }}", accepts.trim_start_matches(", "));
        let tys: Vec<&Ty> = arguments.iter().map(|(_, ty)| *ty).chain([&this]).collect();
        let mut made = Use::new(types, subject, "new", &tys, code)
            .by(subject, None, Some(&WHOLE))
            .by(subject, None, Some(&UNMADE))
            .by(subject, None, Some(&ARGUMENTS))
            .by(subject, None, Some(&ORDER));
        for (wire, _) in &arguments {
            made = made.by(subject, Some(wire), None);
        }
        uses.push(made);
    }
}

fn asked(structure: &Struct) -> impl Iterator<Item = &Field> {
    structure.fields.iter().filter(|field| field.required && field.constant.is_none())
}

/// Parameters of the function, and arguments of the call.
fn signature(types: &TypeTable, arguments: &[(&str, &Ty)]) -> (String, String) {
    let accepts: String =
        arguments.iter().enumerate().map(|(index, (_, ty))| format!(", a{index}: {}", given_as(types, ty))).collect();
    let passes: Vec<String> = (0..arguments.len()).map(|index| format!("a{index}")).collect();
    (accepts, passes.join(", "))
}

/// What callers pass: the callee boxes the value.
fn given_as(types: &TypeTable, ty: &Ty) -> String {
    match ty {
        Ty::Boxed(inner) => rust(types, inner),
        ty => rust(types, ty),
    }
}

/// A type as a user of the crate writes it.
fn rust(types: &TypeTable, ty: &Ty) -> String {
    match ty {
        Ty::String => "String".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::I64 => "i64".to_owned(),
        Ty::F64 => "f64".to_owned(),
        Ty::Id => "api::Id".to_owned(),
        Ty::Timestamp => "api::Timestamp".to_owned(),
        Ty::Value => "api::runtime::Value".to_owned(),
        Ty::Attributes => "api::Attributes".to_owned(),
        Ty::Bytes => "api::runtime::bytes::Bytes".to_owned(),
        Ty::List(item) => format!("Vec<{}>", rust(types, item)),
        Ty::Map(value) => format!("std::collections::BTreeMap<String, {}>", rust(types, value)),
        Ty::Nullable(inner) => format!("Option<{}>", rust(types, inner)),
        Ty::Boxed(inner) => format!("Box<{}>", rust(types, inner)),
        Ty::Named(id) => format!("types::{}", types[*id].name.0),
    }
}
