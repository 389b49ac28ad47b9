//! Merges the platform features, such as webhooks, into a description: what Intercom sends to an app, and how the app responds, which
//! the descriptions of the REST API lack, or have only in part.
//!
//! The files of `descriptions/platform` are written by this project. Their schemas are merged into a version's
//! description before the overlays, so that they can refer to the version's own schemas and are processed like them.
//! The rest of a file, such as the topics, is kept under
//! `x-sdk-platform` at the root of the document.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::diag::{Error, Result, join};
use crate::overlay::YamlFile;
use crate::version::{Version, Versions};

/// A platform feature such as webhooks, to be merged into descriptions.
#[derive(Clone, Debug)]
pub(crate) struct PlatformFeature {
    file: String,
    content: FeatureFile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureFile {
    /// The cargo feature.
    feature: String,
    components: Components,
    /// Schemas of what Intercom sends, in addition to those of the topics.
    #[serde(default)]
    received: Vec<String>,
    /// Schemas of what an app responds with.
    #[serde(default)]
    sent: Vec<String>,
    /// What a generated crate re-exports for the feature.
    #[serde(default)]
    reexports: Reexports,
    /// The response field that contains the URL of an event stream.
    stream_url_field: Option<String>,
    /// The documentation of the methods that open the stream.
    #[serde(default)]
    stream_doc: String,
    /// By schema: the dotted path of a list whose last item is the part that a notification reports.
    #[serde(default)]
    newest: IndexMap<String, String>,
    /// The documentation of the methods that return that part.
    #[serde(default)]
    newest_doc: String,
    #[serde(default)]
    topics: IndexMap<String, Topic>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Reexports {
    /// Modules of `intercom_platform`.
    modules: Vec<String>,
    /// Names in the feature's module of `intercom_platform`.
    platform: Vec<String>,
    /// Names in the feature's module of `intercom_runtime`; without the feature `client` they are not available.
    runtime: Vec<String>,
    /// Generic types in the feature's module of `intercom_platform`, by name, each with the doc comment of its alias.
    aliases: IndexMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Components {
    schemas: Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    item: Option<String>,
    /// For items that some versions send inside another object: the key of the item in that object, and the schema of the object. A
    /// received object that has this key is read with this schema instead of `item`.
    #[serde(default)]
    wrapped: IndexMap<String, String>,
    since: Option<String>,
    permission: Option<String>,
    /// `preview` if no stable version has the topic.
    only: Option<String>,
}

impl PlatformFeature {
    /// Reads a file of `descriptions/platform`.
    ///
    /// # Errors
    /// If the structure of the file is not the expected one.
    pub(crate) fn parse(file: &YamlFile) -> Result<Self> {
        let content = serde_yaml::from_str(&file.text).map_err(|error| {
            Error::new(&file.name, "", format!("does not describe a platform feature: {error}"))
                .hint("the other files of descriptions/platform show the structure")
        })?;
        Ok(Self { file: file.name.clone(), content })
    }

    /// The file that it was read from.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Merges the feature into a version's description.
    ///
    /// # Errors
    /// If the description already has a schema of the same name, or `x-versions` of a schema is not a set of versions.
    pub(crate) fn apply(&self, document: &mut Value, version: Version) -> Result<()> {
        let Some(root) = document.as_object_mut() else { return Ok(()) };
        let components = root.entry("components").or_insert_with(|| json!({}));
        let Some(components) = components.as_object_mut() else { return Ok(()) };
        let schemas = components.entry("schemas").or_insert_with(|| json!({}));
        let Some(schemas) = schemas.as_object_mut() else { return Ok(()) };
        self.merge_schemas(schemas, version)?;
        let feature = self.without_schemas(schemas);
        let features = root.entry("x-sdk-platform").or_insert_with(|| json!({}));
        if let Some(features) = features.as_object_mut() {
            features.insert(self.content.feature.clone(), feature);
        }
        Ok(())
    }

    /// Adds the feature's schemas to those of the description. After an error, none is added.
    fn merge_schemas(&self, schemas: &mut Map<String, Value>, version: Version) -> Result<()> {
        let mut added = Map::new();
        for (name, schema) in &self.content.components.schemas {
            let pointer = join("/components/schemas", name);
            let mut schema = schema.clone();
            let versions = schema.as_object_mut().and_then(|schema| schema.shift_remove("x-versions"));
            if let Some(versions) = versions {
                let place = join(&pointer, "x-versions");
                let text = versions.as_str().ok_or_else(|| {
                    Error::new(&self.file, &place, format!("expected text, found {versions}"))
                        .hint("write it as `x-versions: '2.15'` or `x-versions: 2.9..2.13`")
                })?;
                let versions: Versions = text
                    .parse()
                    .map_err(|error: Error| Error::new(&self.file, &place, error.message()).hint(error.hint_text()))?;
                if !versions.contains(version) {
                    continue;
                }
            }
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("x-sdk-platform-feature".to_owned(), Value::from(self.content.feature.as_str()));
            }
            if schemas.contains_key(name) {
                return Err(Error::new(
                    &self.file,
                    pointer,
                    format!("the description of {version} already has a schema `{name}`"),
                )
                .hint("refer to the schema of the description instead, or choose another name"));
            }
            added.insert(name.clone(), schema);
        }
        schemas.extend(added);
        Ok(())
    }

    /// The feature without its schemas. References to schemas that this version does not have are left out; a topic stays, without its
    /// item.
    fn without_schemas(&self, schemas: &Map<String, Value>) -> Value {
        let known = |name: &&String| schemas.contains_key(name.as_str());
        let topics: Map<String, Value> = self
            .content
            .topics
            .iter()
            .map(|(name, topic)| {
                let wrapped: Map<String, Value> = topic
                    .wrapped
                    .iter()
                    .filter(|(_, schema)| known(schema))
                    .map(|(key, schema)| (key.clone(), Value::from(schema.as_str())))
                    .collect();
                let topic = json!({
                    "item": topic.item.as_ref().filter(known),
                    "wrapped": wrapped,
                    "since": topic.since,
                    "permission": topic.permission,
                    "only": topic.only,
                });
                (name.clone(), topic)
            })
            .collect();
        let received: Vec<&String> = self.content.received.iter().filter(known).collect();
        let sent: Vec<&String> = self.content.sent.iter().filter(known).collect();
        let newest: Map<String, Value> = (self.content.newest.iter())
            .filter(|(schema, _)| known(schema))
            .map(|(schema, path)| (schema.clone(), Value::from(path.as_str())))
            .collect();
        json!({
            "file": self.file,
            "received": received,
            "sent": sent,
            "reexports": self.content.reexports,
            "stream_url_field": self.content.stream_url_field,
            "stream_doc": self.content.stream_doc,
            "newest": newest,
            "newest_doc": self.content.newest_doc,
            "topics": topics,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURE: &str = "
feature: webhooks
components:
  schemas:
    ping: {type: object}
    late: {type: object, x-versions: '2.14..'}
received: [late]
topics:
  ping: {item: ping, since: '2.5'}
  call.started: {item: call, wrapped: {call: late}}
";

    fn merged(version: &str) -> Value {
        let file = YamlFile { name: "platform/webhooks.yaml".to_owned(), text: FEATURE.to_owned() };
        let mut document = json!({"components": {"schemas": {"contact": {}}}});
        PlatformFeature::parse(&file).unwrap().apply(&mut document, version.parse().unwrap()).unwrap();
        document
    }

    #[test]
    fn schemas_of_other_versions_are_left_out_with_the_references_of_the_feature() {
        let document = merged("2.7");
        let schemas: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(schemas, ["contact", "ping"]);
        let feature = &document["x-sdk-platform"]["webhooks"];
        assert_eq!(feature["received"], json!([]));
        assert_eq!(feature["topics"]["ping"]["item"], "ping");
        assert_eq!(
            (&feature["topics"]["call.started"]["item"], &feature["topics"]["call.started"]["wrapped"]),
            (&Value::Null, &json!({}))
        );

        let document = merged("2.14");
        assert_eq!(
            document["components"]["schemas"]["late"],
            json!({"type": "object", "x-sdk-platform-feature": "webhooks"})
        );
        assert_eq!(document["x-sdk-platform"]["webhooks"]["received"], json!(["late"]));
    }

    #[test]
    fn a_schema_of_the_description_is_not_replaced() {
        let file = YamlFile { name: "platform/webhooks.yaml".to_owned(), text: FEATURE.to_owned() };
        let mut document = json!({"components": {"schemas": {"ping": {}}}});
        let refused = PlatformFeature::parse(&file).unwrap().apply(&mut document, "2.15".parse().unwrap()).unwrap_err();
        assert_eq!((refused.file(), refused.pointer()), ("platform/webhooks.yaml", "/components/schemas/ping"));
        assert_eq!(document["components"]["schemas"]["ping"], json!({}));
    }

    #[test]
    fn an_unknown_key_is_rejected_with_its_line() {
        let file = YamlFile { name: "platform/a.yaml".to_owned(), text: "feature: a\nroot: []\n".to_owned() };
        let refused = PlatformFeature::parse(&file).unwrap_err().to_string();
        assert!(refused.contains("unknown field `root`") && refused.contains("line 2"), "{refused}");
    }
}
