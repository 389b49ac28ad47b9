//! Lowers the platform features, which [`platform`](crate::platform) has merged into the document.

use serde_json::{Map, Value};

use super::Lowering;
use crate::ir::{PlatformFeature, Reexports, RustName, Topic, TypeId, WireName};

impl Lowering<'_> {
    /// The platform features of the document.
    pub(super) fn platform_features(&self) -> Vec<PlatformFeature> {
        let features = self.spec.document.extensions.get("x-sdk-platform").and_then(Value::as_object);
        features.into_iter().flatten().map(|(name, feature)| self.platform_feature(name, feature)).collect()
    }

    fn platform_feature(&self, name: &str, feature: &Value) -> PlatformFeature {
        let text = |key: &str| feature.get(key).and_then(Value::as_str).map(str::to_owned);
        let topics = feature.get("topics").and_then(Value::as_object);
        PlatformFeature {
            name: name.to_owned(),
            file: text("file").unwrap_or_default(),
            received: self.listed(feature.get("received")),
            sent: self.listed(feature.get("sent")),
            reexports: feature.get("reexports").map(reexports).unwrap_or_default(),
            stream_url_field: text("stream_url_field").map(WireName),
            stream_doc: text("stream_doc").unwrap_or_default(),
            newest: self.newest(feature.get("newest")),
            newest_doc: text("newest_doc").unwrap_or_default(),
            topics: topics.into_iter().flatten().map(|(name, topic)| self.topic(name, topic)).collect(),
        }
    }

    fn topic(&self, name: &str, topic: &Value) -> Topic {
        let text = |key: &str| topic.get(key).and_then(Value::as_str).map(str::to_owned);
        let wrapped = topic.get("wrapped").and_then(Value::as_object).into_iter().flat_map(Map::iter);
        Topic {
            wire: WireName(name.to_owned()),
            item: topic.get("item").and_then(|item| self.schema_named(item)),
            wrapped: wrapped
                .filter_map(|(key, item)| Some((WireName(key.clone()), self.schema_named(item)?)))
                .collect(),
            since: text("since"),
            permission: text("permission"),
            preview_only: text("only").as_deref() == Some("preview"),
        }
    }

    fn newest(&self, paths: Option<&Value>) -> Vec<(TypeId, Vec<WireName>)> {
        let paths = paths.and_then(Value::as_object).into_iter().flatten();
        let path = |path: &str| path.split('.').map(|name| WireName(name.to_owned())).collect();
        paths.filter_map(|(schema, text)| Some((*self.named.get(schema.as_str())?, path(text.as_str()?)))).collect()
    }

    fn listed(&self, names: Option<&Value>) -> Vec<TypeId> {
        let names = names.and_then(Value::as_array);
        names.into_iter().flatten().filter_map(|name| self.schema_named(name)).collect()
    }

    fn schema_named(&self, name: &Value) -> Option<TypeId> {
        self.named.get(name.as_str()?).copied()
    }
}

fn reexports(all: &Value) -> Reexports {
    let name = |name: &str| RustName(name.to_owned());
    let names = |key: &str| {
        let names = all.get(key).and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str).map(name).collect()
    };
    let aliases = all.get("aliases").and_then(Value::as_object).into_iter().flatten();
    Reexports {
        modules: names("modules"),
        platform: names("platform"),
        runtime: names("runtime"),
        aliases: aliases.filter_map(|(alias, about)| Some((name(alias), about.as_str()?.to_owned()))).collect(),
    }
}
