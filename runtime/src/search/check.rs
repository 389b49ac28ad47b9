//! Validation of queries against the known limits of the API, before they are sent.

use super::{Filter, Node};

/// The maximum number of filters in a group.
const MAX_FILTERS: usize = 15;
/// The maximum depth of nested groups.
const MAX_LEVELS: usize = 2;

/// The first error of a query, if there is one.
pub(super) fn validation_error(node: &Node) -> Option<String> {
    visit(node, 1)
}

fn visit(node: &Node, level: usize) -> Option<String> {
    let (join, parts) = match node {
        Node::Filter(filter) => return filter_error(filter),
        Node::Raw(_) => return None,
        Node::Group(join, parts) => (join, parts),
    };
    let name = join.as_str();
    if level > MAX_LEVELS {
        return Some(format!(
            "the query has groups nested deeper than {MAX_LEVELS} levels: the {name} group is too deep"
        ));
    }
    if parts.is_empty() {
        return Some(format!("the query has an {name} group without filters"));
    }
    if parts.len() > MAX_FILTERS {
        return Some(format!(
            "the query has an {name} group of {} filters; at most {MAX_FILTERS} are allowed",
            parts.len()
        ));
    }
    parts.iter().find_map(|part| visit(part, level + 1))
}

fn filter_error(filter: &Filter) -> Option<String> {
    if let Some(error) = &filter.error {
        return Some(format!("the query's filter on `{}`: {error}", filter.field));
    }
    let empty = filter.value.as_array().is_some_and(Vec::is_empty);
    empty.then(|| {
        format!("the query's filter on `{}`: `{}` needs at least one value", filter.field, filter.operator.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::super::{AnyField, DateField, Operator, Query, TextField};

    fn filter() -> Query {
        TextField::new("a").eq("x")
    }

    fn refused(query: &Query) -> String {
        query.validation_error().expect("an error")
    }

    #[test]
    fn queries_beyond_the_limits_are_refused() {
        assert_eq!(Query::all(vec![filter(); 15]).validation_error(), None);
        assert!(refused(&Query::all(vec![filter(); 16])).contains("group of 16 filters"));
        assert!(refused(&(0..15).fold(filter(), |query, _| query | filter())).contains("OR group of 16"));
        assert_eq!(Query::all([Query::any([filter()]), Query::any([filter()])]).validation_error(), None);
        assert!(refused(&Query::all([Query::any([Query::all([filter()])])])).contains("deeper than 2 levels"));
        assert!(refused(&Query::all(Vec::<Query>::new())).contains("without filters"));
        assert!(refused(&(filter() & Query::any(Vec::<Query>::new()))).contains("OR group without"));
        assert!(refused(&TextField::new("a").is_in(Vec::<String>::new())).contains("at least one value"));
    }

    #[test]
    fn operators_that_a_field_does_not_support_are_refused() {
        let date = DateField::new("created_at").only(&[Operator::Equals, Operator::Less, Operator::Greater]);
        assert_eq!(date.gt(1).validation_error(), None);
        assert!(refused(&date.ge(1)).contains("does not support `>=`; it supports `=`, `<`, `>`"));
        assert!(refused(&AnyField::new("custom_attributes.paid").gt(true)).contains("is not ordered"));
        assert!(refused(&AnyField::new("x").eq(f64::NAN)).contains("is not a JSON number"));
    }

    #[test]
    fn raw_json_is_not_checked() {
        assert_eq!(Query::raw(serde_json::json!({"operator": "AND", "value": []})).validation_error(), None);
        assert_eq!((filter() & Query::raw(serde_json::json!({"anything": 1}))).validation_error(), None);
    }
}
