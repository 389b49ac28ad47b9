//! The bounds of texts, numbers, lists and objects.

use serde_json::{Number, Value};

use crate::schema::Limits;

/// The violated limit as text, if a value violates one.
pub(super) fn broken(limits: &Limits, value: &Value) -> Option<String> {
    if limits.is_empty() {
        return None;
    }
    match value {
        Value::String(text) => {
            let length = text.chars().count() as u64;
            size(length, limits.min_length, limits.max_length, "characters")
        }
        Value::Array(values) => size(values.len() as u64, limits.min_items, limits.max_items, "items")
            .or_else(|| (limits.unique_items && repeats(values)).then(|| "items that differ".to_owned())),
        Value::Object(values) => size(values.len() as u64, limits.min_properties, limits.max_properties, "keys"),
        Value::Number(number) => range(limits, number),
        Value::Null | Value::Bool(_) => None,
    }
}

fn size(size: u64, min: Option<u64>, max: Option<u64>, unit: &str) -> Option<String> {
    if let Some(min) = min.filter(|min| size < *min) {
        return Some(format!("at least {min} {unit}"));
    }
    max.filter(|max| size > *max).map(|max| format!("at most {max} {unit}"))
}

fn repeats(values: &[Value]) -> bool {
    values.iter().enumerate().any(|(index, value)| values[..index].contains(value))
}

fn range(limits: &Limits, number: &Number) -> Option<String> {
    let value = number.as_f64()?;
    let bound = |limit: &Option<Number>| limit.as_ref().and_then(Number::as_f64);
    if let Some(min) = bound(&limits.minimum) {
        if value < min {
            return Some(format!("at least {min}"));
        }
        if limits.exclusive_minimum && value == min {
            return Some(format!("more than {min}"));
        }
    }
    if let Some(max) = bound(&limits.maximum) {
        if value > max {
            return Some(format!("at most {max}"));
        }
        if limits.exclusive_maximum && value == max {
            return Some(format!("less than {max}"));
        }
    }
    let step = bound(&limits.multiple_of).filter(|step| *step != 0.0)?;
    (value % step != 0.0).then(|| format!("a multiple of {step}"))
}
