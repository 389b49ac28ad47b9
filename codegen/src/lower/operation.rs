//! Lowers operations and groups them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapiv3::{Operation as Source, PathItem, ReferenceOr, SecurityScheme};
use serde_json::Value;

use super::metadata::security;
use super::responses::Responses;
use super::schema;
use super::{Lowering, flag};
use crate::diag::{Error, Result, join};
use crate::ir::{Alias, ArgumentTarget, Doc, Group, Operation, RustName, TypeTable, ids_in_struct};
use crate::names::reserved::NameKind;
use crate::names::{self, Scope};
use crate::plural::counted;

impl<'a> Lowering<'a> {
    /// Lowers all operations, and groups them.
    pub(super) fn groups(&mut self) -> Result<Vec<Group>> {
        let mut groups: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
        for (path, item) in &self.spec.document.paths.paths {
            let pointer = join("/paths", path);
            let ReferenceOr::Item(item) = item else {
                return Err(Error::new("", pointer, "a path item by reference is not supported")
                    .hint("write the path item in place"));
            };
            for (http, source) in item.iter() {
                let operation = self.operation(path, http, item, source, join(&pointer, http))?;
                groups.entry(operation.group.clone()).or_default().push(operation);
            }
        }
        let mut all = Vec::new();
        let mut search_modules = Scope::default();
        for (name, mut operations) in groups {
            operations.sort_by(|left, right| left.method.bare().cmp(right.method.bare()));
            if let Some(pair) = operations.windows(2).find(|pair| pair[0].method == pair[1].method) {
                return Err(Error::new(
                    "",
                    &pair[1].pointer,
                    format!("`{}` is also the name of {}", pair[1].id, pair[0].pointer),
                )
                .hint("give one of them another x-sdk-method with an overlay"));
            }
            let (ident, handle) = (names::snake(&name), names::camel(&name));
            let mut types = Scope::of(NameKind::GroupType);
            types.claim(handle.clone());
            let searches = operations.iter().filter(|operation| !operation.search.is_empty()).count();
            for operation in &mut operations {
                operation.type_name = types.claim(names::camel(operation.method.bare()));
                if !operation.search.is_empty() {
                    // If only one operation of the group searches, its module has the name of the group.
                    let method = format!("{name}_{}", operation.method.bare());
                    let module = if searches == 1 { &name } else { &method };
                    operation.search_module = search_modules.claim(names::snake(module));
                }
            }
            self.jobs(&mut operations)?;
            let about =
                self.spec.document.extensions.get("x-sdk-groups").and_then(|groups| groups.get(&name)?.as_str());
            all.push(Group { doc: about.map(str::to_owned), name, ident, handle, operations });
        }
        name_shorthands_and_aliases(&mut all)?;
        check_argument_names(&all, &self.types)?;
        name_id_structs(&mut all, &self.types);
        Ok(all)
    }

    fn operation(
        &mut self,
        path: &'a str,
        http: &str,
        item: &'a PathItem,
        source: &'a Source,
        pointer: String,
    ) -> Result<Operation> {
        let (group, method) = self.operation_name(path, http, source, &pointer);
        let name = RustName(format!("{}{}", names::camel(&group).bare(), names::camel(method.bare()).bare()));
        let place = schema::TypePlace { pointer: pointer.clone(), name, module: format!("{group}_operations") };
        self.warn_of_unsupported(item, source, &pointer);
        let params = self.params(path, item, source, &place)?;
        let version = self.version(item, source, &pointer)?;
        let body = self.body(source, &place)?;
        let Responses { success, declared, accept } = self.responses(source, &place)?;
        let aliases = overlay_aliases(source, &pointer)?;
        let id = format!("{group}.{}", method.bare());
        let given = |key: &str| source.extensions.get(key).map(|given| *given == true);
        let deletes = given("x-sdk-deletes").unwrap_or(http == "delete");
        let mut operation = Operation {
            id,
            operation_id: source.operation_id.clone().unwrap_or_default(),
            group,
            // `groups` sets `type_name`, `ids_type` and `search_module` when all names of the group are known.
            type_name: method.clone(),
            ids_type: None,
            argument_names: given_argument_names(source),
            search_module: method.clone(),
            method,
            aliases,
            http_method: http.to_uppercase(),
            tag: source.tags.first().filter(|_| has_reference_page(source)).cloned(),
            path: path.to_owned(),
            pointer,
            params,
            body,
            success,
            accept,
            responses: declared,
            paging: None,
            shorthands: Vec::new(),
            job: None,
            resource: super::resource::resource(source, &place.pointer)?,
            search: super::search::fields(source),
            idempotent: matches!(http, "get" | "put" | "delete" | "head" | "options") || flag(source, "x-sdk-safe"),
            deletes,
            destructive: given("x-sdk-destructive").unwrap_or(deletes || matches!(http, "put" | "patch" | "delete")),
            version,
            security: source.security.as_deref().map(security),
            deprecated: source.deprecated,
            doc: Doc { summary: source.summary.clone(), description: source.description.clone() },
        };
        operation.shorthands = self.shorthands(&operation, source)?;
        operation.paging = self.paging(&operation, source)?;
        // Each request of a scroll advances it on the server, so sending one again would skip a page.
        operation.idempotent &= operation.paging.as_ref().is_none_or(|paging| paging.style != "scroll");
        Ok(operation)
    }

    /// Warns of servers and security requirements of an operation that the client does not support.
    fn warn_of_unsupported(&mut self, item: &PathItem, source: &Source, pointer: &str) {
        if !source.servers.is_empty() || !item.servers.is_empty() {
            let message = "the operation has servers of its own, but requests are sent to the client's server";
            self.warn("servers-of-operation", pointer, message);
        }
        let required = source.security.as_ref().or(self.spec.document.security.as_ref());
        let bearer = |name: &String| matches!(self.spec.security_scheme(name), Some(SecurityScheme::HTTP { scheme, .. }) if scheme.eq_ignore_ascii_case("bearer"));
        let unmet = required.is_some_and(|alternatives| {
            !alternatives.is_empty() && !alternatives.iter().any(|schemes| schemes.keys().all(bearer))
        });
        if unmet {
            let message = "the operation requires a security scheme other than a bearer token, but the client sends only a bearer token";
            self.warn("security-scheme", pointer, message);
        }
    }

    /// Returns the group and the method. The group is from an overlay, otherwise the first tag, otherwise `api`. The method is from an
    /// overlay, otherwise the operation id, otherwise made from the HTTP method and the path.
    fn operation_name(&mut self, path: &str, http: &str, source: &Source, pointer: &str) -> (String, RustName) {
        let text = |key: &str| source.extensions.get(key).and_then(Value::as_str);
        let (group, method) = (text("x-sdk-group"), text("x-sdk-method"));
        let lacks = match (group, method) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => Some("x-sdk-method"),
            (None, Some(_)) => Some("x-sdk-group"),
            (None, None) => Some("x-sdk-group and x-sdk-method"),
        };
        let given = group.or(source.tags.first().map(String::as_str)).unwrap_or("api");
        let method = match method.or(source.operation_id.as_deref()) {
            Some(name) => names::snake(name),
            None => names::snake(&format!("{http} {path}")),
        };
        if let Some(lacks) = lacks {
            let message = format!("the operation lacks {lacks}; it is named {}.{}", names::group(given), method.bare());
            self.warn("unnamed-operation", pointer, message);
        }
        let group = names::group(given);
        if group != names::snake(given).bare() {
            self.warn("reserved-name", pointer, format!("`{given}` is a reserved name; the group is named `{group}`"));
        }
        (group, method)
    }
}

/// The aliases from an overlay.
fn overlay_aliases(source: &Source, pointer: &str) -> Result<Vec<Alias>> {
    let given = source.extensions.get("x-sdk-aliases").and_then(Value::as_array).into_iter().flatten();
    let alias = |(index, name): (usize, &str)| {
        let (group, method) = name.split_once('.').ok_or_else(|| {
            let place = join(&join(pointer, "x-sdk-aliases"), index);
            Error::new("", place, format!("the alias `{name}` has no group"))
                .hint("write a group and a method, such as `tags.list_tags`")
        })?;
        let method = names::snake(method);
        Ok(Alias { group: names::group(group), type_name: names::camel(method.bare()), method })
    };
    given.filter_map(Value::as_str).enumerate().map(alias).collect()
}

/// The names that an overlay gives to the first arguments.
fn given_argument_names(source: &Source) -> Vec<RustName> {
    let given = source.extensions.get("x-sdk-arguments").and_then(Value::as_array).into_iter().flatten();
    given.filter_map(Value::as_str).map(names::snake).collect()
}

/// Rejects names for arguments that a method does not have.
fn check_argument_names(groups: &[Group], types: &TypeTable) -> Result<()> {
    for operation in groups.iter().flat_map(|group| &group.operations) {
        let count = operation.arguments(types).len();
        if operation.argument_names.len() > count {
            let pointer = join(&operation.pointer, "x-sdk-arguments");
            let message = format!("`{}` has only {}", operation.id, counted(count, "argument"));
            return Err(Error::new("", pointer, message).hint("remove the names at the end"));
        }
    }
    Ok(())
}

/// Names the structs of ids.
fn name_id_structs(groups: &mut [Group], types: &TypeTable) {
    let mut aliases: HashMap<String, Vec<RustName>> = HashMap::new();
    for alias in groups.iter().flat_map(|group| &group.operations).flat_map(|operation| &operation.aliases) {
        aliases.entry(alias.group.clone()).or_default().push(alias.type_name.clone());
    }
    for group in groups {
        let mut scope = Scope::of(NameKind::GroupType);
        scope.claim(group.handle.clone());
        aliases.remove(&group.name).into_iter().flatten().for_each(|name| drop(scope.claim(name)));
        for operation in &group.operations {
            let shorthands = operation.shorthands.iter().map(|shorthand| &shorthand.type_name);
            let names = shorthands.chain([&operation.type_name]);
            names.for_each(|name| drop(scope.claim(name.clone())));
        }
        let mut claim = |name: &RustName| scope.claim(RustName(format!("{}Ids", name.bare())));
        let needs_struct = |arguments: Vec<(RustName, ArgumentTarget<'_>)>| {
            ids_in_struct(types, arguments.iter().map(|(_, target)| target.ty())).is_some()
        };
        for operation in &mut group.operations {
            let has_struct = needs_struct(operation.arguments(types));
            let shorthands = operation.shorthands.iter();
            let have_struct: Vec<bool> =
                shorthands.map(|shorthand| needs_struct(shorthand.arguments(operation, types))).collect();
            operation.ids_type = has_struct.then(|| claim(&operation.type_name));
            for (shorthand, has_struct) in operation.shorthands.iter_mut().zip(have_struct) {
                shorthand.ids_type = has_struct.then(|| claim(&shorthand.type_name));
            }
        }
    }
}

/// Names the types of shorthands and aliases, adds the groups that have only aliases, and rejects duplicate names.
fn name_shorthands_and_aliases(groups: &mut Vec<Group>) -> Result<()> {
    let mut scopes: HashMap<String, Scope> = HashMap::new();
    for group in groups.iter() {
        let mut types = Scope::of(NameKind::GroupType);
        types.claim(group.handle.clone());
        for operation in &group.operations {
            types.claim(operation.type_name.clone());
        }
        scopes.insert(group.name.clone(), types);
    }
    let mut taken: HashMap<String, String> = HashMap::new();
    for operation in groups.iter().flat_map(|group| &group.operations) {
        taken.insert(operation.id.clone(), operation.pointer.clone());
    }
    let mut added = BTreeSet::new();
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        for shorthand in &mut operation.shorthands {
            let id = format!("{}.{}", operation.group, shorthand.method.bare());
            if let Some(other) = taken.insert(id.clone(), operation.pointer.clone()) {
                let pointer = join(&operation.pointer, "x-sdk-shorthands");
                return Err(Error::new("", pointer, format!("`{id}` is also the name of {other}"))
                    .hint("give one of them another name with an overlay"));
            }
            if let Some(types) = scopes.get_mut(&operation.group) {
                shorthand.type_name = types.claim(shorthand.type_name.clone());
            }
        }
    }
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        for alias in &mut operation.aliases {
            if let Some(other) = taken.insert(alias.id(), operation.pointer.clone()) {
                let pointer = join(&operation.pointer, "x-sdk-aliases");
                return Err(Error::new("", pointer, format!("`{}` is also the name of {other}", alias.id()))
                    .hint("give one of them another name with an overlay"));
            }
            let types = scopes.entry(alias.group.clone()).or_insert_with(|| {
                added.insert(alias.group.clone());
                let mut types = Scope::of(NameKind::GroupType);
                types.claim(names::camel(&alias.group));
                types
            });
            alias.type_name = types.claim(alias.type_name.clone());
        }
    }
    for name in added {
        let (ident, handle) = (names::snake(&name), names::camel(&name));
        groups.push(Group { name, ident, handle, doc: None, operations: Vec::new() });
    }
    groups.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(())
}

/// Whether the public reference has a page for the operation: `true` unless an overlay says otherwise.
fn has_reference_page(source: &Source) -> bool {
    source.extensions.get("x-sdk-reference").and_then(Value::as_bool).unwrap_or(true)
}
