//! The methods of the handles set the required parameters that the table of operations lists for an operation.
//!
//! The table (`operations.rs`) and the handles are emitted separately, so the two are compared here: for every operation of
//! every version, the names of its required parameters in the path and in the query.

use std::collections::{BTreeMap, BTreeSet};

use crate::project;
use quote::ToTokens;
use syn::{GenericArgument, ImplItem, Item, PathArguments, ReturnType, Type};

/// The names that calls of `method` have as their first argument in the text of a function.
fn names(body: &str, method: &str) -> BTreeSet<String> {
    let call = format!(". {method} (");
    let calls = body.split(&call).skip(1);
    calls.filter_map(|rest| rest.split('"').nth(1).map(str::to_owned)).collect()
}

/// The names in the braces of a path.
fn placeholders(path: &str) -> BTreeSet<String> {
    path.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect()
}

/// `Update` of `Request<Update>`.
fn operation_of(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == "Request")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(operation) => Some(operation.to_token_stream().to_string()),
        _ => None,
    }
}

#[test]
fn methods_of_handles_set_the_parameters_that_the_table_requires() {
    let mut compared = 0;
    for version in &project::versions() {
        let (files, api) = (project::crate_files(version), project::api(version));
        // A group without operations of its own has only aliases of other groups' operations.
        for group in api.groups.iter().filter(|group| !group.operations.is_empty()) {
            let file = syn::parse_file(&files[&format!("src/api/{}.rs", group.name)]).unwrap();
            let table = syn::parse_file(&files[&format!("src/operations/{}.rs", group.name)]).unwrap();
            // An alias calls another method, so the parameters set by all methods of an operation are collected.
            let mut methods: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
            let (mut paths, mut shorthands) = (BTreeMap::new(), BTreeMap::new());
            for item in &file.items {
                let Item::Impl(item) = item else { continue };
                let of = item.self_ty.to_token_stream().to_string();
                for member in &item.items {
                    let ImplItem::Fn(function) = member else { continue };
                    let body = function.block.to_token_stream().to_string();
                    if let Some(operation) = operation_of(&function.sig.output) {
                        let (path, query) = methods.entry(operation).or_default();
                        path.extend(names(&body, "path"));
                        query.extend(names(&body, "query"));
                    }
                    if function.sig.ident == "endpoint" {
                        // The texts are the operation's id and its path. A shorthand has the endpoint of its operation.
                        match body.split('"').nth(3) {
                            Some(path) => paths.insert(of.clone(), path.to_owned()),
                            None => {
                                let operation = body.split("{ <").nth(1).unwrap().split_whitespace().next().unwrap();
                                shorthands.insert(of.clone(), operation.to_owned())
                            }
                        };
                    }
                }
            }
            assert_eq!(paths.len(), group.operations.len(), "{version} {}", group.name);
            for (shorthand, operation) in &shorthands {
                let id = format!("{version} {}.{shorthand}", group.name);
                let path: &String = paths.get(operation).unwrap_or_else(|| panic!("{id}: no {operation} in {paths:?}"));
                assert_eq!(methods[shorthand].0, placeholders(path), "{id}");
            }
            for item in &table.items {
                let Item::Const(entry) = item else { continue };
                let text = entry.expr.to_token_stream().to_string();
                let operation = text.split("of :: < api :: ").nth(1).unwrap().split(' ').next().unwrap();
                let needed = |location: &str| -> BTreeSet<String> {
                    let parameters = text.split("Parameter :: new (\"").skip(1);
                    let parameters = parameters.map(|parameter| parameter.split(')').next().unwrap());
                    let needed = format!(", \"{location}\" , true");
                    // Each key of an object parameter is sent as a parameter, so the object's own name is never sent.
                    let named = |parameter: &&str| parameter.contains(&needed) && !parameter.contains("query_object");
                    parameters.filter(named).map(|name| name.split('"').next().unwrap().to_owned()).collect()
                };
                let (in_path, in_query) = &methods[operation];
                let id = format!("{version} {}.{operation}", group.name);
                assert_eq!(*in_path, needed("path"), "{id}");
                assert_eq!(*in_query, needed("query"), "{id}");
                let path = &paths[operation];
                assert_eq!(*in_path, placeholders(path), "{id}: {path}");
                compared += 1;
            }
        }
    }
    println!("{compared} operations compared");
    assert!(compared > 1_000, "only {compared} operations were compared");
}
