//! Builds forms from parts that are given as JSON or as files.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use intercom_runtime::Multipart;
use intercom_runtime::multipart::Part;
use serde_json::Value;

use super::Problem;
use crate::operation::Body;
use crate::schema::Shape;

/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Builds the form of these parts; a part that is null is left out.
///
/// # Errors
/// If a part cannot be sent: a list or an object that is not a file, or a file that is not Base64.
pub(super) fn form(declared: &Body, body: Option<Value>, files: BTreeMap<String, Part>) -> Result<Multipart, Problem> {
    let mut form = Multipart::new();
    for (name, value) in body.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let is_file = declared.parts.iter().any(|part| &part.name == name && part.schema.shape == Shape::File);
        form = match value {
            Value::Null => form,
            value if is_file => form.part(name, file(name, value)?),
            Value::String(text) => form.text(name, text),
            value @ (Value::Number(_) | Value::Bool(_)) => form.text(name, value),
            _ => return Err(problem(name, "expected text")),
        };
    }
    Ok(files.into_iter().fold(form, |form, (name, part)| form.part(name, part)))
}

/// A file given as JSON. Its file name is the part's name unless another one is given.
fn file(name: &str, value: &Value) -> Result<Part, Problem> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let content = value.as_str().or_else(|| text("base64"));
    let content = content.ok_or_else(|| problem(name, "expected Base64 text, or an object with `base64`"))?;
    let bytes = BASE64.decode(content).map_err(|error| problem(name, &format!("is not Base64 text: {error}")))?;
    let part = Part::bytes(bytes).file_name(text("file_name").unwrap_or(name));
    Ok(match text("content_type") {
        Some(media_type) => part.content_type(media_type),
        None => part,
    })
}

fn problem(name: &str, message: &str) -> Problem {
    Problem::new(format!("/body/{name}"), message)
}
