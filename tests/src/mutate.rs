//! Mutations of a document: changes of one value, and new keys in all objects, as a newer or older API makes them, or one that does not
//! follow its description.

use std::fmt;

use serde_json::{Value, json};

use crate::json::{Path, Step, walk};

/// The key that is added to objects.
pub const NEW_KEY: &str = "a_key_of_the_future";

/// A string that is in no enum.
pub const NEW_TEXT: &str = "a_value_of_the_future";

/// A mutated document.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The kind of mutation.
    pub kind: Kind,
    /// The path of the change; empty for a change of all objects.
    pub path: Path,
    /// The document.
    pub value: Value,
}

/// The kinds of mutations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Every object has an undeclared key.
    NewKeys,
    /// A value is null.
    Null,
    /// A value has another type.
    OtherType,
    /// A string is a different one.
    OtherText,
    /// A key is missing.
    Removed,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.path.find(&self.value)) {
            (Kind::NewKeys, _) => f.write_str("new keys everywhere"),
            (_, None) => write!(f, "{} removed", self.path),
            (_, Some(value)) => write!(f, "{} = {value}", self.path),
        }
    }
}

/// All mutations of a document.
pub fn mutations(value: &Value) -> Vec<Mutation> {
    let mut all = vec![Mutation { kind: Kind::NewKeys, path: Path::default(), value: grown(value) }];
    for (path, old) in walk(value) {
        for (kind, new) in replacements(old) {
            let mut value = value.clone();
            if let Some(place) = path.find_mut(&mut value) {
                *place = new;
            }
            all.push(Mutation { kind, path: path.clone(), value });
        }
        if let Some((parent, Step::Key(key))) = path.split() {
            let mut value = value.clone();
            if let Some(Value::Object(map)) = parent.find_mut(&mut value) {
                map.remove(key);
            }
            all.push(Mutation { kind: Kind::Removed, path: path.clone(), value });
        }
    }
    all
}

fn replacements(old: &Value) -> Vec<(Kind, Value)> {
    let object = || json!({ NEW_KEY: true });
    match old {
        Value::Null => vec![(Kind::OtherType, object())],
        Value::Bool(_) => {
            vec![(Kind::Null, Value::Null), (Kind::OtherType, json!("maybe")), (Kind::OtherType, object())]
        }
        Value::Number(_) => {
            vec![
                (Kind::Null, Value::Null),
                (Kind::OtherType, json!("not a number")),
                (Kind::OtherType, json!(true)),
                (Kind::OtherType, object()),
            ]
        }
        Value::String(_) => vec![
            (Kind::Null, Value::Null),
            (Kind::OtherText, json!(NEW_TEXT)),
            (Kind::OtherType, json!(4242)),
            (Kind::OtherType, json!(false)),
            (Kind::OtherType, json!([1, "two"])),
        ],
        Value::Array(_) => {
            vec![(Kind::Null, Value::Null), (Kind::OtherType, json!("no list")), (Kind::OtherType, object())]
        }
        Value::Object(_) => {
            vec![(Kind::Null, Value::Null), (Kind::OtherType, json!("no object")), (Kind::OtherType, json!(7))]
        }
    }
}

/// The document with a new key in every object, with values of alternating types.
pub fn grown(value: &Value) -> Value {
    let mut count = 0;
    grow(value, &mut count)
}

fn grow(value: &Value, count: &mut usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| grow(item, count)).collect(),
        Value::Object(map) => {
            let mut map: serde_json::Map<String, Value> =
                map.iter().map(|(key, value)| (key.clone(), grow(value, count))).collect();
            *count += 1;
            let new = match *count % 5 {
                0 => Value::Null,
                1 => json!({"deep": [{"er": 1.5}]}),
                2 => json!("text"),
                3 => json!(-7),
                _ => json!([true, null]),
            };
            map.insert(NEW_KEY.to_owned(), new);
            Value::Object(map)
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mutation_names_its_change() {
        let value = json!({"a": [{"b": 1}], "c": null});
        let all: Vec<String> = mutations(&value).iter().map(ToString::to_string).collect();
        assert_eq!(all[0], "new keys everywhere");
        assert!(all.contains(&"a[0].b removed".to_owned()) && all.contains(&"a[0].b = null".to_owned()), "{all:?}");
        assert!(all.contains(&"a[0] = \"no object\"".to_owned()), "{all:?}");
        let grown = &mutations(&value)[0].value;
        assert!(grown.get(NEW_KEY).is_some() && grown["a"][0].get(NEW_KEY).is_some());
    }
}
