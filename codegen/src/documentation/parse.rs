//! The structure of the files in `descriptions/docs`.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Documentation, Entry, OperationDoc, TypeDoc};
use crate::diag::{Error, Result};
use crate::overlay::YamlFile;
use crate::version::Versions;

/// A file in `operations/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    group: String,
    about: String,
    operations: Vec<OperationEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationEntry {
    operation: String,
    versions: Option<String>,
    summary: String,
    details: Option<String>,
    #[serde(default)]
    errors: Vec<String>,
    #[serde(default)]
    arguments: IndexMap<String, String>,
    #[serde(default)]
    body: IndexMap<String, String>,
    returns: Option<String>,
}

/// The file `fields.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    fields: IndexMap<String, String>,
    self_explaining: Vec<String>,
}

/// A file in `types/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypesFile {
    types: IndexMap<String, TypeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeEntry {
    about: Option<String>,
    #[serde(default)]
    fields: IndexMap<String, String>,
    #[serde(default)]
    values: IndexMap<String, IndexMap<String, String>>,
}

/// Reads the files of `descriptions/docs`. The path decides what a file contains: `fields.yaml`, `operations/…` or
/// `types/…`.
pub(super) fn parse<'f>(files: impl IntoIterator<Item = &'f YamlFile>) -> Result<Documentation> {
    let mut documentation = Documentation::default();
    for file in files {
        let folder = file.name.rsplit('/').nth(1).unwrap_or_default();
        match (folder, file.name.rsplit('/').next().unwrap_or_default()) {
            ("operations", _) => documentation.add_group(file, read(file)?)?,
            ("types", _) => documentation.add_types(file, read(file)?)?,
            (_, "fields.yaml") => documentation.add_fields(file, read(file)?),
            _ => {
                return Err(Error::new(&file.name, "", "is not a documentation file")
                    .hint("move it to descriptions/docs/operations or descriptions/docs/types"));
            }
        }
    }
    Ok(documentation)
}

fn read<T: DeserializeOwned>(file: &YamlFile) -> Result<T> {
    serde_yaml::from_str(&file.text).map_err(|error| {
        Error::new(&file.name, "", format!("does not have the structure of a documentation file: {error}"))
            .hint("the other files of descriptions/docs show the keys")
    })
}

fn twice(file: &YamlFile, what: &str) -> Error {
    Error::new(&file.name, "", format!("`{what}` is documented twice")).hint("keep one of the entries")
}

impl Documentation {
    fn add_group(&mut self, file: &YamlFile, group: GroupFile) -> Result<()> {
        let about = Entry { file: file.name.clone(), text: group.about };
        if self.groups.insert(group.group.clone(), about).is_some() {
            return Err(twice(file, &group.group));
        }
        for entry in group.operations {
            let key = entry.operation.clone();
            let versions = entry.versions.as_deref().map(str::parse).transpose();
            let versions = versions.map_err(|error: Error| error.in_file(&file.name))?;
            let docs = self.operations.entry(key.clone()).or_default();
            // Entries for certain versions are inserted at the front, so that the entry for all other versions is tried last.
            let place = if versions.is_some() { 0 } else { docs.len() };
            if versions.is_none() && docs.iter().any(|doc| doc.versions.is_none()) {
                return Err(twice(file, &key));
            }
            docs.insert(place, operation(file, entry, versions));
        }
        Ok(())
    }

    fn add_types(&mut self, file: &YamlFile, types: TypesFile) -> Result<()> {
        for (schema, entry) in types.types {
            let TypeEntry { about, fields, values } = entry;
            let doc = TypeDoc { file: file.name.clone(), about, fields, values };
            if self.types.insert(schema.clone(), doc).is_some() {
                return Err(twice(file, &schema));
            }
        }
        Ok(())
    }

    fn add_fields(&mut self, file: &YamlFile, fields: FieldsFile) {
        let entry = |text| Entry { file: file.name.clone(), text };
        self.fields.extend(fields.fields.into_iter().map(|(name, text)| (name, entry(text))));
        self.self_explaining.extend(fields.self_explaining);
    }
}

fn operation(file: &YamlFile, entry: OperationEntry, versions: Option<Versions>) -> OperationDoc {
    let errors = (!entry.errors.is_empty()).then(|| {
        let lines: Vec<String> = entry.errors.iter().map(|error| format!("- {}", error.trim())).collect();
        format!("# Errors\n\n{}", lines.join("\n"))
    });
    let returns = entry.returns.map(|returns| format!("# Returns\n\n{}", returns.trim()));
    let parts: Vec<String> =
        [entry.details, returns, errors].into_iter().flatten().map(|part| part.trim().to_owned()).collect();
    OperationDoc {
        file: file.name.clone(),
        id: entry.versions.map_or_else(|| entry.operation.clone(), |text| format!("{} ({text})", entry.operation)),
        versions,
        summary: entry.summary,
        description: (!parts.is_empty()).then(|| parts.join("\n\n")),
        arguments: entry.arguments,
        body: entry.body,
    }
}
