//! Reads the body of a page in one pass: gives each item to a sink, and keeps the few members that pagination needs.
//!
//! Nothing here depends on the type of the items, and no tree of the body is built.

use std::hash::{DefaultHasher, Hasher as _};
use std::ops::Range;

use serde_json::{Map, Value};

use super::Paging;
use crate::data::{DecodeError, DecodeOptions, Fault, Mismatch, Reader, read_slice};

/// Takes items from the text of a body.
pub(super) trait Sink {
    /// Reads the next value.
    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// Drops the items read so far, since a list at a better place was found.
    fn clear(&mut self);
}

/// The members of a page beside its items, and the mismatches of the items.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// The members of the body that pagination needs.
    pub(super) facts: Map<String, Value>,
    /// The list, if there was one.
    pub(super) list: Option<List>,
    /// Whether there was null in place of the list.
    pub(super) null: bool,
    /// Whether the body was a bare list.
    pub(super) bare: bool,
    /// The mismatches of the items.
    pub(super) mismatches: Vec<Mismatch>,
    /// How many more mismatches there were.
    pub(super) further: usize,
}

/// The list of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The index of its place among those that are known for lists.
    place: usize,
    /// How many items it has, including those that were left out.
    pub(super) count: usize,
    /// Distinguishes the page from the previous one.
    pub(super) fingerprint: u64,
}

/// Reads a body. The items whose index is in `wanted` go to the sink.
pub(super) fn scan(
    body: &[u8],
    paging: &Paging,
    options: DecodeOptions,
    wanted: Range<usize>,
    sink: &mut dyn Sink,
) -> Result<Scanned, DecodeError> {
    let mut scan = Scan { paging, wanted, sink, scanned: Scanned::default() };
    let (mismatches, further) = read_slice(body, options, &mut |reader| scan.body(reader))?;
    Ok(Scanned { mismatches, further, ..scan.scanned })
}

struct Scan<'a> {
    paging: &'a Paging,
    wanted: Range<usize>,
    sink: &'a mut dyn Sink,
    scanned: Scanned,
}

impl Scan<'_> {
    fn body(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if reader.peek() == Some(b'[') {
            self.scanned.bare = true;
            return self.list(0, "", reader);
        }
        let places: Vec<(usize, &str)> = self.paging.items.iter().copied().enumerate().collect();
        self.object(&places, true, reader)
    }

    /// An object that contains the items, directly or not.
    fn object(&mut self, places: &[(usize, &str)], facts: bool, reader: &mut Reader<'_>) -> Result<(), Fault> {
        reader.members(&mut |reader, key| {
            let steps = places.iter().filter_map(|(place, path)| match path.split_once('.') {
                Some((head, rest)) => (head == key).then_some((*place, Some(rest))),
                None => (*path == key).then_some((*place, None)),
            });
            match reader.peek() {
                Some(b'[') => {
                    if let Some((place, _)) = steps.clone().find(|(_, rest)| rest.is_none()) {
                        return self.list(place, self.paging.items.get(place).copied().unwrap_or_default(), reader);
                    }
                }
                Some(b'{') => {
                    let inside: Vec<(usize, &str)> = steps.filter_map(|(place, rest)| Some((place, rest?))).collect();
                    if !inside.is_empty() {
                        return self.object(&inside, false, reader);
                    }
                }
                Some(b'n') => self.scanned.null |= steps.clone().any(|(_, rest)| rest.is_none()),
                _ => {}
            }
            if facts && self.is_fact(&key) {
                let value = reader.value()?;
                self.scanned.facts.insert(key.into_owned(), value);
                return Ok(());
            }
            reader.skip()
        })
    }

    /// Whether pagination needs a member of the body, or something in it.
    fn is_fact(&self, key: &str) -> bool {
        let paging = self.paging;
        let places = [Some(paging.next), paging.last, paging.more, paging.total, Some("pages"), Some("total_count")];
        places.into_iter().flatten().any(|place| place.split('.').next() == Some(key))
    }

    /// A list of items. Of two lists, the one counts whose place comes first in [`Paging::items`].
    fn list(&mut self, place: usize, path: &str, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if let Some(known) = self.scanned.list {
            if known.place <= place {
                return reader.skip();
            }
            self.sink.clear();
            reader.discard_mismatches(0);
        }
        let start = reader.position();
        let (mut count, mut first_item_end, first_mismatch) = (0, start, reader.mismatch_count());
        reader.items(&mut |reader, index| {
            let first = reader.mismatch_count();
            if self.wanted.contains(&index) {
                self.sink.item(reader)?
            } else {
                reader.skip()?
            }
            reader.add_index_to_paths(first, index);
            count += 1;
            if index == 0 {
                first_item_end = reader.position();
            }
            Ok(())
        })?;
        reader.add_key_to_paths(first_mismatch, path);
        let fingerprint = fingerprint(reader.since(start), first_item_end - start, count);
        self.scanned.list = Some(List { place, count, fingerprint });
        Ok(())
    }
}

/// A cheap fingerprint of a list: its text up to the end of the first item, its last bytes, its length and its count.
fn fingerprint(list: &str, first: usize, count: usize) -> u64 {
    const TAIL: usize = 128;
    let list = list.as_bytes();
    let mut hasher = DefaultHasher::new();
    hasher.write(list.get(..first).unwrap_or_default());
    hasher.write(&list[list.len().saturating_sub(TAIL)..]);
    hasher.write_usize(count);
    hasher.write_usize(list.len());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::{Location, PagingStyle};
    use super::*;

    #[derive(Default)]
    struct Texts(Vec<String>);

    impl Sink for Texts {
        fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
            self.0.push(reader.raw()?.to_owned());
            Ok(())
        }

        fn clear(&mut self) {
            self.0.clear();
        }
    }

    static PAGING: Paging =
        Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["companies", "data", "data.articles"])
            .next("pages.next.starting_after")
            .more("has_more");

    fn items(body: &str) -> Result<(String, Scanned), DecodeError> {
        let mut texts = Texts::default();
        let scanned = scan(body.as_bytes(), &PAGING, DecodeOptions::default(), 0..usize::MAX, &mut texts)?;
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
