//! Finds the operation of a method and a path.

use std::collections::{BTreeMap, HashMap};

use intercom_catalog::{Catalog, Operation};
use percent_encoding::percent_decode_str;

/// The paths of a version as a tree of segments.
#[derive(Debug, Default)]
pub(crate) struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literal: HashMap<String, Node>,
    parameter: Option<Box<Node>>,
    /// The positions of operations by their HTTP method.
    operations: BTreeMap<String, usize>,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Route<'a> {
    /// An operation, with the values of its path's parameters in the order of the template.
    Operation(&'a Operation, Vec<(String, String)>),
    /// The path has operations, but none with this HTTP method; these are the HTTP methods that it has.
    Method(Vec<String>),
    /// No operation.
    Nothing,
}

impl Router {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut router = Self::default();
        for (index, operation) in catalog.operations.iter().enumerate() {
            let mut node = &mut router.root;
            for segment in segments(&operation.path) {
                node = if segment.starts_with('{') {
                    node.parameter.get_or_insert_default()
                } else {
                    node.literal.entry(segment.to_owned()).or_default()
                };
            }
            node.operations.insert(operation.http_method.clone(), index);
        }
        router
    }

    pub(crate) fn route<'a>(&self, catalog: &'a Catalog, method: &str, path: &str) -> Route<'a> {
        let mut found: Option<(&Node, Vec<&str>)> = None;
        let given: Vec<&str> = segments(path).collect();
        find(&self.root, &given, &mut Vec::new(), method, &mut found);
        let Some((node, values)) = found else { return Route::Nothing };
        let Some(operation) = node.operations.get(method).and_then(|index| catalog.operations.get(*index)) else {
            return Route::Method(node.operations.keys().cloned().collect());
        };
        let names = segments(&operation.path).filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        let decoded = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
        Route::Operation(operation, names.map(str::to_owned).zip(values.into_iter().map(decoded)).collect())
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').trim_end_matches('/').split('/')
}

/// Finds the node of a path, and returns whether it has the method. Literal segments come before parameters, and a node with the method
/// before one without.
fn find<'n, 'p>(
    node: &'n Node,
    rest: &[&'p str],
    values: &mut Vec<&'p str>,
    method: &str,
    found: &mut Option<(&'n Node, Vec<&'p str>)>,
) -> bool {
    let Some((segment, rest)) = rest.split_first() else {
        if node.operations.is_empty() {
            return false;
        }
        let has = node.operations.contains_key(method);
        if has || found.is_none() {
            *found = Some((node, values.clone()));
        }
        return has;
    };
    if let Some(next) = node.literal.get(*segment)
        && find(next, rest, values, method, found)
    {
        return true;
    }
    let Some(next) = node.parameter.as_deref().filter(|_| !segment.is_empty()) else { return false };
    values.push(segment);
    let done = find(next, rest, values, method, found);
    values.pop();
    done
}
