//! Pages of 150 items of two to four kilobytes, made of the description's examples, with every declared field filled.

use serde_json::{Map, Value, json};

/// How many items a page has.
pub const ITEMS: usize = 150;

/// What a page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Conversations,
    Contacts,
    Tickets,
}

/// What of a page is not as the description says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    None,
    /// One item lacks what is always there, and has a text where an object is declared.
    One,
    /// So does each.
    Each,
}

impl Kind {
    /// All of them.
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

    /// A field that is an object.
    fn object(self) -> &'static str {
        match self {
            Self::Conversations => "statistics",
            Self::Contacts => "location",
            Self::Tickets => "ticket_type",
        }
    }

    /// The name, as `fixed` takes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| format!("{kind:?}").eq_ignore_ascii_case(name))
    }
}

impl Deviation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::One, Self::Each];

    /// The name, as `fixed` takes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deviation| format!("{deviation:?}").eq_ignore_ascii_case(name))
    }
}

/// The body of a page.
///
/// # Panics
/// Where the project's description is not what it was.
#[allow(clippy::expect_used, reason = "a benchmark panics where its setting is broken")]
pub fn page(kind: Kind, items: usize, deviation: Deviation) -> Vec<u8> {
    let text = include_str!("../../descriptions/2.15/api.intercom.io.yaml");
    let document: Value = serde_yaml::from_str(text).expect("the description is YAML");
    let schema = &document["components"]["schemas"][kind.schema()];
    let mut page = sample(&document, schema, 0);
    let item = page[kind.list()][0].clone();
    let item = |number: usize| {
        let mut item = item.clone();
        item["id"] = json!((6_762_000 + number).to_string());
        if deviation == Deviation::Each || deviation == Deviation::One && number == items / 2 {
            item.as_object_mut().expect("an item is an object").remove("created_at");
            item[kind.object()] = json!("another type");
        }
        item
    };
    page[kind.list()] = (0..items).map(item).collect();
    serde_json::to_vec(&page).expect("JSON encodes")
}

/// The example of a schema, or a value made of what it says.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    /// Some schemas contain themselves.
    const DEEPEST: usize = 8;
    let schema = resolved(document, schema);
    let example = schema.get("example");
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let scalar = |fits: fn(&Value) -> bool, other: Value| example.filter(|value| fits(value)).cloned().unwrap_or(other);
    match schema["type"].as_str() {
        Some("string") => scalar(Value::is_string, json!("Example text")),
        Some("integer") => scalar(Value::is_i64, json!(1_734_537_259)),
        Some("number") => scalar(Value::is_number, json!(1.5)),
        Some("boolean") => scalar(Value::is_boolean, json!(true)),
        Some("array") if depth >= DEEPEST => json!([]),
        Some("array") => json!([sample(document, &schema["items"], depth + 1)]),
        _ => {
            let properties = properties(document, schema);
            if !properties.is_empty() && depth < DEEPEST {
                let filled = |(key, value): (String, Value)| (key, sample(document, &value, depth + 1));
                return Value::Object(properties.into_iter().map(filled).collect());
            }
            match schema.get("oneOf").or(schema.get("anyOf")) {
                Some(alternatives) => sample(document, &alternatives[0], depth),
                None => scalar(Value::is_object, json!({})),
            }
        }
    }
}

fn properties(document: &Value, schema: &Value) -> Map<String, Value> {
    let schema = resolved(document, schema);
    let mut all = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        all.extend(properties(document, part));
    }
    all.extend(schema["properties"].as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
    all
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| document.pointer(reference.trim_start_matches('#'))) {
        Some(target) => resolved(document, target),
        None => schema,
    }
}
