//! Comparison of JSON values, with the paths of the differences.

use std::fmt;

use serde_json::{Number, Value};

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// A position in an array.
    Index(usize),
}

/// The path of a value in a document, such as `data[3].owner_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path of a key below this one.
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// The path of an item below this one.
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The path without its last step, and the step.
    pub fn split(&self) -> Option<(Self, &Step)> {
        let (last, rest) = self.0.split_last()?;
        Some((Self(rest.to_vec()), last))
    }

    /// The value at this path.
    pub fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    /// The value at this path, mutable.
    pub fn find_mut<'a>(&self, value: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A difference between two documents.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The path of the value.
    pub path: Path,
    /// The value before, if there was one.
    pub before: Option<Value>,
    /// The value after, if there is one.
    pub after: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        write!(f, "{}: {} became {}", self.path, show(&self.before), show(&self.after))
    }
}

/// The smallest values in which two documents differ. Arrays of different lengths differ as a whole. Numbers are compared by value.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(before, after, &Path::default(), &mut all);
    all
}

fn compare(before: &Value, after: &Value, path: &Path, all: &mut Vec<Difference>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                match new.get(key) {
                    Some(other) => compare(value, other, &path.key(key), all),
                    None => all.push(Difference { path: path.key(key), before: Some(value.clone()), after: None }),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                all.push(Difference { path: path.key(key), before: None, after: Some(value.clone()) });
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (value, other)) in old.iter().zip(new).enumerate() {
                compare(value, other, &path.index(index), all);
            }
        }
        (Value::Number(old), Value::Number(new)) if same_number(old, new) => {}
        (old, new) if old == new => {}
        (old, new) => all.push(Difference { path: path.clone(), before: Some(old.clone()), after: Some(new.clone()) }),
    }
}

/// Whether two numbers are equal: `1` equals `1.0`, since JSON has one type of numbers.
fn same_number(left: &Number, right: &Number) -> bool {
    left == right || (left.is_f64() || right.is_f64()) && left.as_f64() == right.as_f64()
}

/// Every value of a document except the document itself, with its path.
pub fn walk(value: &Value) -> Vec<(Path, &Value)> {
    let mut all = Vec::new();
    collect(value, &Path::default(), &mut all);
    all
}

fn collect<'a>(value: &'a Value, path: &Path, all: &mut Vec<(Path, &'a Value)>) {
    let inside: Vec<(Path, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (path.key(key), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (path.index(index), value)).collect(),
        _ => Vec::new(),
    };
    for (path, value) in inside {
        all.push((path.clone(), value));
        collect(value, &path, all);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_names_its_place() {
        let before = json!({"a": [1, {"b": null, "c": "x"}], "d": {}, "n": 1});
        let after = json!({"a": [1.0, {"c": "y"}], "d": [], "e": 1, "n": 2});
        let all: Vec<String> = differences(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            all,
            [
                "a[1].b: null became nothing",
                "a[1].c: \"x\" became \"y\"",
                "d: {} became []",
                "n: 1 became 2",
                "e: nothing became 1"
            ]
        );
        assert!(differences(&json!(u64::MAX), &json!(u64::MAX)).is_empty());
        assert!(!differences(&json!(u64::MAX), &json!(u64::MAX - 1)).is_empty());
    }

    #[test]
    fn a_walk_visits_everything_once() {
        let value = json!({"a": [1, {"b": null}]});
        let paths: Vec<String> = walk(&value).iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["a", "a[0]", "a[1]", "a[1].b"]);
        for (path, found) in walk(&value) {
            assert_eq!(path.find(&value), Some(found));
        }
    }
}
