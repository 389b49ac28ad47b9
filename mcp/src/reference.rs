//! Documents operations and types as Markdown.

use std::fmt::Write as _;

use intercom_catalog::{Catalog, Definition, Location, Operation, Property, Schema, Shape, Type};

use crate::call::needs;
use crate::options::Access;

/// The page of an operation.
pub(crate) fn operation(catalog: &Catalog, operation: &Operation) -> String {
    let mut page = format!("# {}\n\n", operation.id);
    paragraph(&mut page, operation.summary.as_deref());
    let does = match needs(operation) {
        Access::Read => "It changes nothing.",
        Access::Write => "It changes data.",
        Access::Delete => "It deletes data for good.",
    };
    line(&mut page, &format!("`{} {}` · version {} · {does}", operation.http_method, operation.path, catalog.version));
    if operation.deprecated {
        line(&mut page, "It is deprecated.");
    }
    // The headings of the description become sections of the page.
    let description = operation.description.as_ref().map(|text| text.replace("\n# ", "\n## "));
    paragraph(&mut page, description.as_deref());
    if !operation.parameters.is_empty() {
        page.push_str("## Parameters\n\n");
        for parameter in &operation.parameters {
            let place = match parameter.location {
                Location::Path => "path",
                Location::Header => "header",
                _ => "query",
            };
            let needed = if parameter.required { ", required" } else { "" };
            let ty = shape(&parameter.schema);
            item(&mut page, &format!("`{}` ({ty}, {place}{needed})", parameter.name), parameter.doc.as_deref());
        }
        page.push('\n');
    }
    if let Some(body) = &operation.body {
        page.push_str("## Body\n\n");
        paragraph(&mut page, body.doc.as_deref());
        match &body.schema {
            Some(schema) => schema_of(&mut page, catalog, schema),
            None => {
                let _ = writeln!(page, "A form, `{}`:\n", body.media_type);
                properties(&mut page, &body.parts);
            }
        }
        if let Some(example) = body.examples.first() {
            json(&mut page, example.name.as_deref(), &example.value);
        }
    }
    if let Some(success) = operation.success() {
        page.push_str("## Response\n\n");
        match (&success.schema, &success.media_type) {
            (Some(schema), _) => line(&mut page, &format!("Status {}: {}.", success.status, shape(schema))),
            (None, Some(media_type)) => line(&mut page, &format!("Status {}: `{media_type}`.", success.status)),
            (None, None) => line(&mut page, &format!("Status {}, without content.", success.status)),
        }
        if let Some(example) = success.examples.first() {
            json(&mut page, example.name.as_deref(), &example.value);
        }
    }
    if !operation.search.is_empty() {
        page.push_str("## Search fields\n\n");
        for field in &operation.search {
            let operators =
                if field.operators.is_empty() { String::new() } else { format!(": {}", field.operators.join(" ")) };
            let _ = writeln!(page, "- `{}` ({}){operators}", field.name, field.kind);
        }
        page.push('\n');
    }
    if let Some(reference) = &operation.reference {
        let _ = writeln!(page, "Intercom's page: <{reference}>");
    }
    page
}

/// The page of a type.
pub(crate) fn ty(catalog: &Catalog, ty: &Type) -> String {
    let mut page = format!("# {}\n\n", ty.name);
    paragraph(&mut page, ty.doc.as_deref());
    definition(&mut page, catalog, ty);
    if let Some(example) = &ty.example {
        json(&mut page, None, example);
    }
    page
}

/// The list of all operations.
pub(crate) fn index(catalog: &Catalog) -> String {
    let mut page = format!("# Operations of version {}\n\n", catalog.version);
    for group in &catalog.groups {
        let _ = writeln!(page, "## {}\n", group.name);
        paragraph(&mut page, group.doc.as_deref());
        for operation in catalog.operations_of(&group.name) {
            item(&mut page, &format!("`{}`", operation.id), operation.summary.as_deref());
        }
        page.push('\n');
    }
    page
}

fn schema_of(page: &mut String, catalog: &Catalog, schema: &Schema) {
    line(page, &format!("{}.", shape(schema)));
    if let Some(ty) = catalog.definition(schema) {
        paragraph(page, ty.doc.as_deref());
        definition(page, catalog, ty);
    }
}

fn definition(page: &mut String, catalog: &Catalog, ty: &Type) {
    match &ty.definition {
        Definition::Object { properties: all, alternatives } => {
            properties(page, all);
            if !alternatives.is_empty() {
                let sets: Vec<String> =
                    alternatives.iter().map(|names| format!("`{}`", names.join("` and `"))).collect();
                line(page, &format!("A request must have {}.", sets.join(", or ")));
            }
        }
        Definition::Enum(values) => {
            for value in values {
                item(page, &format!("`{}`", value.value), value.doc.as_deref());
            }
            line(page, "\nThe API may return other values.");
        }
        Definition::Union { alternatives, .. } => {
            line(page, "One of:");
            for alternative in alternatives {
                let doc = catalog.definition(&alternative.schema).and_then(|ty| ty.doc.as_deref());
                item(page, &shape(&alternative.schema), doc);
            }
            page.push('\n');
        }
        Definition::Alias(schema) => schema_of(page, catalog, schema),
    }
}

fn properties(page: &mut String, properties: &[Property]) {
    for property in properties {
        let mut facts = vec![shape(&property.schema)];
        let flags = [
            (property.required, "required in requests"),
            (property.nullable, "may be null"),
            (property.read_only, "only in responses"),
            (property.write_only, "only in requests"),
            (property.deprecated, "deprecated"),
        ];
        facts.extend(flags.iter().filter(|(is, _)| *is).map(|(_, text)| (*text).to_owned()));
        facts.extend(property.constant.iter().map(|constant| format!("always `{constant}`")));
        item(page, &format!("`{}` ({})", property.name, facts.join(", ")), property.doc.as_deref());
    }
    page.push('\n');
}

/// A schema in a few words; types link to their pages.
fn shape(schema: &Schema) -> String {
    match &schema.shape {
        Shape::String => "string".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::Timestamp if schema.json_type.as_deref() == Some("string") => "date and time as text".to_owned(),
        Shape::Timestamp => "time in Unix seconds".to_owned(),
        Shape::Any => "any JSON".to_owned(),
        Shape::Object => "object".to_owned(),
        Shape::File => "file".to_owned(),
        Shape::List(item) => format!("list of {}", shape(item)),
        Shape::Map(value) => format!("object with values of {}", shape(value)),
        Shape::Nullable(inner) => format!("{} or null", shape(inner)),
        Shape::Type(name) => format!("[{name}](intercom://type/{name})"),
    }
}

fn item(page: &mut String, head: &str, doc: Option<&str>) {
    let _ = match doc {
        Some(doc) => writeln!(page, "- {head}: {}", doc.trim().replace('\n', "\n  ")),
        None => writeln!(page, "- {head}"),
    };
}

fn line(page: &mut String, text: &str) {
    let _ = writeln!(page, "{text}\n");
}

fn paragraph(page: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        line(page, text.trim());
    }
}

fn json(page: &mut String, name: Option<&str>, value: &serde_json::Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let title = name.map_or_else(|| "Example:".to_owned(), |name| format!("Example ({name}):"));
    let _ = writeln!(page, "{title}\n\n```json\n{text}\n```\n");
}
