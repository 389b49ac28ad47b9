//! Finds the position of the next page in a response.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{Paging, PagingStyle};

/// What a response says about the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The response says that there is no next page.
    End,
    /// The response does not say whether there is a next page.
    Unspecified,
    /// The position of the next page.
    At(String),
    /// There is a next page, but its position is missing.
    Missing,
}

/// Finds the position of the next page. `requested` is the position of this page.
pub(super) fn next(paging: &Paging, envelope: &Map<String, Value>, requested: Option<&str>) -> Next {
    let more = paging.more.and_then(|path| find(envelope, path)).and_then(flag);
    let named = match (more, named(paging, envelope)) {
        (Some(false), _) => return Next::End,
        (Some(true), Next::End | Next::Unspecified) => Next::Missing,
        (_, named) => named,
    };
    if paging.style != PagingStyle::Page {
        return named;
    }
    let this = requested.and_then(|requested| requested.trim().parse().ok()).unwrap_or(1u64);
    let after = this.saturating_add(1);
    match named {
        Next::At(text) => match text.trim().parse::<u64>() {
            Ok(number) if number > this => return Next::At(number.to_string()),
            // The position is that of this page or an earlier one, with which pagination would not end.
            Ok(_) => {}
            Err(_) => return Next::At(after.to_string()),
        },
        Next::Missing => return Next::At(after.to_string()),
        Next::End | Next::Unspecified => {}
    }
    let last = paging.last.and_then(|path| number(find(envelope, path)?));
    if last.is_some_and(|last| last > this) { Next::At(after.to_string()) } else { Next::End }
}

/// The position that the response contains at the path `Paging::next`.
fn named(paging: &Paging, envelope: &Map<String, Value>) -> Next {
    let param = paging.position.rsplit('.').next().unwrap_or(paging.position);
    let mut steps = paging.next.split('.').filter(|step| !step.is_empty());
    let Some(mut value) = steps.next().and_then(|step| envelope.get(step)) else { return Next::Unspecified };
    for step in steps {
        match value {
            Value::Object(object) => match object.get(step) {
                Some(inner) => value = inner,
                // The object has other keys, so there is a next page.
                None if step == param && !object.is_empty() => return Next::Missing,
                None => return absent(step, param),
            },
            // The value is not an object although the path goes deeper: `pages.next` can be a URL.
            other => return scalar(other, param),
        }
    }
    match value {
        Value::Object(object) if object.is_empty() => Next::End,
        Value::Object(object) => member(object, param),
        other => scalar(other, param),
    }
}

/// The meaning of an object without the member `step`. If `step` is the key of the position, the object is an empty `next`: there is no
/// next page. If it is another key, such as `next`, the object does not say whether there is a next page.
fn absent(step: &str, param: &str) -> Next {
    if step == param { Next::End } else { Next::Unspecified }
}

/// The meaning of an object that should have the position as a member.
fn member(object: &Map<String, Value>, param: &str) -> Next {
    match object.get(param) {
        None => Next::Missing,
        Some(value) => scalar(value, param),
    }
}

/// The meaning of a value that should be the position, or a URL that contains it.
fn scalar(value: &Value, param: &str) -> Next {
    match value {
        Value::String(text) if text.is_empty() => Next::End,
        Value::String(text) if is_url(text) => match query_value(text, param) {
            Some(position) if position.is_empty() => Next::End,
            Some(position) => Next::At(position),
            None => Next::Missing,
        },
        Value::String(text) => Next::At(text.clone()),
        Value::Number(number) => Next::At(number.to_string()),
        Value::Bool(true) => Next::Missing,
        _ => Next::End,
    }
}

/// Whether a text is a URL, or a path with a query, and not a cursor.
fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/') && text.contains('?')
}

/// The value of a query parameter of a URL.
fn query_value(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then(|| decoded(value))
    })
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The value at a dotted path.
pub(super) fn find<'a>(envelope: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let first = envelope.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// A count, which the API sends as a number or as a string.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A bool, which the API sends as a bool or as a string.
fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Location;
    use super::*;

    fn paging(style: PagingStyle, cursor: &'static str, next: &'static str, last: Option<&'static str>) -> Paging {
        let paging = Paging::new(style, Location::Query, cursor, &["data"]).next(next).more("has_more");
        Paging { last, ..paging }
    }

    fn after(paging: &Paging, envelope: &str, requested: Option<&str>) -> Next {
        next(paging, &serde_json::from_str(envelope).unwrap(), requested)
    }

    fn at(position: &str) -> Next {
        Next::At(position.to_owned())
    }

    #[test]
    fn a_cursor_is_found_in_every_known_format() {
        for cursor in ["starting_after", "pagination.starting_after"] {
            let paging = paging(PagingStyle::Cursor, cursor, "pages.next.starting_after", None);
            for (envelope, expected) in [
                (r#"{"pages":{"next":{"per_page":"5","starting_after":"abc"}}}"#, at("abc")),
                (r#"{"pages":{"next":{"page":2,"starting_after":7}}}"#, at("7")),
                (
                    r#"{"pages":{"next":"https://api.intercom.io/contacts?per_page=5&starting_after=a%2Bb%3D+c#x"}}"#,
                    at("a+b= c"),
                ),
                (r#"{"pages":{"next":"/contacts?starting_after=abc"}}"#, at("abc")),
                (r#"{"pages":{"next":"abc"}}"#, at("abc")),
                (r#"{"pages":{"next":"https://api.intercom.io/contacts?page=2"}}"#, Next::Missing),
                (r#"{"pages":{"next":{"page":2}}}"#, Next::Missing),
                (r#"{"pages":{"next":{"starting_after":null}}}"#, Next::End),
                (r#"{"pages":{"next":{"starting_after":""}}}"#, Next::End),
                (r#"{"pages":{"next":{}}}"#, Next::End),
                (r#"{"pages":{"next":null}}"#, Next::End),
                (r#"{"pages":{"next":""}}"#, Next::End),
                (r#"{"pages":{}}"#, Next::Unspecified),
                (r#"{"pages":null}"#, Next::End),
                (r#"{"has_more":false,"pages":{"next":{"starting_after":"abc"}}}"#, Next::End),
                (r#"{"has_more":"false","pages":{"next":{"starting_after":"abc"}}}"#, Next::End),
                (r#"{"has_more":true}"#, Next::Missing),
                (r#"{"has_more":true,"pages":{"next":null}}"#, Next::Missing),
                ("{}", Next::Unspecified),
            ] {
                assert_eq!(after(&paging, envelope, None), expected, "{envelope}");
            }
        }
        let events = paging(PagingStyle::Cursor, "before", "pages.next", None);
        let envelope = r#"{"pages":{"next":"http://api.intercom.io/events?type=user&before=1389913941"}}"#;
        assert_eq!(after(&events, envelope, None), at("1389913941"));
        let history = paging(PagingStyle::Cursor, "cursor", "next_cursor", None);
        assert_eq!(after(&history, r#"{"next_cursor":"n"}"#, None), at("n"));
    }

    #[test]
    fn the_next_page_number_is_always_larger() {
        let numbered = paging(PagingStyle::Page, "page", "pages.next", Some("pages.total_pages"));
        for (envelope, requested, expected) in [
            (r#"{"pages":{"page":1,"total_pages":3,"next":null}}"#, None, at("2")),
            (r#"{"pages":{"page":"1","total_pages":"3"}}"#, None, at("2")),
            (r#"{"pages":{"total_pages":3}}"#, Some("2"), at("3")),
            (r#"{"pages":{"total_pages":3}}"#, Some("3"), Next::End),
            // `total_pages` is too small: there are more pages.
            (r#"{"pages":{"total_pages":1,"next":"https://x/?page=4&per_page=5"}}"#, Some("3"), at("4")),
            (r#"{"pages":{"total_pages":1,"next":{"page":4,"starting_after":"abc"}}}"#, Some("3"), at("4")),
            (r#"{"pages":{"total_pages":1,"next":{"starting_after":"abc"}}}"#, Some("3"), at("4")),
            (r#"{"pages":{"next":"https://x/?starting_after=abc"}}"#, None, at("2")),
            // The same page again makes no progress.
            (r#"{"pages":{"next":"https://x/?page=2"}}"#, Some("2"), Next::End),
            (r#"{"pages":{"next":{"page":2},"total_pages":9}}"#, Some("2"), at("3")),
            (r#"{"pages":{}}"#, None, Next::End),
            ("{}", None, Next::End),
        ] {
            assert_eq!(after(&numbered, envelope, requested), expected, "{envelope} after {requested:?}");
        }
        let audiences = paging(PagingStyle::Page, "page", "", Some("total_pages"));
        assert_eq!(after(&audiences, r#"{"total_pages":2,"page":1}"#, None), at("2"));
        assert_eq!(after(&audiences, r#"{"total_pages":2,"page":2}"#, Some("2")), Next::End);
    }
}
