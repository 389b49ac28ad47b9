//! The position of the next page, from the response of this one.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{Paging, PagingStyle};

/// What a response says about the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The response says that there is no next page.
    End,
    /// The response does not say.
    Silent,
    /// The position of the next page.
    At(String),
    /// There is a next page, but its position is missing.
    Unknown,
}

/// Finds the next page. `asked` is the position of this one.
pub(super) fn next(paging: &Paging, facts: &Map<String, Value>, asked: Option<&str>) -> Next {
    let more = paging.more.and_then(|place| find(facts, place)).and_then(flag);
    let named = match (more, named(paging, facts)) {
        (Some(false), _) => return Next::End,
        (Some(true), Next::End | Next::Silent) => Next::Unknown,
        (_, named) => named,
    };
    if paging.style != PagingStyle::Page {
        return named;
    }
    let this = asked.and_then(|asked| asked.trim().parse().ok()).unwrap_or(1u64);
    let after = this.saturating_add(1);
    match named {
        Next::At(text) => match text.trim().parse::<u64>() {
            Ok(number) if number > this => return Next::At(number.to_string()),
            // It points to this page or an earlier one, which would make no progress.
            Ok(_) => {}
            Err(_) => return Next::At(after.to_string()),
        },
        Next::Unknown => return Next::At(after.to_string()),
        Next::End | Next::Silent => {}
    }
    let last = paging.last.and_then(|place| number(find(facts, place)?));
    if last.is_some_and(|last| last > this) { Next::At(after.to_string()) } else { Next::End }
}

/// The position as the response has it.
fn named(paging: &Paging, facts: &Map<String, Value>) -> Next {
    let param = paging.cursor.rsplit('.').next().unwrap_or(paging.cursor);
    let mut steps = paging.next.split('.').filter(|step| !step.is_empty());
    let Some(mut value) = steps.next().and_then(|step| facts.get(step)) else { return Next::Silent };
    for step in steps {
        match value {
            Value::Object(object) => match object.get(step) {
                Some(inner) => value = inner,
                // An object about the next page, with another key.
                None => {
                    return if step == param && !object.is_empty() {
                        member(object, param)
                    } else {
                        absent(step, param)
                    };
                }
            },
            // `pages.next` is a URL although an object is declared.
            other => return scalar(other, param),
        }
    }
    match value {
        Value::Object(object) if object.is_empty() => Next::End,
        Value::Object(object) => member(object, param),
        other => scalar(other, param),
    }
}

/// The meaning of an object without the member `step`: an empty `next` means that there is no next page, `pages` without `next`
/// does not say.
fn absent(step: &str, param: &str) -> Next {
    if step == param { Next::End } else { Next::Silent }
}

fn member(object: &Map<String, Value>, param: &str) -> Next {
    match object.get(param) {
        None => Next::Unknown,
        Some(value) => scalar(value, param),
    }
}

fn scalar(value: &Value, param: &str) -> Next {
    match value {
        Value::String(text) if text.is_empty() => Next::End,
        Value::String(text) if is_address(text) => match query_value(text, param) {
            Some(position) if position.is_empty() => Next::End,
            Some(position) => Next::At(position),
            None => Next::Unknown,
        },
        Value::String(text) => Next::At(text.clone()),
        Value::Number(number) => Next::At(number.to_string()),
        Value::Bool(true) => Next::Unknown,
        _ => Next::End,
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/') && text.contains('?')
}

/// A query parameter of a URL.
fn query_value(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?')?.1.split('#').next()?;
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then(|| decoded(value))
    })
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The value at a dotted path.
pub(super) fn find<'a>(facts: &'a Map<String, Value>, place: &str) -> Option<&'a Value> {
    let mut steps = place.split('.');
    let first = facts.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// A count, which is a number or a string.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

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

    fn after(paging: &Paging, facts: &str, asked: Option<&str>) -> Next {
        next(paging, &serde_json::from_str(facts).unwrap(), asked)
    }

    fn at(position: &str) -> Next {
        Next::At(position.to_owned())
    }

    #[test]
    fn a_cursor_is_found_in_every_shape_seen() {
        for cursor in ["starting_after", "pagination.starting_after"] {
            let paging = paging(PagingStyle::Cursor, cursor, "pages.next.starting_after", None);
            for (facts, expected) in [
                (r#"{"pages":{"next":{"per_page":"5","starting_after":"abc"}}}"#, at("abc")),
                (r#"{"pages":{"next":{"page":2,"starting_after":7}}}"#, at("7")),
                (
                    r#"{"pages":{"next":"https://api.intercom.io/contacts?per_page=5&starting_after=a%2Bb%3D+c#x"}}"#,
                    at("a+b= c"),
                ),
                (r#"{"pages":{"next":"/contacts?starting_after=abc"}}"#, at("abc")),
                (r#"{"pages":{"next":"abc"}}"#, at("abc")),
                (r#"{"pages":{"next":"https://api.intercom.io/contacts?page=2"}}"#, Next::Unknown),
                (r#"{"pages":{"next":{"page":2}}}"#, Next::Unknown),
                (r#"{"pages":{"next":{"starting_after":null}}}"#, Next::End),
                (r#"{"pages":{"next":{"starting_after":""}}}"#, Next::End),
                (r#"{"pages":{"next":{}}}"#, Next::End),
                (r#"{"pages":{"next":null}}"#, Next::End),
                (r#"{"pages":{"next":""}}"#, Next::End),
                (r#"{"pages":{}}"#, Next::Silent),
                (r#"{"pages":null}"#, Next::End),
                (r#"{"has_more":false,"pages":{"next":{"starting_after":"abc"}}}"#, Next::End),
                (r#"{"has_more":"false","pages":{"next":{"starting_after":"abc"}}}"#, Next::End),
                (r#"{"has_more":true}"#, Next::Unknown),
                (r#"{"has_more":true,"pages":{"next":null}}"#, Next::Unknown),
                ("{}", Next::Silent),
            ] {
                assert_eq!(after(&paging, facts, None), expected, "{facts}");
            }
        }
        let events = paging(PagingStyle::Cursor, "before", "pages.next", None);
        let facts = r#"{"pages":{"next":"http://api.intercom.io/events?type=user&before=1389913941"}}"#;
        assert_eq!(after(&events, facts, None), at("1389913941"));
        let history = paging(PagingStyle::Cursor, "cursor", "next_cursor", None);
        assert_eq!(after(&history, r#"{"next_cursor":"n"}"#, None), at("n"));
    }

    #[test]
    fn page_numbers_only_grow() {
        let numbered = paging(PagingStyle::Page, "page", "pages.next", Some("pages.total_pages"));
        for (facts, asked, expected) in [
            (r#"{"pages":{"page":1,"total_pages":3,"next":null}}"#, None, at("2")),
            (r#"{"pages":{"page":"1","total_pages":"3"}}"#, None, at("2")),
            (r#"{"pages":{"total_pages":3}}"#, Some("2"), at("3")),
            (r#"{"pages":{"total_pages":3}}"#, Some("3"), Next::End),
            // The number of pages is wrong: there are more.
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
            assert_eq!(after(&numbered, facts, asked), expected, "{facts} after {asked:?}");
        }
        let audiences = paging(PagingStyle::Page, "page", "", Some("total_pages"));
        assert_eq!(after(&audiences, r#"{"total_pages":2,"page":1}"#, None), at("2"));
        assert_eq!(after(&audiences, r#"{"total_pages":2,"page":2}"#, Some("2")), Next::End);
    }
}
