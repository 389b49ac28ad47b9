//! Custom attributes: another item has to define each of them, with the type of its values.

use serde_json::Value;

use super::store::Store;
use super::{Call, place};
use crate::answer::Refusal;

/// Refuses a body with an attribute that is not defined, or whose value does not fit its definition.
pub(super) fn check(store: &Store, call: &Call<'_>) -> Result<(), Refusal> {
    // With `make_missing`, undefined attributes are accepted.
    if call.make_missing {
        return Ok(());
    }
    for defined in &call.resource.defined {
        let values = place::get(call.body, &defined.place).and_then(Value::as_object);
        for (name, value) in values.into_iter().flatten() {
            let collection = store.collection(&defined.collection);
            let same_name = Value::from(name.as_str());
            let known = collection.into_iter().flat_map(|it| it.find("name", &same_name).filter_map(|at| it.get(at)));
            let among = |item: &Value| {
                defined.among.iter().all(|(at, wanted)| place::get(item, at).is_some_and(|it| place::same(it, wanted)))
            };
            let archived = |item: &Value| item.get("archived").and_then(Value::as_bool).unwrap_or_default();
            let known = known.map(|item| &item.value).find(|item| among(item) && !archived(item));
            let refused = |message: String| {
                let field = format!("{}.{name}", defined.place);
                Err(Refusal::new(400, "parameter_invalid", message).field(field))
            };
            let Some(known) = known else {
                return refused(format!("Custom attribute '{name}' does not exist."));
            };
            if let Some(expected) = mismatch(known, value) {
                return refused(format!("Custom attribute '{name}' takes {expected}, not {value}."));
            }
        }
    }
    Ok(())
}

/// What the definition of an attribute expects, where a value does not fit it.
fn mismatch(definition: &Value, value: &Value) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let options = definition.get("options").and_then(Value::as_array).filter(|options| !options.is_empty());
    if let Some(options) = options {
        let chosen = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        // Versions show an option as a text or as an object.
        let is = |option: &Value, value: &Value| option.get("value").unwrap_or(option) == value;
        let fits = chosen.iter().all(|value| options.iter().any(|option| is(option, value)));
        return (!fits).then(|| format!("one of {}", Value::from(options.as_slice())));
    }
    let (fits, expected) = match definition.get("data_type").and_then(Value::as_str)? {
        "string" => (value.is_string(), "a text"),
        "integer" => (value.is_i64() || value.is_u64(), "a whole number"),
        "float" => (value.is_number(), "a number"),
        "boolean" => (value.is_boolean(), "true or false"),
        "date" | "datetime" => (value.is_number() || value.is_string(), "a time"),
        _ => return None,
    };
    (!fits).then(|| expected.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_the_type_of_their_definition() {
        for (definition, fitting, other) in [
            (json!({"data_type": "string"}), json!("a"), json!(1)),
            (json!({"data_type": "integer"}), json!(1), json!(1.5)),
            (json!({"data_type": "float"}), json!(1.5), json!("1.5")),
            (json!({"data_type": "boolean"}), json!(true), json!("true")),
            (json!({"data_type": "datetime"}), json!(1_700_000_000), json!(true)),
            (json!({"data_type": "string", "options": ["a", "b"]}), json!("b"), json!("c")),
            (json!({"options": [{"value": "a"}]}), json!(["a"]), json!(["a", "c"])),
        ] {
            assert_eq!(mismatch(&definition, &fitting), None, "{definition}");
            assert!(mismatch(&definition, &other).is_some(), "{definition}");
            assert_eq!(mismatch(&definition, &json!(null)), None, "{definition}");
        }
        assert_eq!(mismatch(&json!({"data_type": null}), &json!({})), None);
    }
}
