//! Truncates results to a budget of bytes, with cursors for the rest.
//!
//! A cursor is `POINTER#COUNT`: the place in the result that was cut, and how much of it was given. The same call with a
//! cursor gives the rest of that place. Nothing is kept between calls, so only calls that read have cursors.

use serde_json::{Map, Value, json};

/// The least that a part is truncated to: fewer bytes are not worth a cursor.
const LEAST: usize = 80;

/// How an agent gets the rest of a truncated result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// By the same call with a cursor: the call only reads.
    Cursor,
    /// By reading the object: the call has changed something, and would do so again.
    Read,
    /// Not at all: it repeats the agent's own arguments.
    Known,
}

impl Rest {
    fn note(self) -> &'static str {
        match self {
            Self::Cursor => {
                "Parts of this result were left out because of its size. To get one, repeat the call with the same arguments and its cursor as `result_cursor`."
            }
            Self::Read => {
                "Parts of this result were left out because of its size. The call was carried out; do not repeat it. Read the object to see the rest."
            }
            Self::Known => "Parts of this result were left out because of its size.",
        }
    }
}

/// Truncates a value and lists what was left out of it.
#[derive(Debug)]
struct Truncator {
    cuts: Vec<Value>,
    rest: Rest,
}

/// Truncates a result to about `budget` bytes. `base` and `skipped` say which part of the whole result it is.
///
/// What was left out is listed in `_cut`, with a cursor for each place where `rest` is [`Rest::Cursor`].
pub(crate) fn truncate(value: Value, budget: usize, base: &str, skipped: usize, rest: Rest) -> Value {
    if size(&value) <= budget {
        return value;
    }
    let mut truncator = Truncator { cuts: Vec::new(), rest };
    let value = truncator.fit(value, budget, base, skipped);
    let note = json!({"_note": rest.note(), "_cut": truncator.cuts});
    match (value, note) {
        (Value::Object(mut fields), Value::Object(note)) => {
            fields.extend(note);
            Value::Object(fields)
        }
        (value, Value::Object(mut note)) => {
            note.shift_insert(0, "value".to_owned(), value);
            Value::Object(note)
        }
        (value, _) => value,
    }
}

/// The part of a result that a cursor refers to, with its pointer and how much of the place is skipped.
///
/// # Errors
/// Where the text is no cursor, or the result has nothing at its place.
pub(crate) fn resume(value: Value, cursor: &str) -> Result<(Value, String, usize), String> {
    let parts = cursor.rsplit_once('#').and_then(|(pointer, count)| Some((pointer, count.parse::<usize>().ok()?)));
    let Some((pointer, count)) = parts else {
        return Err(format!(
            "`{cursor}` is no result cursor; take one from `_cut` of an earlier result of the same call"
        ));
    };
    let Some(place) = value.pointer(pointer) else {
        return Err(format!("the result has nothing at `{pointer}`; repeat the call without `result_cursor`"));
    };
    let rest = match place {
        Value::String(text) => Value::String(text.chars().skip(count).collect()),
        Value::Array(items) => items.iter().skip(count).cloned().collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().skip(count).map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        other => other.clone(),
    };
    Ok((rest, pointer.to_owned(), count))
}

impl Truncator {
    /// The value itself, or as much of it as fits the budget.
    fn fit(&mut self, value: Value, budget: usize, pointer: &str, skipped: usize) -> Value {
        if size(&value) <= budget {
            return value;
        }
        match value {
            Value::String(text) => self.text(&text, budget, pointer, skipped),
            Value::Array(items) => self.list(items, budget, pointer, skipped),
            Value::Object(fields) if fields.len().saturating_mul(LEAST) > budget => {
                self.entries(fields, budget, pointer, skipped)
            }
            Value::Object(fields) => self.fields(fields, budget, pointer),
            other => other,
        }
    }

    fn text(&mut self, text: &str, budget: usize, pointer: &str, skipped: usize) -> Value {
        let end =
            text.char_indices().map(|(index, c)| index + c.len_utf8()).take_while(|end| *end <= budget.max(LEAST));
        let given = text[..end.last().unwrap_or(0)].to_owned();
        let (count, total) = (given.chars().count(), text.chars().count());
        if count < total {
            self.note(pointer, skipped + count, "characters", total - count);
        }
        Value::String(given)
    }

    /// As many items as fit; at least one, which is truncated itself if it has to be.
    fn list(&mut self, items: Vec<Value>, budget: usize, pointer: &str, skipped: usize) -> Value {
        let total = items.len();
        let mut left = budget;
        let mut given = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let item = if index == 0 { self.fit(item, left, &format!("{pointer}/{skipped}"), 0) } else { item };
            let size = size(&item) + 1;
            if index > 0 && size > left {
                break;
            }
            left = left.saturating_sub(size);
            given.push(item);
        }
        if given.len() < total {
            self.note(pointer, skipped + given.len(), "items", total - given.len());
        }
        Value::Array(given)
    }

    /// As many entries of a large map as fit.
    fn entries(&mut self, fields: Map<String, Value>, budget: usize, pointer: &str, skipped: usize) -> Value {
        let total = fields.len();
        let mut left = budget;
        let mut given = Map::new();
        for (key, value) in fields {
            let value = if given.is_empty() { self.fit(value, left, &child(pointer, &key), 0) } else { value };
            let size = size(&value) + key.len() + 4;
            if !given.is_empty() && size > left {
                break;
            }
            left = left.saturating_sub(size);
            given.insert(key, value);
        }
        if given.len() < total {
            self.note(pointer, skipped + given.len(), "entries", total - given.len());
        }
        Value::Object(given)
    }

    /// All fields: the smallest whole, the others with equal shares of what is left.
    fn fields(&mut self, mut fields: Map<String, Value>, budget: usize, pointer: &str) -> Value {
        let mut sizes: Vec<(usize, String)> =
            fields.iter().map(|(key, value)| (size(value) + key.len() + 4, key.clone())).collect();
        sizes.sort();
        let mut left = budget;
        for (index, (size, key)) in sizes.iter().enumerate() {
            let share = left / (sizes.len() - index);
            if *size <= share {
                left -= size;
            } else if let Some(value) = fields.get_mut(key) {
                let share = share.saturating_sub(key.len() + 4).max(LEAST);
                *value = self.fit(value.take(), share, &child(pointer, key), 0);
                left = left.saturating_sub(share);
            }
        }
        Value::Object(fields)
    }

    fn note(&mut self, pointer: &str, given: usize, unit: &str, left: usize) {
        let mut cut = json!({"at": pointer, "left": left, "unit": unit});
        if let (Rest::Cursor, Some(fields)) = (self.rest, cut.as_object_mut()) {
            fields.insert("cursor".to_owned(), format!("{pointer}#{given}").into());
        }
        self.cuts.push(cut);
    }
}

fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The approximate size of a value as JSON, in bytes; escapes are not counted.
fn size(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(|item| size(item) + 1).sum::<usize>(),
        Value::Object(fields) => 2 + fields.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Rest, resume, size, truncate};
    use serde_json::{Value, json};

    /// Puts a result together again from all its parts.
    fn whole(value: &Value, budget: usize) -> (Value, usize) {
        let mut out = truncate(value.clone(), budget, "", 0, Rest::Cursor);
        let mut calls = 1;
        let mut todo = take_cuts(&mut out);
        while let Some(cursor) = todo.pop() {
            calls += 1;
            assert!(calls < 1000, "truncating ends");
            let (rest, pointer, skipped) = resume(value.clone(), &cursor).unwrap();
            let mut rest = truncate(rest, budget, &pointer, skipped, Rest::Cursor);
            let cuts = take_cuts(&mut rest);
            assert!(!cuts.contains(&cursor), "a part goes on");
            todo.extend(cuts);
            let place = out.pointer_mut(&pointer).unwrap();
            match (place, rest) {
                (Value::String(text), Value::String(rest)) => text.push_str(&rest),
                (Value::Array(items), Value::Array(rest)) => items.extend(rest),
                (Value::Object(fields), Value::Object(rest)) => fields.extend(rest),
                (place, rest) => panic!("{place} goes on with {rest}"),
            }
        }
        (out, calls)
    }

    fn take_cuts(value: &mut Value) -> Vec<String> {
        let Some(fields) = value.as_object_mut() else { return Vec::new() };
        let Some(Value::Array(cuts)) = fields.shift_remove("_cut") else { return Vec::new() };
        fields.shift_remove("_note");
        let inner = fields.get("value").filter(|_| fields.len() == 1).cloned();
        if let Some(inner) = inner {
            *value = inner;
        }
        cuts.iter().map(|cut| cut["cursor"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_fits_is_left_alone() {
        let value = json!({"a": [1, 2, 3]});
        assert_eq!(truncate(value.clone(), 100, "", 0, Rest::Cursor), value);
    }

    #[test]
    fn cursors_return_all_of_a_result() {
        let part =
            |id: usize| json!({"id": id, "body": "ä".repeat(id * 7 % 300), "author": {"name": "Joe", "a/b~c": id}});
        let values = [
            json!({"type": "conversation", "id": "1", "parts": {"parts": (0..200).map(part).collect::<Vec<_>>()}}),
            json!({"data": (0..40).map(part).collect::<Vec<_>>(), "pages": {"next": "x".repeat(30)}}),
            json!({"body": "é\"\\\n".repeat(5000)}),
            json!((0..500).map(|n| (format!("key{n}"), json!("v".repeat(n % 50)))).collect::<serde_json::Map<_, _>>()),
            Value::String("long ".repeat(3000)),
            json!([[["deep".repeat(2000)]]]),
        ];
        for value in values {
            for budget in [500, 2000, 20_000] {
                let (again, calls) = whole(&value, budget);
                // Keys may be in another order, which equality ignores.
                assert_eq!(again, value, "budget {budget}, {calls} calls");
            }
        }
    }

    #[test]
    fn a_truncated_result_is_near_its_budget() {
        let value = json!({"parts": vec![json!({"body": "x".repeat(400)}); 300], "name": "n".repeat(9000)});
        for budget in [1000, 5000, 20_000] {
            let out = truncate(value.clone(), budget, "", 0, Rest::Cursor);
            let size = size(&out);
            assert!(size < budget + 600 && size > budget / 3, "{size} of {budget}");
        }
    }

    #[test]
    fn only_what_may_be_repeated_has_cursors() {
        let value = json!({"parts": vec!["x".repeat(400); 300]});
        for (rest, has_cursors) in [(Rest::Cursor, true), (Rest::Read, false), (Rest::Known, false)] {
            let out = truncate(value.clone(), 1000, "", 0, rest);
            assert_eq!(out["_cut"][0].get("cursor").is_some(), has_cursors, "{out}");
            assert_eq!(out["_note"].as_str().unwrap().contains("result_cursor"), has_cursors, "{out}");
        }
    }

    #[test]
    fn a_wrong_cursor_is_refused() {
        assert!(resume(json!({"a": 1}), "nonsense").unwrap_err().contains("is no result cursor"));
        assert!(resume(json!({"a": 1}), "/b#3").unwrap_err().contains("nothing at `/b`"));
        assert_eq!(resume(json!({"a": [1, 2]}), "/a#9").unwrap().0, json!([]));
    }
}
