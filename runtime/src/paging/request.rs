//! Puts position and page size into a request.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::{Location, Paging, PagingStyle};
use crate::call::{Call, CallBody};

impl Call {
    /// Sets the number of items of a page. More than the operation allows is an error when the call is sent.
    pub fn per_page<N: TryInto<u32>>(&mut self, count: N) {
        let Some((paging, name)) = self.endpoint.paging.and_then(|paging| Some((paging, paging.per_page?))) else {
            return self.fail(format!("{} has no page size", self.endpoint.id));
        };
        let Ok(count) = count.try_into() else {
            return self.fail("a page holds at least one item, and at most as many as a `u32` counts");
        };
        match paging.refusal(&self.endpoint.id, count) {
            Some(refusal) => self.fail(refusal),
            None => self.set_paging(paging.location, name, Value::from(count)),
        }
    }

    /// Sets the position of the first page: a cursor or a page number, as a response has it.
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
        self.set_paging(paging.location, paging.cursor, value);
    }

    pub(super) fn set_page_size(&mut self, paging: &Paging, count: u32) {
        if let Some(name) = paging.per_page {
            self.set_paging(paging.location, name, Value::from(count));
        }
    }

    /// The position that the request has, if any.
    pub(super) fn position(&self, paging: &Paging) -> Option<String> {
        self.paging_value(paging.location, paging.cursor)
    }

    /// The page size that the request has, if any.
    pub(super) fn page_size(&self, paging: &Paging) -> Option<u32> {
        self.paging_value(paging.location, paging.per_page?)?.parse().ok()
    }

    fn set_paging(&mut self, location: Location, place: &'static str, value: Value) {
        self.options.query.retain(|(name, _)| name != place);
        match (location, value) {
            (Location::Query, Value::String(text)) => self.query(place, text),
            (Location::Query, value) => self.query(place, value),
            (Location::Body, value) => {
                self.in_body.retain(|(known, _)| *known != place);
                self.in_body.push((place, value));
                self.patch_body();
            }
        }
    }

    fn paging_value(&self, location: Location, place: &str) -> Option<String> {
        let value = match location {
            Location::Query => {
                let given = self.options.query.iter().chain(&self.query).find(|(name, _)| name == place);
                return given.map(|(_, value)| value.clone()).filter(|value| !value.is_empty());
            }
            Location::Body => find(&self.body_object()?, place)?.clone(),
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

    /// Writes the pagination parameters that belong into the body, once there is a body.
    pub(crate) fn patch_body(&mut self) {
        if self.in_body.is_empty() || matches!(self.body, CallBody::None) {
            return;
        }
        let Some(mut body) = self.body_object() else {
            return self.fail("the body is not a JSON object, so it cannot have pagination parameters");
        };
        for (place, value) in &self.in_body {
            set(&mut body, place, value.clone());
        }
        self.body = match serde_json::to_vec(&body) {
            Ok(bytes) => CallBody::json(bytes),
            Err(error) => return self.fail(format!("the body is not JSON: {error}")),
        };
    }

    /// The API version that the call requests.
    pub(super) fn version(&self) -> Cow<'_, str> {
        let client = &*self.client.0;
        match (&self.options.api_version, &client.api_version, self.endpoint.version) {
            (Some(version), _, _) | (None, Some(version), _) => Cow::Borrowed(version),
            (None, None, "") => Cow::Borrowed(client.version),
            (None, None, version) => Cow::Borrowed(version),
        }
    }
}

fn find<'a>(object: &'a Map<String, Value>, place: &str) -> Option<&'a Value> {
    super::position::find(object, place)
}

fn set(object: &mut Map<String, Value>, place: &str, value: Value) {
    let Some((head, rest)) = place.split_once('.') else {
        object.insert(place.to_owned(), value);
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
    fn values_are_set_where_they_belong() {
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
