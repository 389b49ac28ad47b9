//! A catalog of which only a part is read: a program that starts for one call does not pay for all operations.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use crate::embedded::{LoadError, text};
use crate::model::{Catalog, Group};
use crate::operation::Operation;
use crate::schema::{Definition, Schema, Shape, Type};

/// The text of a catalog's file, with the places of its operations and types. The file has a line for each of them.
#[derive(Clone, Debug)]
pub struct Index<'a> {
    version: String,
    title: String,
    groups: Vec<Group>,
    operations: Vec<Line<'a>>,
    types: Vec<Line<'a>>,
}

/// An operation or a type that has not been read.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    key: &'a str,
    text: &'a str,
}

impl Index<'static> {
    /// Opens the catalog of a version that is compiled in: `2.15`, `preview`.
    ///
    /// # Errors
    /// Where the version does not exist or is not compiled in.
    pub fn of_version(version: &str) -> Result<Self, LoadError> {
        Self::new(text(version)?)
    }
}

impl<'a> Index<'a> {
    /// Opens the text of a catalog's file, as [`Catalog::to_text`] writes it.
    ///
    /// # Errors
    /// Where the text is not a catalog. Operations and types are not parsed yet.
    pub fn new(text: &'a str) -> Result<Self, LoadError> {
        let (head, rest) = split(text, "\"operations\": [")?;
        let (operations, types) = split(rest, "\"types\": [")?;
        let head = format!("{}\n}}", head.trim_end().trim_end_matches(','));
        let head: Head = serde_json::from_str(&head)?;
        Ok(Self {
            version: head.version,
            title: head.title,
            groups: head.groups,
            operations: lines(operations, "{\"id\":\"").collect(),
            types: lines(types, "{\"name\":\"").collect(),
        })
    }

    /// The ids of all operations, sorted.
    pub fn operations(&self) -> impl Iterator<Item = &'a str> {
        self.operations.iter().map(|line| line.key)
    }

    /// Reads all operations and types. They are read on two threads, so that programs start faster.
    ///
    /// # Errors
    /// Where the line of an operation or a type is not what this crate writes.
    pub fn all(&self) -> Result<Catalog, LoadError> {
        std::thread::scope(|scope| {
            let types = scope.spawn(|| self.types.iter().map(read).collect::<Result<_, _>>());
            let operations = self.operations.iter().map(read).collect::<Result<_, _>>()?;
            let types = types.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok(self.catalog(operations, types))
        })
    }

    /// Reads the operations whose ids `chosen` accepts, and the types that they use. The catalog has all groups, but no other operations
    /// and types.
    ///
    /// ```
    /// let index = intercom_catalog::Index::of_version("2.15")?;
    /// let catalog = index.select(|id| id == "tags.create")?;
    /// assert_eq!(catalog.operations.len(), 1);
    /// assert!(catalog.type_named("TagBasic").is_some() && catalog.type_named("Article").is_none());
    /// # Ok::<(), intercom_catalog::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// Where the line of an operation or a type is not what this crate writes.
    pub fn select(&self, chosen: impl Fn(&str) -> bool) -> Result<Catalog, LoadError> {
        let chosen = self.operations.iter().filter(|line| chosen(line.key));
        let operations: Vec<Operation> = chosen.map(read).collect::<Result<_, _>>()?;
        let mut names = Names::default();
        operations.iter().for_each(|operation| names.of_operation(operation));
        let mut types: Vec<Type> = Vec::new();
        while let Some(name) = names.waiting.pop() {
            if let Ok(index) = self.types.binary_search_by(|line| line.key.cmp(&name)) {
                let ty: Type = read(&self.types[index])?;
                names.of_type(&ty);
                types.push(ty);
            }
        }
        types.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(self.catalog(operations, types))
    }

    fn catalog(&self, operations: Vec<Operation>, types: Vec<Type>) -> Catalog {
        let (version, title, groups) = (self.version.clone(), self.title.clone(), self.groups.clone());
        Catalog { version, title, groups, operations, types }
    }
}

/// The part of the file before the operations.
#[derive(serde::Deserialize)]
struct Head {
    version: String,
    title: String,
    groups: Vec<Group>,
}

fn split<'a>(text: &'a str, at: &str) -> Result<(&'a str, &'a str), LoadError> {
    // This finds the line and nothing else: quotes inside a JSON string are escaped, and only `to_text` writes a space after the colon.
    let missing = || <serde_json::Error as serde::de::Error>::custom(format!("there is no line `{at}`"));
    Ok(text.split_once(at).ok_or_else(missing)?)
}

fn lines<'a>(text: &'a str, begin: &'static str) -> impl Iterator<Item = Line<'a>> {
    text.split('\n').filter_map(move |line| {
        let (key, _) = line.strip_prefix(begin)?.split_once('"')?;
        Some(Line { key, text: line.trim_end_matches(',') })
    })
}

fn read<T: DeserializeOwned>(line: &Line<'_>) -> Result<T, LoadError> {
    Ok(serde_json::from_str(line.text)?)
}

/// The names of the types that operations and other types mention.
#[derive(Default)]
struct Names {
    known: BTreeSet<String>,
    waiting: Vec<String>,
}

impl Names {
    fn of_operation(&mut self, operation: &Operation) {
        operation.parameters.iter().for_each(|parameter| self.of_schema(&parameter.schema));
        if let Some(body) = &operation.body {
            body.schema.iter().for_each(|schema| self.of_schema(schema));
            body.parts.iter().for_each(|part| self.of_schema(&part.schema));
        }
        operation.responses.iter().filter_map(|it| it.schema.as_ref()).for_each(|schema| self.of_schema(schema));
        operation.pagination.iter().filter_map(|it| it.item.as_ref()).for_each(|item| self.add(item));
    }

    fn of_type(&mut self, ty: &Type) {
        match &ty.definition {
            Definition::Object { properties, .. } => properties.iter().for_each(|it| self.of_schema(&it.schema)),
            Definition::Union { alternatives, .. } => alternatives.iter().for_each(|it| self.of_schema(&it.schema)),
            Definition::Alias(schema) => self.of_schema(schema),
            Definition::Enum(_) => {}
        }
    }

    fn of_schema(&mut self, schema: &Schema) {
        match &schema.shape {
            Shape::List(inner) | Shape::Map(inner) | Shape::Nullable(inner) => self.of_schema(inner),
            Shape::Type(name) => self.add(name),
            _ => {}
        }
    }

    fn add(&mut self, name: &str) {
        if self.known.insert(name.to_owned()) {
            self.waiting.push(name.to_owned());
        }
    }
}
