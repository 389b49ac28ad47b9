//! Which operations of a collection the test calls, and how: all of it is read from the catalog.

use intercom_catalog::{Action, Catalog, Definition, Location, Operation, Schema, Shape, example};
use serde_json::{Map, Value, json};

/// The text that the test writes into the items of each collection: its place in the body of the operation that creates,
/// and its place in the item. A collection with two empty places has no text; its items are compared by what they are
/// answered with.
const TEXTS: &[(&str, &str, &str)] = &[
    ("admins", "name", "name"),
    ("articles", "title", "title"),
    ("audiences", "name", "name"),
    ("brands", "name", "name"),
    ("calls", "phone", "phone"),
    ("collections", "name", "name"),
    ("companies", "name", "name"),
    ("company_jobs", "", ""),
    ("contact_jobs", "", ""),
    ("contacts", "name", "name"),
    ("content_import_sources", "url", "url"),
    ("content_snippets", "title", "title"),
    ("conversation_attributes", "name", "name"),
    ("conversations", "subject", "title"),
    ("custom_object_instances", "custom_attributes.note", "custom_attributes.note"),
    ("data_attributes", "description", "description"),
    ("data_connectors", "name", "name"),
    ("emails", "email", "email"),
    ("events", "event_name", "name"),
    ("exports", "", ""),
    ("external_pages", "title", "title"),
    ("folders", "name", "name"),
    ("help_center_redirects", "from_url", "from_url"),
    ("help_centers", "identifier", "identifier"),
    ("internal_articles", "title", "title"),
    ("jobs", "", ""),
    ("macros", "name", "name"),
    ("messages", "body", "body"),
    ("news_items", "title", "title"),
    ("newsfeeds", "name", "name"),
    ("notes", "body", "body"),
    ("office_hours_exceptions", "name", "name"),
    ("office_hours_schedules", "name", "name"),
    ("reporting_exports", "", ""),
    ("segments", "name", "name"),
    ("subscription_types", "state", "state"),
    ("tags", "name", "name"),
    ("teams", "name", "name"),
    ("ticket_states", "internal_label", "internal_label"),
    ("ticket_type_attributes", "name", "name"),
    ("ticket_types", "name", "name"),
    ("tickets", "ticket_attributes._default_title_", "ticket_attributes._default_title_"),
    ("visitors", "name", "name"),
];

/// What the test does to one collection.
pub struct Plan<'c> {
    pub catalog: &'c Catalog,
    pub collection: &'c str,
    /// Where the body that creates an item has the text.
    pub written: &'static str,
    /// Where an item has the text.
    pub shown: &'static str,
    /// Adds an item; without it, items come from `Server::seed`.
    pub create: Option<&'c Operation>,
    pub find: Vec<&'c Operation>,
    pub update: Option<&'c Operation>,
    pub delete: Vec<&'c Operation>,
    pub lists: Vec<&'c Operation>,
    pub search: Option<&'c Operation>,
}

impl<'c> Plan<'c> {
    /// The plan for a collection.
    pub fn of(catalog: &'c Catalog, collection: &'c str) -> Self {
        let text = TEXTS.iter().find(|(name, ..)| *name == collection);
        let (_, written, shown) = *text.unwrap_or_else(|| panic!("the table of texts lacks {collection}"));
        let all = |action: Action| -> Vec<&Operation> {
            let resource = |operation: &Operation| {
                operation.resource.as_ref().is_some_and(|it| it.action == action && it.collection == collection)
            };
            catalog.operations.iter().filter(|operation| resource(operation)).collect()
        };
        // An operation that takes nothing from its body is about a part of the item, or about another item.
        let whole = |operation: &&&Operation| {
            let resource = operation.resource.as_ref().unwrap();
            !resource.ignore.iter().any(|key| key == "*")
        };
        let mut creating = all(Action::Create);
        creating.extend(all(Action::Upsert));
        let create = creating.iter().find(whole).or(creating.first()).copied();
        let with = |operation: &Operation| operation.resource.as_ref().unwrap().with.clone();
        let lists = all(Action::List).into_iter().filter(|operation| {
            let own = with(operation).is_none_or(|it| create.and_then(&with) == Some(it));
            own && operation.resource.as_ref().unwrap().at.is_none()
        });
        let lists = lists.collect();
        let updating = all(Action::Update);
        let update = updating.iter().filter(whole).find(|it| it.resource.as_ref().unwrap().answer.is_none()).copied();
        let (find, delete) = (all(Action::Find), all(Action::Delete));
        let search = all(Action::Search).first().copied();
        Self { catalog, collection, written, shown, create, find, update, delete, lists, search }
    }

    /// Whether an operation takes the text of an item.
    pub fn takes_text(&self, operation: &Operation) -> bool {
        let schema = operation.body.as_ref().and_then(|body| body.schema.as_ref());
        let key = self.shown.split('.').next().unwrap();
        !key.is_empty() && schema.is_some_and(|schema| declares(self.catalog, schema, key))
    }

    /// The field by which a search finds one item, and the place of its value.
    pub fn search_field(&self, operation: &Operation) -> &str {
        let has = operation.search.iter().any(|field| field.name == self.shown);
        if has { self.shown } else { "id" }
    }
}

fn declares(catalog: &Catalog, schema: &Schema, key: &str) -> bool {
    match &schema.shape {
        Shape::Nullable(inner) => declares(catalog, inner, key),
        Shape::Type(name) => match &catalog.type_named(name).unwrap().definition {
            Definition::Object { properties, .. } => properties.iter().any(|property| property.name == key),
            Definition::Alias(schema) => declares(catalog, schema, key),
            Definition::Union { alternatives, .. } => {
                alternatives.iter().any(|alternative| declares(catalog, &alternative.schema, key))
            }
            Definition::Enum(_) => false,
        },
        _ => false,
    }
}

/// The arguments that an operation requires.
pub fn required(catalog: &Catalog, operation: &Operation) -> Value {
    let mut arguments = example::arguments(catalog, operation);
    if let Some(schema) = operation.body.as_ref().and_then(|body| body.schema.as_ref()) {
        arguments["body"] = example::request(catalog, schema);
    }
    for parameter in operation.parameters.iter().filter(|it| it.location == Location::QueryExploded) {
        arguments["query"].as_object_mut().unwrap().remove(&parameter.name);
    }
    arguments
}

/// A call that is being put together.
pub struct Call<'c> {
    pub operation: &'c Operation,
    pub arguments: Value,
}

impl Call<'_> {
    /// Sets what a template such as `$path.first` or `$body.from.id` refers to.
    pub fn set(&mut self, template: &str, value: Value) {
        let (root, rest) = template.trim_start_matches('$').split_once('.').unwrap();
        let names: Vec<&str> = self.operation.path.split('/').filter_map(|it| it.strip_prefix('{')).collect();
        match (root, rest) {
            ("path", "first") => self.arguments["path"][names[0].trim_end_matches('}')] = value,
            ("path", _) => self.arguments["path"][names[names.len() - 1].trim_end_matches('}')] = value,
            ("query", name) => self.arguments["query"][name] = value,
            (_, place) => *slot(&mut self.arguments["body"], place) = value,
        }
    }

    /// The path with its query.
    pub fn target(&self) -> String {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut target = self.operation.path.clone();
        for (name, value) in self.arguments["path"].as_object().unwrap() {
            target = target.replace(&format!("{{{name}}}"), &text(value));
        }
        let query = self.arguments["query"].as_object().unwrap();
        let pairs = query.iter().map(|(name, value)| (name, text(value)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if query.is_empty() { target } else { format!("{target}?{query}") }
    }

    pub fn body(&self) -> Option<&Value> {
        self.arguments.get("body").filter(|body| !body.is_null())
    }
}

/// The place by which an operation finds its item, and the template that says where the call has the value.
pub fn key(find: &Map<String, Value>, item: &Value) -> (String, String) {
    if find.is_empty() {
        return ("id".to_owned(), "$path.last".to_owned());
    }
    let has = |(place, _): &(&String, &Value)| get(item, place).is_some_and(|value| !value.is_null());
    let (place, template) = find.iter().find(has).unwrap();
    (place.clone(), template.as_str().unwrap().to_owned())
}

/// The value at a place.
pub fn get<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}

/// The value at a place, which is created with the objects that are missing.
pub fn slot<'a>(value: &'a mut Value, place: &str) -> &'a mut Value {
    place.split('.').fold(value, |value, key| {
        if !value.is_object() {
            *value = json!({});
        }
        &mut value[key]
    })
}
