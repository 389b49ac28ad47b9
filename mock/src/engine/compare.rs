//! One comparison of a search: a field, an operator and a value.

use serde_json::Value;

use super::place;

/// A comparison that was checked, prepared for many items.
pub(super) struct Comparison {
    place: String,
    test: Test,
    /// Whether it selects the items for which the test fails: `!=`, `NIN`, `!~`.
    negated: bool,
    /// The values, of which one has to pass the test: several if the query has a list.
    wanted: Vec<Wanted>,
    /// A separator: only the text after its last occurrence is compared.
    after: Option<String>,
}

#[derive(Clone, Copy)]
enum Test {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    StartsWith,
    EndsWith,
}

/// A value to compare with, in the forms that the tests need.
struct Wanted {
    value: Value,
    /// In lower case.
    text: String,
    number: Option<f64>,
    /// Whether equality compares numbers; a string may be one, too.
    numeric: bool,
}

/// What an item has: a string, or the part of it that is compared, or another value.
#[derive(Clone, Copy)]
enum Given<'a> {
    Text(&'a str),
    Other(&'a Value),
}

impl Comparison {
    /// Prepares a comparison with an operator that the field takes; `None` if the field is `numeric` and a value is
    /// neither a number nor null.
    pub(super) fn new(
        place: String,
        operator: &str,
        value: &Value,
        after: Option<String>,
        numeric: bool,
    ) -> Option<Self> {
        let (test, negated) = match operator {
            "<" => (Test::Less, false),
            "<=" => (Test::LessOrEqual, false),
            ">" => (Test::Greater, false),
            ">=" => (Test::GreaterOrEqual, false),
            "~" => (Test::Contains, false),
            "!~" => (Test::Contains, true),
            "^" => (Test::StartsWith, false),
            "$" => (Test::EndsWith, false),
            "!=" | "NIN" => (Test::Equal, true),
            _ => (Test::Equal, false),
        };
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let wanted = |value: &Value| {
            let number = number(value);
            let fits = !numeric || value.is_null() || number.is_some();
            fits.then(|| Wanted { value: value.clone(), text: place::text(value).to_lowercase(), number, numeric })
        };
        Some(Self { place, test, negated, wanted: values.iter().map(wanted).collect::<Option<_>>()?, after })
    }

    /// Whether the comparison selects an item: one of its values at the place passes the test or, if the comparison is negated, none does.
    /// An item without a value has null.
    pub(super) fn selects(&self, item: &Value) -> bool {
        let mut none = true;
        let found = place::any(item, &self.place, &mut |value| {
            none = false;
            self.holds(value)
        });
        (found || (none && self.holds(&Value::Null))) != self.negated
    }

    fn holds(&self, value: &Value) -> bool {
        let given = match (value, &self.after) {
            (Value::String(text), None) => Given::Text(text),
            (Value::String(text), Some(after)) => match text.rsplit_once(after.as_str()) {
                Some((_, part)) => Given::Text(part),
                None => return false,
            },
            (_, Some(_)) => return false,
            (value, None) => Given::Other(value),
        };
        self.wanted.iter().any(|wanted| wanted.fulfils(self.test, given))
    }
}

impl Wanted {
    fn fulfils(&self, test: Test, given: Given<'_>) -> bool {
        let text = |test: fn(&str, &str) -> bool| match given {
            Given::Text(text) => lower(text, |text| test(text, &self.text)),
            Given::Other(_) => false,
        };
        let order = || given.number()?.partial_cmp(&self.number?);
        match test {
            Test::Equal => self.equals(given),
            Test::Less => order().is_some_and(std::cmp::Ordering::is_lt),
            Test::LessOrEqual => order().is_some_and(std::cmp::Ordering::is_le),
            Test::Greater => order().is_some_and(std::cmp::Ordering::is_gt),
            Test::GreaterOrEqual => order().is_some_and(std::cmp::Ordering::is_ge),
            Test::Contains => text(|text, wanted| text.contains(wanted)),
            Test::StartsWith => text(|text, wanted| text.starts_with(wanted)),
            Test::EndsWith => text(|text, wanted| text.ends_with(wanted)),
        }
    }

    fn equals(&self, given: Given<'_>) -> bool {
        if self.numeric {
            return given.number() == self.number;
        }
        match (given, &self.value) {
            // Texts are compared without case, which may change the length of those that are not ASCII.
            (Given::Text(text), Value::String(_)) => {
                (text.len() == self.text.len() || !text.is_ascii()) && lower(text, |text| text == self.text)
            }
            // Ids are written as numbers and as texts.
            (Given::Text(text), Value::Number(_) | Value::Bool(_)) => text == self.text,
            (Given::Text(_), _) => false,
            (Given::Other(value), wanted) => place::same(value, wanted),
        }
    }
}

impl Given<'_> {
    fn number(self) -> Option<f64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Other(value) => value.as_f64(),
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Passes on a text in lower case. Short ASCII texts, as most are, need no memory from the allocator: many items are compared.
fn lower<T>(text: &str, then: impl FnOnce(&str) -> T) -> T {
    const SHORT: usize = 64;
    let mut buffer = [0; SHORT];
    match buffer.get_mut(..text.len()) {
        Some(short) if text.is_ascii() => {
            short.copy_from_slice(text.as_bytes());
            short.make_ascii_lowercase();
            then(std::str::from_utf8(short).unwrap_or_default())
        }
        _ => then(&text.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn selects(operator: &str, wanted: Value, item: &Value) -> bool {
        let comparison = Comparison::new("at".to_owned(), operator, &wanted, None, false).unwrap();
        comparison.selects(item)
    }

    #[test]
    fn an_item_is_selected_if_one_of_its_values_fulfils_the_comparison() {
        let long = "É".repeat(40);
        for (operator, wanted, value, expected) in [
            ("=", json!("ANNA"), json!("anna"), true),
            ("=", json!(long.to_lowercase()), json!(long), true),
            ("=", json!(5), json!("5"), true),
            ("=", json!("5"), json!(5), true),
            ("=", json!(null), json!(null), true),
            ("=", json!(null), json!("null"), false),
            ("!=", json!("a"), json!("b"), true),
            ("IN", json!(["a", "B"]), json!("b"), true),
            ("NIN", json!(["a", "B"]), json!(["c", "b"]), false),
            ("<", json!(5), json!("4"), true),
            (">=", json!(5), json!(5), true),
            (">", json!(5), json!("x"), false),
            ("~", json!("NN"), json!("Anna"), true),
            ("!~", json!("x"), json!(["Anna", "Max"]), false),
            ("^", json!("an"), json!("Anna"), true),
            ("$", json!("an"), json!("Anna"), false),
        ] {
            assert_eq!(
                selects(operator, wanted.clone(), &json!({"at": value})),
                expected,
                "{value} {operator} {wanted}"
            );
        }
        assert!(selects("=", json!(null), &json!({})) && selects("!=", json!("a"), &json!({})));
    }

    #[test]
    fn only_numbers_are_compared_with_numeric_fields() {
        let comparison = |value: Value| Comparison::new("at".to_owned(), "=", &value, None, true);
        assert!(comparison(json!("x")).is_none() && comparison(json!([1, "x"])).is_none());
        assert!(comparison(json!("05")).unwrap().selects(&json!({"at": 5})));
    }

    #[test]
    fn the_text_after_a_separator_is_compared() {
        let comparison = Comparison::new("at".to_owned(), "=", &json!("b.com"), Some("@".to_owned()), false).unwrap();
        assert!(comparison.selects(&json!({"at": "a@B.com"})));
        assert!(!comparison.selects(&json!({"at": "b.com"})) && !comparison.selects(&json!({})));
    }
}
