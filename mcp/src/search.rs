//! The tools `search` and `fetch`, which work on several kinds of objects.

use intercom_catalog::call::Arguments;
use intercom_catalog::{Location, Operation};
use serde_json::{Map, Value, json};

use crate::call::Sending;
use crate::curated::{position_of, result_cursor};
use crate::failure::Failure;
use crate::filters::{OPERATORS, body, condition};
use crate::query::{self, Query};
use crate::redact::REDACTED;
use crate::server::Shared;
use crate::table::{Object, table};

/// The longest title, in characters.
const TITLE: usize = 120;

/// The JSON Schema of the arguments of `search`.
pub(crate) fn search_input() -> Value {
    json!({
        "$schema": intercom_catalog::json_schema::DIALECT,
        "type": "object",
        "properties": {
            "query": {"type": "string", "description": "The query.", "examples": ["object_type:contacts email_domain:example.com limit:5"]},
            "result_cursor": result_cursor()
        },
        "required": ["query"],
        "additionalProperties": false
    })
}

/// The JSON Schema of the arguments of `fetch`.
pub(crate) fn fetch_input() -> Value {
    json!({
        "$schema": intercom_catalog::json_schema::DIALECT,
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "An id with its prefix, as in the results of `search`.", "examples": ["conversation_123", "contact_63a07ddf05a32042dffac965"]},
            "result_cursor": result_cursor()
        },
        "required": ["id"],
        "additionalProperties": false
    })
}

impl Shared {
    /// The kinds of objects that this version can search, with their operations.
    pub(crate) fn searchable(&self) -> impl Iterator<Item = (&'static Object, &Operation)> {
        table().objects.iter().filter_map(|object| {
            let operation = object.search.iter().find_map(|id| self.catalog.operation(id))?;
            Some((object, operation))
        })
    }

    /// The description of the tool `search`.
    pub(crate) fn search_description(&self) -> String {
        let words: Vec<&str> = OPERATORS.iter().map(|(word, _)| *word).collect();
        let mut text = format!(
            "Search with a query of words separated by spaces. `object_type:` is required. `field:value` and `field:operator:value` are conditions; all of them must match. Operators: {}. `q:` and words without a field are free text. Put values with spaces or colons in quotes. `limit:` is 5 by default and at most 150; `starting_after:` continues after an earlier result. Times are Unix seconds or dates. Ids in results have a prefix for `fetch`.\n\nFields by object_type:",
            words.join(", ")
        );
        for (object, operation) in self.searchable() {
            let fields: Vec<String> = match operation.search.is_empty() {
                false => operation.search.iter().map(|field| field.name.replace('{', "<").replace('}', ">")).collect(),
                true => parameters(operation).map(str::to_owned).collect(),
            };
            text.push_str(&format!("\n- {}: {}", object.kind, fields.join(", ")));
        }
        text
    }

    /// Answers a call of `search`.
    ///
    /// # Errors
    /// Where the query is not valid, names an unknown field, or the call fails.
    pub(crate) async fn search(&self, arguments: &Map<String, Value>) -> Result<Value, Failure> {
        let text = required(arguments, "query")?;
        let kinds: Vec<&str> = self.searchable().map(|(object, _)| object.kind.as_str()).collect();
        let query = query::parse(text, &kinds)?;
        let found = self.searchable().find(|(object, _)| object.kind == query.kind);
        let (object, operation) = found.ok_or_else(|| Failure::new("there is no such object_type."))?;
        let arguments = if operation.search.is_empty() {
            by_parameters(operation, object, &query)
        } else {
            by_filters(operation, object, &query)
        }?;
        let position = position_of(operation).unwrap_or("starting_after");
        let mut page = self.page(operation, arguments, Some(query.limit), query.starting_after.as_deref()).await?;
        for item in &mut page.items {
            present(object, item);
        }
        let next = page.next.clone();
        let mut out = page.into_json("results", position);
        if let (Some(next), Some(out)) = (next, out.as_object_mut()) {
            out.insert(
                "_note".to_owned(),
                format!("There are more results; add starting_after:\"{next}\" to the query.").into(),
            );
        }
        Ok(out)
    }

    /// Answers a call of `fetch`.
    ///
    /// # Errors
    /// Where the id has no known prefix, or the call fails.
    pub(crate) async fn fetch(&self, arguments: &Map<String, Value>) -> Result<Value, Failure> {
        let id = required(arguments, "id")?.trim();
        let known = table().objects.iter().filter(|object| self.catalog.operation(&object.find).is_some());
        let found = known
            .clone()
            .find_map(|object| Some((object, id.strip_prefix(&object.prefix).filter(|id| !id.is_empty())?)));
        let (object, bare) = found.ok_or_else(|| {
            let prefixes: Vec<String> = known.map(|object| format!("{}…", object.prefix)).collect();
            Failure::new(format!(
                "`{id}` has no known prefix; ids are {}. Use `search` to find one.",
                prefixes.join(", ")
            ))
        })?;
        let operation = crate::call::operation(&self.catalog, &object.find)?;
        let mut path = Arguments::default();
        let parameter = operation.parameters.iter().find(|parameter| parameter.location == Location::Path);
        path.path.extend(parameter.map(|parameter| (parameter.name.clone(), bare.into())));
        let mut found = self.call(operation, path, Sending::Now).await?;
        present(object, &mut found);
        if let (Some(link), Some(fields)) = (self.link(object, bare).await, found.as_object_mut()) {
            fields.insert("url".to_owned(), link.into());
        }
        Ok(found)
    }

    /// The address of the object's page in the app; `None` where the workspace is not known, or the id has unexpected characters.
    async fn link(&self, object: &Object, id: &str) -> Option<String> {
        let base = self.app.get_or_try_init(|| self.find_app()).await.ok()?.as_ref()?;
        // An id with other characters would change the path.
        id.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            .then(|| format!("https://{}{}", base.host, object.link.replace("{app}", &base.id).replace("{id}", id)))
    }

    /// The workspace of the token; `None` if the answer does not name it or its region is unknown, or the version has no operation for it.
    ///
    /// # Errors
    /// Where the call fails.
    async fn find_app(&self) -> Result<Option<App>, Failure> {
        let Some(operation) = self.catalog.operation("admins.identify") else { return Ok(None) };
        let me = self.call(operation, Arguments::default(), Sending::Now).await?;
        Ok(App::of(&me))
    }
}

impl App {
    fn of(me: &Value) -> Option<Self> {
        let text = |pointer: &str| me.pointer(pointer).and_then(Value::as_str);
        let host = match text("/app/region")? {
            "US" => "app.intercom.com",
            "EU" => "app.eu.intercom.com",
            "AU" => "app.au.intercom.com",
            _ => return None,
        };
        Some(Self { id: text("/app/id_code")?.to_owned(), host })
    }
}

/// The workspace in links.
#[derive(Debug)]
pub(crate) struct App {
    id: String,
    host: &'static str,
}

/// The argument with this name, which is a string.
pub(crate) fn required<'a>(arguments: &'a Map<String, Value>, name: &str) -> Result<&'a str, Failure> {
    match arguments.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(Failure::new(format!("`{name}` is a string, not {other}."))),
        None => Err(Failure::new(format!("`{name}` is missing."))),
    }
}

/// The arguments of a search that takes filters.
fn by_filters(operation: &Operation, object: &Object, query: &Query) -> Result<Arguments, Failure> {
    let mut conditions = Vec::new();
    for given in &query.conditions {
        conditions.push(condition(operation, &given.field, given.operator, &given.value.clone().into())?);
    }
    let mut anywhere = Vec::new();
    for field in object.text.iter().filter(|_| !query.text.is_empty()) {
        anywhere.push(condition(operation, field, "~", &query.text.clone().into())?);
    }
    Ok(Arguments { body: Some(body(conditions, anywhere)), ..Arguments::default() })
}

/// The arguments of a search that takes parameters, which are compared for equality.
fn by_parameters(operation: &Operation, object: &Object, query: &Query) -> Result<Arguments, Failure> {
    let mut arguments = Arguments::default();
    let known = || parameters(operation).collect::<Vec<_>>().join(", ");
    for given in &query.conditions {
        if !parameters(operation).any(|name| name == given.field) {
            return Err(Failure::new(format!(
                "{} cannot be searched by `{}`, but by {}.",
                object.kind,
                given.field,
                known()
            )));
        }
        if given.operator != "=" {
            return Err(Failure::new(format!(
                "{} are searched by equal values only: {}:{}",
                object.kind, given.field, given.value
            )));
        }
        arguments.query.insert(given.field.clone(), given.value.clone().into());
    }
    if let Some(field) = object.text.first().filter(|_| !query.text.is_empty()) {
        arguments.query.insert(field.clone(), query.text.clone().into());
    }
    Ok(arguments)
}

/// The parameters of a search except for those of its pagination.
fn parameters(operation: &Operation) -> impl Iterator<Item = &str> {
    let paging = operation.pagination.as_ref();
    operation.parameters.iter().map(|parameter| parameter.name.as_str()).filter(move |name| {
        paging.is_none_or(|paging| paging.position != *name && paging.per_page.as_deref() != Some(name))
    })
}

/// Adds the prefix to an object's id, and a title where it has none.
fn present(object: &Object, value: &mut Value) {
    let title = object.title.iter().find_map(|place| {
        let pointer = format!("/{}", place.replace('.', "/"));
        let text = without_tags(value.pointer(&pointer)?.as_str()?);
        (!text.is_empty() && text != REDACTED).then_some(text)
    });
    let Some(fields) = value.as_object_mut() else { return };
    let id = match fields.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return,
    };
    fields.insert("id".to_owned(), format!("{}{id}", object.prefix).into());
    if let (Some(title), false) = (title, fields.get("title").is_some_and(Value::is_string)) {
        fields.insert("title".to_owned(), title.into());
    }
}

/// The text of HTML in one line, cut after [`TITLE`] characters.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(TITLE).collect()
}
