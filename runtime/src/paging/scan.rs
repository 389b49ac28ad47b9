//! Reads the body of a page in one pass: hands each item to a sink where it stands, and keeps the few facts around them.
//!
//! Nothing here depends on the type of the items, and no tree of the body is built. serde_json reads every value; only
//! the punctuation of the objects on the way to the items is read here.

use std::hash::{DefaultHasher, Hasher as _};
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny};
use serde_json::{Error, Map, Value};

use super::Paging;

/// Takes items from the text of a body.
pub(super) trait Sink {
    /// Takes the whole list that stands at `start`, and returns its length and how many items it has; `None`, and nothing
    /// is taken, where not all of them fit their type as they are.
    fn list(&mut self, body: &str, start: usize) -> Option<(usize, usize)>;

    /// Takes the value that stands at `start`, and returns its length.
    fn item(&mut self, body: &str, start: usize, index: usize) -> Result<usize, Error>;

    /// Forgets the items taken so far: a better list was found.
    fn clear(&mut self);
}

/// What stood around the items.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// The members of the body that paging asks for.
    pub(super) facts: Map<String, Value>,
    /// The list, if there was one.
    pub(super) list: Option<List>,
    /// Whether null stood where a list belongs.
    pub(super) null: bool,
    /// Whether the body was a bare list.
    pub(super) bare: bool,
}

/// The list of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// Which of the places it stood at.
    pub(super) place: usize,
    /// How many items it has, taken or not.
    pub(super) count: usize,
    /// Tells a page from the one before.
    pub(super) fingerprint: u64,
}

/// Reads a body. Of the items, those whose index is in `wanted` go to the sink.
pub(super) fn scan(body: &str, paging: &Paging, wanted: Range<usize>, sink: &mut dyn Sink) -> Result<Scanned, Error> {
    let mut scan = Scan { body, at: 0, wanted, sink, scanned: Scanned::default() };
    match scan.peek() {
        Some(b'[') => {
            scan.scanned.bare = true;
            scan.list(0)?;
        }
        Some(b'{') => {
            let keep = |key: &str| {
                let places =
                    [Some(paging.next), paging.last, paging.more, paging.total, Some("pages"), Some("total_count")];
                places.into_iter().flatten().any(|place| place.split('.').next() == Some(key))
            };
            let places: Vec<(usize, &str)> = paging.items.iter().copied().enumerate().collect();
            scan.object(&places, &keep)?;
        }
        _ => return Err(Error::custom("neither an object nor a list")),
    }
    match scan.peek() {
        None => Ok(scan.scanned),
        Some(_) => Err(Error::custom("something stands after the end")),
    }
}

struct Scan<'a> {
    body: &'a str,
    at: usize,
    wanted: Range<usize>,
    sink: &'a mut dyn Sink,
    scanned: Scanned,
}

impl<'a> Scan<'a> {
    /// An object on the way to the items.
    fn object(&mut self, places: &[(usize, &str)], keep: &dyn Fn(&str) -> bool) -> Result<(), Error> {
        self.at += 1;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let key: String = self.value()?;
            if !self.take(b':') {
                return Err(Error::custom("a key without a value"));
            }
            self.member(&key, places, keep)?;
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(Error::custom("an object that does not end"));
            }
        }
    }

    fn member(&mut self, key: &str, places: &[(usize, &str)], keep: &dyn Fn(&str) -> bool) -> Result<(), Error> {
        let steps = places.iter().filter_map(|(place, path)| match path.split_once('.') {
            Some((head, rest)) => (head == key).then_some((*place, Some(rest))),
            None => (*path == key).then_some((*place, None)),
        });
        match self.peek() {
            Some(b'[') => {
                if let Some((place, _)) = steps.clone().find(|(_, rest)| rest.is_none()) {
                    return self.list(place);
                }
            }
            Some(b'{') => {
                let inside: Vec<(usize, &str)> = steps.filter_map(|(place, rest)| Some((place, rest?))).collect();
                if !inside.is_empty() {
                    return self.object(&inside, &|_| false);
                }
            }
            Some(b'n') => self.scanned.null |= steps.clone().any(|(_, rest)| rest.is_none()),
            _ => {}
        }
        if keep(key) {
            let value = self.value()?;
            self.scanned.facts.insert(key.to_owned(), value);
        } else {
            self.value::<IgnoredAny>()?;
        }
        Ok(())
    }

    /// A list of items. Of two lists, the one at the earlier place counts.
    fn list(&mut self, place: usize) -> Result<(), Error> {
        if let Some(known) = self.scanned.list {
            if known.place <= place {
                return self.value::<IgnoredAny>().map(drop);
            }
            self.sink.clear();
        }
        let start = self.at;
        let all = self.wanted.start == 0 && self.wanted.end == usize::MAX;
        let count = match all.then(|| self.sink.list(self.body, start)).flatten() {
            Some((length, count)) => {
                self.at += length;
                count
            }
            None => self.one_by_one()?,
        };
        let fingerprint = fingerprint(self.body.get(start..self.at).unwrap_or_default(), count)?;
        self.scanned.list = Some(List { place, count, fingerprint });
        Ok(())
    }

    /// The items of a list, of which not all are wanted or not all fit their type.
    fn one_by_one(&mut self) -> Result<usize, Error> {
        self.at += 1;
        let mut count = 0;
        if self.take(b']') {
            return Ok(count);
        }
        loop {
            self.peek();
            if self.wanted.contains(&count) {
                self.at += self.sink.item(self.body, self.at, count)?;
            } else {
                self.value::<IgnoredAny>()?;
            }
            count += 1;
            if self.take(b']') {
                return Ok(count);
            }
            if !self.take(b',') {
                return Err(Error::custom("a list that does not end"));
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.body.as_bytes().get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn value<T: Deserialize<'a>>(&mut self) -> Result<T, Error> {
        let (value, length) = first(rest(self.body, self.at))?;
        self.at += length;
        Ok(value)
    }
}

/// What tells a list from that of another page, cheaply: its first item, how it ends, its length and its count.
fn fingerprint(list: &str, count: usize) -> Result<u64, Error> {
    const TAIL: usize = 128;
    let inside = rest(list, 1);
    let first = if count == 0 { 0 } else { first::<IgnoredAny>(inside)?.1 };
    let mut hasher = DefaultHasher::new();
    hasher.write(&inside.as_bytes()[..first]);
    hasher.write(&list.as_bytes()[list.len().saturating_sub(TAIL)..]);
    hasher.write_usize(count);
    hasher.write_usize(list.len());
    Ok(hasher.finish())
}

/// What follows a place in a text; nothing past its end.
pub(super) fn rest(text: &str, start: usize) -> &str {
    text.get(start..).unwrap_or_default()
}

/// The value at the beginning of a text, and its length.
pub(super) fn first<'a, T: Deserialize<'a>>(text: &'a str) -> Result<(T, usize), Error> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    match values.next() {
        Some(value) => Ok((value?, values.byte_offset())),
        None => Err(Error::custom("the text ends too early")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Location, PagingStyle};
    use super::*;

    #[derive(Default)]
    struct Texts(Vec<String>);

    impl Sink for Texts {
        fn list(&mut self, _: &str, _: usize) -> Option<(usize, usize)> {
            None
        }

        fn item(&mut self, body: &str, start: usize, _: usize) -> Result<usize, Error> {
            let (_, length) = first::<IgnoredAny>(&body[start..])?;
            self.0.push(body[start..start + length].to_owned());
            Ok(length)
        }

        fn clear(&mut self) {
            self.0.clear();
        }
    }

    static PAGING: Paging = Paging {
        style: PagingStyle::Cursor,
        location: Location::Query,
        cursor: "starting_after",
        per_page: None,
        max_per_page: None,
        items: &["companies", "data", "data.articles"],
        next: "pages.next.starting_after",
        last: None,
        more: Some("has_more"),
        total: None,
    };

    fn items(body: &str) -> Result<(String, Scanned), Error> {
        let mut texts = Texts::default();
        let scanned = scan(body, &PAGING, 0..usize::MAX, &mut texts)?;
        Ok((texts.0.join(" "), scanned))
    }

    #[test]
    fn items_are_found_at_each_place() {
        for (body, expected) in [
            (r#"{"data":[1,{"a":[2]},"x"]}"#, r#"1 {"a":[2]} "x""#),
            (" { \"type\" : \"list\" ,\n\"data\" : [ 1 , 2 ] , \"pages\" : null } ", "1 2"),
            (r#"{"data":{"type":"x","articles":[1,2],"highlights":[3]}}"#, "1 2"),
            (r#"{"data":[1],"companies":[2]}"#, "2"),
            (r#"{"companies":[2],"data":[1]}"#, "2"),
            (r#"{"companies":null,"data":[1]}"#, "1"),
            (r#"{"companies":{"data":[5]},"data":[1]}"#, "1"),
            (r#"{"data":[]}"#, ""),
            (r#"{"data":null}"#, ""),
            ("{}", ""),
            ("[1,2]", "1 2"),
            ("[]", ""),
        ] {
            assert_eq!(items(body).expect(body).0, expected, "{body}");
        }
    }

    #[test]
    fn facts_are_kept_and_the_rest_is_passed_over() {
        let (_, scanned) =
            items(r#"{"x":{"pages":1},"data":[{"pages":2}],"pages":{"page":"1"},"has_more":true,"total_count":"7"}"#)
                .unwrap();
        assert_eq!(
            Value::Object(scanned.facts),
            serde_json::json!({"pages": {"page": "1"}, "has_more": true, "total_count": "7"})
        );
    }

    #[test]
    fn broken_bodies_are_errors() {
        for body in [
            "",
            "3",
            "null",
            "\"x\"",
            "{",
            "{\"data\"",
            "{\"data\":",
            "{\"data\":[",
            "{\"data\":[1",
            "{\"data\":[1,",
            "{\"data\":[1]",
            "{\"data\":[1]}x",
            "{\"data\":[1 2]}",
            "{3:4}",
            "[1,]",
        ] {
            assert!(items(body).is_err(), "{body}");
        }
    }

    #[test]
    fn a_page_is_told_from_the_one_before() {
        let fingerprint = |body: &str| items(body).unwrap().1.list.unwrap().fingerprint;
        assert_eq!(
            fingerprint(r#"{"data":[{"id":1},{"id":2}]}"#),
            fingerprint(r#"{"data":[{"id":1},{"id":2}],"x":1}"#)
        );
        assert_ne!(fingerprint(r#"{"data":[{"id":1},{"id":2}]}"#), fingerprint(r#"{"data":[{"id":1},{"id":3}]}"#));
        assert_ne!(fingerprint(r#"{"data":[{"id":1}]}"#), fingerprint(r#"{"data":[{"id":1},{"id":1}]}"#));
    }
}
