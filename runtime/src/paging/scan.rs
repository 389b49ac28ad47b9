//! Reads the body of a page in one pass: passes each item to a sink, and keeps the members around the list (the envelope) that
//! pagination needs.
//!
//! The code is not generic over the type of the items, and it does not build a tree of the body.

use std::hash::{DefaultHasher, Hasher as _};
use std::ops::Range;

use serde_json::{Map, Value};

use super::Paging;
use crate::data::{DecodeError, DecodeOptions, Mismatch, ReadError, Reader, read_slice};

/// Receives the items of a page.
pub(super) trait Sink {
    /// Reads the next value as an item.
    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Drops the items that were read so far, since they belong to another list of the body.
    fn clear(&mut self);
}

/// The contents of a page except its items.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// The members of the body that pagination needs.
    pub(super) envelope: Map<String, Value>,
    /// The list of items, if there is one.
    pub(super) list: Option<List>,
    /// Whether the body has null at a path of the list.
    pub(super) null: bool,
    /// Whether the body is an array.
    pub(super) bare: bool,
    /// The mismatches of the items.
    pub(super) mismatches: Vec<Mismatch>,
    /// How many mismatches there were beyond those in `mismatches`.
    pub(super) omitted_mismatches: usize,
}

/// The list of items of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The index of its path in [`Paging::items`].
    rank: usize,
    /// How many items it has, including those that do not fit their type.
    pub(super) count: usize,
    /// Two consecutive pages with the same fingerprint are taken for the same page.
    pub(super) fingerprint: u64,
}

/// Reads a body. The items whose index is in `undelivered` are passed to the sink.
pub(super) fn scan(
    body: &[u8],
    paging: &Paging,
    options: DecodeOptions,
    undelivered: Range<usize>,
    sink: &mut dyn Sink,
) -> Result<Scanned, DecodeError> {
    let mut scan = Scan { paging, undelivered, sink, scanned: Scanned::default() };
    let (mismatches, omitted_mismatches) = read_slice(body, options, &mut |reader| scan.body(reader))?;
    Ok(Scanned { mismatches, omitted_mismatches, ..scan.scanned })
}

struct Scan<'a> {
    paging: &'a Paging,
    undelivered: Range<usize>,
    sink: &'a mut dyn Sink,
    scanned: Scanned,
}

impl Scan<'_> {
    fn body(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if reader.peek() == Some(b'[') {
            self.scanned.bare = true;
            return self.list(0, "", reader);
        }
        let paths: Vec<(usize, &str)> = self.paging.items.iter().copied().enumerate().collect();
        self.object(&paths, true, reader)
    }

    /// Reads an object that may contain the list, directly or at a deeper level. `paths` are relative to the object, each with its index in
    /// [`Paging::items`]. `is_body` says whether the object is the whole body.
    fn object(&mut self, paths: &[(usize, &str)], is_body: bool, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        reader.members(&mut |reader, key| {
            let steps = paths.iter().filter_map(|(rank, path)| match path.split_once('.') {
                Some((head, rest)) => (head == key).then_some((*rank, Some(rest))),
                None => (*path == key).then_some((*rank, None)),
            });
            match reader.peek() {
                Some(b'[') => {
                    if let Some((rank, _)) = steps.clone().find(|(_, rest)| rest.is_none()) {
                        return self.list(rank, self.paging.items.get(rank).copied().unwrap_or_default(), reader);
                    }
                }
                Some(b'{') => {
                    let inside: Vec<(usize, &str)> = steps.filter_map(|(rank, rest)| Some((rank, rest?))).collect();
                    if !inside.is_empty() {
                        return self.object(&inside, false, reader);
                    }
                }
                Some(b'n') => self.scanned.null |= steps.clone().any(|(_, rest)| rest.is_none()),
                _ => {}
            }
            if is_body && self.is_envelope_member(&key) {
                let value = reader.value()?;
                self.scanned.envelope.insert(key.into_owned(), value);
                return Ok(());
            }
            reader.skip()
        })
    }

    /// Whether pagination needs this member of the body, or a value in it.
    fn is_envelope_member(&self, key: &str) -> bool {
        let paging = self.paging;
        let paths = [Some(paging.next), paging.last, paging.more, paging.total, Some("pages"), Some("total_count")];
        paths.into_iter().flatten().any(|path| path.split('.').next() == Some(key))
    }

    /// Reads a list of items. If the body has two lists, the one whose path comes first in [`Paging::items`] is used.
    fn list(&mut self, rank: usize, path: &str, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if let Some(known) = self.scanned.list {
            if known.rank <= rank {
                return reader.skip();
            }
            self.sink.clear();
            reader.discard_mismatches(0);
        }
        let start = reader.position();
        let (mut count, mut first_item_end, first_mismatch) = (0, start, reader.mismatch_count());
        reader.items(&mut |reader, index| {
            let first = reader.mismatch_count();
            if self.undelivered.contains(&index) {
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
        self.scanned.list = Some(List { rank, count, fingerprint });
        Ok(())
    }
}

/// A fingerprint of a list: a hash of its text up to the end of the first item, of its last bytes, its length and the number of items.
/// Hashing the whole text would be slower.
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
        fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
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
    fn members_of_the_envelope_are_kept_and_others_are_skipped() {
        let (_, scanned) =
            items(r#"{"x":{"pages":1},"data":[{"pages":2}],"pages":{"page":"1"},"has_more":true,"total_count":"7"}"#)
                .unwrap();
        assert_eq!(
            Value::Object(scanned.envelope),
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
    fn different_pages_have_different_fingerprints() {
        let fingerprint = |body: &str| items(body).unwrap().1.list.unwrap().fingerprint;
        assert_eq!(
            fingerprint(r#"{"data":[{"id":1},{"id":2}]}"#),
            fingerprint(r#"{"data":[{"id":1},{"id":2}],"x":1}"#)
        );
        assert_ne!(fingerprint(r#"{"data":[{"id":1},{"id":2}]}"#), fingerprint(r#"{"data":[{"id":1},{"id":3}]}"#));
        assert_ne!(fingerprint(r#"{"data":[{"id":1}]}"#), fingerprint(r#"{"data":[{"id":1},{"id":1}]}"#));
    }
}
