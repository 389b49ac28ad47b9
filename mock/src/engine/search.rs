//! The queries of searches: filters, groups of filters, and the order of the result.

use std::cmp::Ordering;

use intercom_catalog::{SEARCH_OPERATORS, SearchField};
use serde_json::Value;

use super::compare::Comparison;
use super::store::Collection;
use super::{Call, place};
use crate::answer::Refusal;

/// How many filters a group may have.
const FILTERS: usize = 15;

/// How many levels of groups are accepted: a group inside a group.
const LEVELS: usize = 2;

/// A query that was checked.
pub(super) struct Query {
    filter: Option<Filter>,
    /// The place, and whether the order is ascending.
    sort: Option<(String, bool)>,
}

enum Filter {
    /// Filters, and whether an item must pass all of them or one.
    Group(bool, Vec<Filter>),
    One(Comparison),
}

impl Query {
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Refusal> {
        let filter = match call.body.get("query") {
            None | Some(Value::Null) => None,
            Some(query) => Some(filter(call, query, 0)?),
        };
        let sort = call.body.get("sort").filter(|sort| sort.is_object());
        let sort = match sort.and_then(|sort| sort.get("field")).and_then(Value::as_str) {
            None => None,
            Some(name) => {
                let (place, _) = field(call, name)?;
                let ascending = match sort.and_then(|sort| sort.get("order")).and_then(Value::as_str) {
                    Some("ascending" | "asc") => true,
                    None | Some("descending" | "desc") => false,
                    Some(other) => {
                        let message = format!("The order {other} is unknown; there are ascending and descending.");
                        return Err(Refusal::new(400, "invalid_sort_order", message).field("sort.order"));
                    }
                };
                Some((place, ascending))
            }
        };
        Ok(Self { filter, sort })
    }

    pub(super) fn selects(&self, item: &Value) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.selects(item))
    }

    /// Sorts positions; those whose items are equal stay in the order of creation.
    pub(super) fn sort(&self, collection: &Collection, positions: &mut [u64]) {
        let Some((place, ascending)) = &self.sort else { return };
        let key = |position: &u64| {
            let mut first = &Value::Null;
            if let Some(item) = collection.get(*position) {
                place::any(&item.value, place, &mut |value| {
                    first = value;
                    true
                });
            }
            Key::of(first)
        };
        if *ascending {
            positions.sort_by_cached_key(key);
        } else {
            positions.sort_by_cached_key(|position| std::cmp::Reverse(key(position)));
        }
    }
}

fn filter(call: &Call<'_>, query: &Value, level: usize) -> Result<Filter, Refusal> {
    let wrong = |message: String| Refusal::new(400, "parameter_invalid", message).field("query");
    let operator = query.get("operator").and_then(Value::as_str).unwrap_or_default();
    let value = query.get("value").cloned().unwrap_or_default();
    if matches!(operator, "AND" | "OR") {
        let Value::Array(filters) = value else {
            return Err(wrong(format!("The value of {operator} has to be a list of filters.")));
        };
        if level >= LEVELS {
            return Err(wrong(format!("Groups of filters may be nested {LEVELS} levels deep.")));
        }
        if filters.len() > FILTERS {
            return Err(wrong(format!("A group may have {FILTERS} filters, not {}.", filters.len())));
        }
        let filters = filters.iter().map(|query| filter(call, query, level + 1)).collect::<Result<_, _>>()?;
        return Ok(Filter::Group(operator == "AND", filters));
    }
    let Some(name) = query.get("field").and_then(Value::as_str) else {
        return Err(wrong("A filter needs a field, an operator and a value.".to_owned()));
    };
    let (place, declared) = field(call, name)?;
    let known = declared.map_or_else(|| SEARCH_OPERATORS.to_vec(), SearchField::accepted_operators);
    if !known.contains(&operator) {
        return Err(wrong(format!("{name} does not take the operator {operator}; it takes {}.", known.join(" "))));
    }
    if matches!(operator, "IN" | "NIN") != value.is_array() {
        return Err(wrong(format!("The value of {operator} for {name} has the wrong form: {value}.")));
    }
    let numeric = declared.is_some_and(|field| matches!(field.kind.as_str(), "integer" | "date"));
    let after = call.resource.after.get(name).and_then(Value::as_str).map(str::to_owned);
    let comparison = Comparison::new(place, operator, &value, after, numeric);
    let comparison =
        comparison.ok_or_else(|| wrong(format!("The value for {name} has to be a number, not {value}.")))?;
    Ok(Filter::One(comparison))
}

/// The place of a field, and what is known of it.
fn field<'a>(call: &Call<'a>, name: &str) -> Result<(String, Option<&'a SearchField>), Refusal> {
    let fields = &call.operation.search;
    let declared = fields.iter().find(|field| match field.name.split_once('{') {
        Some((prefix, _)) => name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
        None => field.name == name,
    });
    if declared.is_none() && !fields.is_empty() {
        return Err(Refusal::new(400, "invalid_field", format!("{name} is not a field of this search.")).field("query"));
    }
    let place = call.resource.fields.get(name).and_then(Value::as_str).unwrap_or(name);
    Ok((place.to_owned(), declared))
}

impl Filter {
    fn selects(&self, item: &Value) -> bool {
        match self {
            Self::Group(true, filters) => filters.iter().all(|filter| filter.selects(item)),
            Self::Group(false, filters) => filters.iter().any(|filter| filter.selects(item)),
            Self::One(comparison) => comparison.selects(item),
        }
    }
}

/// The sort key of an item: missing values first, then numbers, then texts.
#[derive(PartialEq)]
enum Key {
    Nothing,
    Number(f64),
    Text(String),
}

impl Key {
    fn of(value: &Value) -> Self {
        match (value.as_f64(), value) {
            (Some(number), _) => Self::Number(number),
            (None, Value::Null) => Self::Nothing,
            (None, value) => Self::Text(place::text(value)),
        }
    }
}

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Key {
    fn rank(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
        }
    }
}
