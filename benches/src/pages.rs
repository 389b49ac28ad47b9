//! Pages of items of two to four kilobytes each, made of the description's examples, with the declared fields filled.

// A parser that keeps the order of keys, because real responses have the description's order.
use serde_yaml::{Mapping, Value};

/// The number of items of a page.
pub const ITEMS: usize = 150;

/// What a page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Conversations,
    Contacts,
    Tickets,
}

/// How a page deviates from the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    None,
    /// One item lacks a key that an overlay pins: it is declared as always present.
    One,
    /// Each item lacks this key.
    Each,
}

impl Kind {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Conversations, Self::Contacts, Self::Tickets];

    fn schema(self) -> &'static str {
        match self {
            Self::Conversations => "conversation_list",
            Self::Contacts => "contact_list",
            Self::Tickets => "ticket_list",
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Contacts => "data",
            Self::Tickets => "tickets",
        }
    }

    /// The kind with this name, in upper or lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| format!("{kind:?}").eq_ignore_ascii_case(name))
    }
}

impl Deviation {
    /// All values.
    pub const ALL: [Self; 3] = [Self::None, Self::One, Self::Each];

    /// The deviation with this name, in upper or lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deviation| format!("{deviation:?}").eq_ignore_ascii_case(name))
    }
}

/// The body of a page.
///
/// # Panics
/// If the project's description does not have the expected schemas.
#[allow(clippy::expect_used, reason = "a benchmark panics if its setup is broken")]
pub fn page(kind: Kind, items: usize, deviation: Deviation) -> Vec<u8> {
    let text = include_str!("../../descriptions/2.15/api.intercom.io.yaml");
    let document: Value = serde_yaml::from_str(text).expect("the description is YAML");
    let schema = &document["components"]["schemas"][kind.schema()];
    let mut page = sample(&document, schema, 0);
    let item = page[kind.list()][0].clone();
    let item = |number: usize| {
        let mut item = item.clone();
        item["id"] = (6_762_000 + number).to_string().into();
        if deviation == Deviation::Each || deviation == Deviation::One && number == items / 2 {
            item.as_mapping_mut().expect("an item is an object").remove("type").expect("an item has a type");
        }
        item
    };
    page[kind.list()] = (0..items).map(item).collect();
    serde_json::to_vec(&page).expect("JSON encodes")
}

/// A value for a schema: its example if that has the declared type, otherwise a value made from its keywords.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    /// The maximum depth, because some schemas are recursive.
    const DEEPEST: usize = 8;
    let schema = resolved(document, schema);
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    let example = |fits: fn(&Value) -> bool, other: Value| {
        schema.get("example").filter(|value| fits(value)).cloned().unwrap_or(other)
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => example(Value::is_string, "Example text".into()),
        Some("integer") => example(Value::is_i64, 1_734_537_259.into()),
        Some("number") => example(Value::is_number, 1.5.into()),
        Some("boolean") => example(Value::is_bool, true.into()),
        Some("array") if depth >= DEEPEST => Value::Sequence(Vec::new()),
        Some("array") => Value::Sequence(vec![sample(document, &schema["items"], depth + 1)]),
        _ => {
            let properties = properties(document, schema);
            if !properties.is_empty() && depth < DEEPEST {
                let filled = |(key, value): (Value, Value)| (key, sample(document, &value, depth + 1));
                return Value::Mapping(properties.into_iter().map(filled).collect());
            }
            match schema.get("oneOf").or(schema.get("anyOf")) {
                Some(alternatives) => sample(document, &alternatives[0], depth),
                None => example(Value::is_mapping, Mapping::new().into()),
            }
        }
    }
}

fn properties(document: &Value, schema: &Value) -> Mapping {
    let schema = resolved(document, schema);
    let mut all = Mapping::new();
    for part in schema.get("allOf").and_then(Value::as_sequence).into_iter().flatten() {
        all.extend(properties(document, part));
    }
    let own = schema.get("properties").and_then(Value::as_mapping).cloned();
    all.extend(own.into_iter().flatten());
    all
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
    let steps = reference.trim_start_matches("#/").split('/');
    resolved(document, steps.fold(document, |value, step| &value[step]))
}
