//! Sets and reads the position and the page size of a request.

use std::fmt;

use serde_json::{Map, Value};

use super::position::find;
use super::{Location, Paging, PagingStyle};
use crate::call::{Call, CallBody};

impl Call {
    /// Sets the page size. A size that the operation does not allow is an error when the call is sent.
    pub fn per_page<N: TryInto<u32>>(&mut self, count: N) {
        let Some((paging, name)) = self.endpoint.paging.and_then(|paging| Some((paging, paging.per_page?))) else {
            return self.fail(format!("{} has no page size", self.endpoint.id));
        };
        let Ok(count) = count.try_into() else {
            return self.fail("the page size must be at least 1 and fit into a `u32`");
        };
        match paging.page_size_error(&self.endpoint.id, count) {
            Some(error) => self.fail(error),
            None => self.set_paging(paging.location, name, Value::from(count)),
        }
    }

    /// Sets the position of the first page to return: a cursor or a page number from a response.
    pub fn starting_at(&mut self, position: impl fmt::Display) {
        match self.endpoint.paging {
            Some(paging) => self.set_position(paging, &position.to_string()),
            None => self.fail(format!("{} has no pages", self.endpoint.id)),
        }
    }

    pub(super) fn set_position(&mut self, paging: &Paging, position: &str) {
        let number = match paging.style {
            PagingStyle::Page => position.parse::<u64>().ok(),
            PagingStyle::Cursor | PagingStyle::Scroll => None,
        };
        let value = number.map_or_else(|| Value::from(position), Value::from);
        self.set_paging(paging.location, paging.position, value);
    }

    pub(super) fn set_page_size(&mut self, paging: &Paging, count: u32) {
        if let Some(name) = paging.per_page {
            self.set_paging(paging.location, name, Value::from(count));
        }
    }

    /// The position that the request has, if any.
    pub(super) fn position(&self, paging: &Paging) -> Option<String> {
        self.paging_value(paging.location, paging.position)
    }

    /// The page size that the request has, if any.
    pub(super) fn page_size(&self, paging: &Paging) -> Option<u32> {
        self.paging_value(paging.location, paging.per_page?)?.parse().ok()
    }

    fn set_paging(&mut self, location: Location, path: &'static str, value: Value) {
        self.options.query.retain(|(name, _)| name != path);
        match (location, value) {
            (Location::Query, Value::String(text)) => self.query(path, text),
            (Location::Query, value) => self.query(path, value),
            (Location::Body, value) => {
                self.paging_in_body.retain(|(known, _)| *known != path);
                self.paging_in_body.push((path, value));
                self.put_paging_into_body();
            }
        }
    }

    fn paging_value(&self, location: Location, path: &str) -> Option<String> {
        let value = match location {
            Location::Query => {
                let given = self.options.query.iter().chain(&self.query).find(|(name, _)| name == path);
                return given.map(|(_, value)| value.clone()).filter(|value| !value.is_empty());
            }
            Location::Body => find(&self.body_object()?, path)?.clone(),
        };
        match value {
            Value::String(text) => Some(text).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn body_object(&self) -> Option<Map<String, Value>> {
        match &self.body {
            CallBody::Bytes { bytes, .. } => serde_json::from_slice(bytes).ok(),
            CallBody::None | CallBody::Multipart(_) => None,
        }
    }

    /// Writes the pagination parameters that belong in the body, if there is a body already.
    pub(crate) fn put_paging_into_body(&mut self) {
        if self.paging_in_body.is_empty() || matches!(self.body, CallBody::None) {
            return;
        }
        let Some(mut body) = self.body_object() else {
            return self.fail("the body is not a JSON object, so it cannot have pagination parameters");
        };
        for (path, value) in &self.paging_in_body {
            set(&mut body, path, value.clone());
        }
        self.body = match serde_json::to_vec(&body) {
            Ok(bytes) => CallBody::json(bytes),
            Err(error) => return self.fail(format!("the body cannot be serialized: {error}")),
        };
    }
}

/// Sets the value at a dotted path.
fn set(object: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((head, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let inner = object.entry(head).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        set(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_set_at_its_dotted_path() {
        for (before, expected) in [
            (r#"{"query":1}"#, r#"{"pagination":{"per_page":5},"query":1}"#),
            (r#"{"pagination":null}"#, r#"{"pagination":{"per_page":5}}"#),
            (
                r#"{"pagination":{"starting_after":"a","per_page":1}}"#,
                r#"{"pagination":{"per_page":5,"starting_after":"a"}}"#,
            ),
        ] {
            let mut body: Map<String, Value> = serde_json::from_str(before).unwrap();
            set(&mut body, "pagination.per_page", 5.into());
            // Compared as JSON values: the order of keys depends on a feature of serde_json that another crate may enable.
            assert_eq!(Value::Object(body), serde_json::from_str::<Value>(expected).unwrap());
        }
    }
}
