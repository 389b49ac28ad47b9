//! Templates: JSON whose texts refer to a call, as `intercom_catalog` describes them.

use serde_json::{Map, Value};

use super::place;

/// What templates of a call refer to.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) path: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a Value,
    pub(crate) item: &'a Value,
    pub(crate) other: &'a Value,
    /// The last item of the operations of [`Resource::also`](intercom_catalog::Resource::also).
    pub(crate) also_item: &'a Value,
    /// How many of these were refused.
    pub(crate) failed: u64,
    /// The id of the item that is created; in an update, a new id for a part that is added to the item.
    pub(crate) id: &'a Value,
    /// Unix seconds.
    pub(crate) now: u64,
    /// The base URL.
    pub(crate) server: &'a str,
    /// What is done to the item: `created`, `updated` or `deleted`.
    pub(crate) done: &'static str,
}

impl Scope<'_> {
    /// The value of a template; `None` where it refers to nothing.
    pub(crate) fn value(&self, template: &Value) -> Option<Value> {
        match template {
            Value::String(text) => self.text(text),
            Value::Array(values) => Some(values.iter().filter_map(|value| self.value(value)).collect()),
            Value::Object(values) if values.contains_key("$each") => {
                let Some(Value::Array(items)) = self.value(&values["$each"]) else { return None };
                let mut rest = values.clone();
                rest.shift_remove("$each");
                let rest = rest.shift_remove("$value").unwrap_or(Value::Object(rest));
                Some(items.iter().filter_map(|item| Scope { item, ..*self }.value(&rest)).collect())
            }
            Value::Object(values) => {
                let present = values.iter().filter_map(|(key, value)| Some((key.clone(), self.value(value)?)));
                Some(Value::Object(present.collect::<Map<_, _>>()))
            }
            value => Some(value.clone()),
        }
    }

    /// The value of a string template: the first alternative that exists and is not null, else null if one is null.
    pub(crate) fn text(&self, template: &str) -> Option<Value> {
        if template.contains("{$") {
            return self.filled(template).map(Value::String);
        }
        if !template.starts_with('$') {
            return Some(Value::from(template));
        }
        let mut null = None;
        for alternative in template.split('|') {
            match self.reference(alternative) {
                Some(Value::Null) => null = Some(Value::Null),
                Some(value) => return Some(value),
                None => {}
            }
        }
        null
    }

    /// A text with the references in braces replaced.
    fn filled(&self, template: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{$") {
            let (reference, after) = after.split_once('}')?;
            filled.push_str(before);
            filled.push_str(&place::text(&self.text(&format!("${reference}"))?));
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn reference(&self, reference: &str) -> Option<Value> {
        let Some(name) = reference.strip_prefix('$') else { return Some(Value::from(reference)) };
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let parameter = |values: &[(String, String)]| {
            values.iter().find(|(key, _)| key == rest).map(|(_, value)| Value::from(value.as_str()))
        };
        match root {
            "path" if rest == "first" => self.path.first().map(|(_, value)| Value::from(value.as_str())),
            "path" if rest == "last" => self.path.last().map(|(_, value)| Value::from(value.as_str())),
            "path" => parameter(self.path),
            "query" => parameter(self.query),
            "body" => place::get(self.body, rest).cloned(),
            "item" if !self.item.is_null() => place::get(self.item, rest).cloned(),
            "other" if !self.other.is_null() => place::get(self.other, rest).cloned(),
            "also" if !self.also_item.is_null() => place::get(self.also_item, rest).cloned(),
            "failed" if self.failed > 0 => Some(Value::from(self.failed)),
            "count" => self.reference(&format!("${rest}"))?.as_array().map(|list| Value::from(list.len())),
            "server" => Some(Value::from(self.server)),
            "done" => Some(Value::from(self.done)),
            "id" => Some(self.id.clone()),
            "date" => Some(Value::from(date(self.now))),
            "now" => Some(Value::from(self.now)),
            _ => None,
        }
    }
}

/// A time as the API writes it in texts: `2023-11-14T22:13:20.000+00:00`.
pub(super) fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that a leap day is the last of its year; 719,468 days lie between 0000-03-01 and 1970.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000+00:00")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn templates_refer_to_the_call() {
        let (body, item, id) = (
            json!({"name": null, "email": "a@b.c", "list": [{"value": 1}, {"value": 2}]}),
            json!({"role": "lead"}),
            json!("7"),
        );
        let path = [("contact_id".to_owned(), "5".to_owned())];
        let (query, other, server, done) = (&[], &Value::Null, "http://x", "created");
        let (also_item, failed) = (&json!({"id": "8"}), 2);
        let scope = Scope {
            path: &path,
            query,
            body: &body,
            item: &item,
            other,
            also_item,
            failed,
            id: &id,
            now: 9,
            server,
            done,
        };
        let value = |template: Value| scope.value(&template);
        assert_eq!(value(json!("$path.contact_id")), Some(json!("5")));
        assert_eq!(value(json!("$path.first")), Some(json!("5")));
        assert_eq!(value(json!("$other.id")), None);
        assert_eq!(
            value(json!({"$each": [{"id": 1}, {"id": 2}], "of": "$item.id"})),
            Some(json!([{"of": 1}, {"of": 2}]))
        );
        assert_eq!(value(json!({"$each": "$body.list", "$value": "$item.value"})), Some(json!([1, 2])));
        assert_eq!(value(json!(["$count.body.list", "$also.id", "$failed"])), Some(json!([2, "8", 2])));
        assert_eq!(value(json!("$body.name")), Some(Value::Null));
        assert_eq!(value(json!("$body.name|$body.none|$body.email")), Some(json!("a@b.c")));
        assert_eq!(value(json!("$body.none|nobody")), Some(json!("nobody")));
        assert_eq!(value(json!("contact.{$item.role}.created")), Some(json!("contact.lead.created")));
        assert_eq!(
            value(json!({"id": "$id", "at": "$now", "x": "$body.none", "y": 1})),
            Some(json!({"id": "7", "at": 9, "y": 1}))
        );
    }
    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000+00:00"),
            (951_782_400, "2000-02-29T00:00:00.000+00:00"),
            (1_700_000_000, "2023-11-14T22:13:20.000+00:00"),
            (4_107_542_399, "2100-02-28T23:59:59.000+00:00"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }
}
