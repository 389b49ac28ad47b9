//! Lowers what a description declares beyond types: documentation, limits, examples and security.

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema, SecurityScheme as Source};
use serde_json::Value;

use super::Lowering;
use crate::diag::join;
use crate::ir::{Doc, Example, SchemaMetadata, SecurityKind, SecurityRequirement, SecurityScheme};
use crate::spec::{Spec, View, view};

/// The documentation of a schema.
pub(super) fn doc(view: &View<'_>) -> Doc {
    Doc { summary: None, description: view.data.description.clone() }
}

/// The metadata of a schema.
pub(super) fn metadata(schema: &View<'_>) -> SchemaMetadata {
    SchemaMetadata {
        title: schema.data.title.clone(),
        json_type: schema.ty.map(str::to_owned),
        format: schema.format.clone(),
        pattern: schema.pattern.map(str::to_owned),
        values: schema.values.clone(),
        limits: schema.limits.clone(),
        default: schema.data.default.clone(),
        example: schema.data.example.clone(),
        read_only: schema.data.read_only,
        write_only: schema.data.write_only,
        items: item(schema).map(|items| Box::new(metadata(&view(items)))),
    }
}

/// The schema of a list's items or of a map's values, where it is inline.
fn item<'a>(view: &View<'a>) -> Option<&'a Schema> {
    match (view.items, view.additional) {
        (Some(ReferenceOr::Item(schema)), _) => Some(schema),
        (None, Some(openapiv3::AdditionalProperties::Schema(schema))) => schema.as_item(),
        _ => None,
    }
}

impl Lowering<'_> {
    /// The examples of a parameter or of a media type: the value of `example`, then those of `examples`.
    pub(super) fn examples(
        &mut self,
        one: Option<&Value>,
        several: &IndexMap<String, ReferenceOr<openapiv3::Example>>,
        pointer: &str,
    ) -> Vec<Example> {
        let mut examples: Vec<Example> =
            one.into_iter().map(|value| Example { name: None, value: value.clone() }).collect();
        for (name, example) in several {
            match self.spec.example(example).and_then(|example| example.value.as_ref()) {
                Some(value) => examples.push(Example { name: Some(name.clone()), value: value.clone() }),
                None => self.warn(
                    "example-elsewhere",
                    &join(&join(pointer, "examples"), name),
                    "the value of this example is not in the description; the example is ignored",
                ),
            }
        }
        examples
    }
}

/// The security schemes of the description, without references.
pub(super) fn security_schemes(spec: &Spec) -> Vec<SecurityScheme> {
    let schemes = spec.document.components.iter().flat_map(|components| &components.security_schemes);
    schemes
        .filter_map(|(name, scheme)| {
            let kind = match scheme.as_item()? {
                Source::HTTP { scheme, .. } => SecurityKind::Http(scheme.to_lowercase()),
                Source::APIKey { location, name, .. } => SecurityKind::ApiKey {
                    location: serde_json::to_value(location).ok()?.as_str()?.to_owned(),
                    name: name.clone(),
                },
                Source::OAuth2 { .. } => SecurityKind::OAuth2,
                Source::OpenIDConnect { open_id_connect_url, .. } => {
                    SecurityKind::OpenIdConnect(open_id_connect_url.clone())
                }
            };
            Some(SecurityScheme { name: name.clone(), kind })
        })
        .collect()
}

/// The security requirements of an operation or of the API.
pub(super) fn security(requirements: &[IndexMap<String, Vec<String>>]) -> Vec<SecurityRequirement> {
    let requirement = |schemes: &IndexMap<String, Vec<String>>| {
        schemes.iter().map(|(name, scopes)| (name.clone(), scopes.clone())).collect()
    };
    requirements.iter().map(requirement).collect()
}
