//! The fields of a search, their operators and the types of their values.

use intercom_catalog::SearchField;
use serde_json::Value;

use super::error::Mistake;
use super::lexer::{Kind, Token};
use crate::arguments::infer;
use crate::nearest::suggestion;
use crate::time;

/// The field with this name.
///
/// # Errors
/// Where the operation does not search by it.
pub fn field<'a>(fields: &'a [SearchField], name: &str, token: &Token) -> Result<&'a SearchField, Mistake> {
    let found = fields.iter().find(|field| field.name == name).or_else(|| {
        // `custom_attributes.{attribute_name}` stands for any name.
        fields.iter().find(|field| {
            let prefix = field.name.split_once('{').map(|(prefix, _)| prefix);
            prefix.is_some_and(|prefix| name.len() > prefix.len() && name.starts_with(prefix))
        })
    });
    found.ok_or_else(|| {
        let meant = suggestion(name, fields.iter().map(|field| field.name.as_str()));
        Mistake::new(format!("there is no field `{name}` to search by{meant}"), token.span.clone())
    })
}

/// The value of a token in the type of the field.
///
/// # Errors
/// Where it is not a value of that kind.
pub fn value(field: &SearchField, token: &Token) -> Result<Value, Mistake> {
    let (text, is_word) = match &token.kind {
        Kind::Word(text) => (text, true),
        Kind::Text(text) => (text, false),
        Kind::End => return Err(Mistake::new("the query ends where a value is expected", token.span.clone())),
        _ => return Err(Mistake::new("a value is expected here", token.span.clone())),
    };
    if is_word && text == "null" {
        return Ok(Value::Null);
    }
    let wrong = |expected: String| Mistake::new(format!("`{}` {expected}", field.name), token.span.clone());
    match field.kind.as_str() {
        "boolean" => match text.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(wrong(format!("is true or false, not `{text}`"))),
        },
        "integer" => match text.parse::<i64>() {
            Ok(number) => Ok(Value::from(number)),
            Err(_) => Err(wrong(format!("is an integer, not `{text}`"))),
        },
        "date" => time::parse(text).map(Value::from).map_err(|problem| wrong(format!("is a time: {problem}"))),
        "string" => Ok(Value::from(text.as_str())),
        // The workspace decides on the type of its own attributes; what is in quotes is a text.
        _ => Ok(if is_word { infer(text) } else { Value::from(text.as_str()) }),
    }
}

/// Checks that the field accepts the operator.
///
/// # Errors
/// Where it does not, with those that it accepts.
pub fn check_operator(field: &SearchField, operator: &str, token: &Token) -> Result<(), Mistake> {
    let allowed = field.accepted_operators();
    if allowed.contains(&operator) {
        return Ok(());
    }
    let message = format!("`{}` cannot be compared with `{operator}`; it takes {}", field.name, allowed.join(" "));
    Err(Mistake::new(message, token.span.clone()))
}
