//! The only part of paging that knows the type of the items: decodes each where it stands in the body.

use bytes::Bytes;
use serde_json::value::RawValue;

use super::scan::{Sink, first, rest};
use crate::data::{self, Decode, Mismatch};
use crate::error::Error;
use crate::response::Meta;

/// Decodes items, strictly first, as a whole body is.
pub(super) struct Decoder<'a, T> {
    pub(super) items: Vec<Result<T, Error>>,
    pub(super) mismatches: Vec<Mismatch>,
    meta: &'a Meta,
}

impl<'a, T: Decode> Decoder<'a, T> {
    /// `expected` is how many items there may be: a list of large items that grows is copied again and again.
    pub(super) fn new(meta: &'a Meta, expected: usize) -> Self {
        Self { items: Vec::with_capacity(expected), mismatches: Vec::new(), meta }
    }

    /// An item that does not fit as it is: parts of it are set aside, or all of it becomes an error.
    #[cold]
    fn unfit(&mut self, body: &str, start: usize, index: usize) -> Result<usize, serde_json::Error> {
        let (raw, length) = first::<&RawValue>(rest(body, start))?;
        let item = match data::from_slice::<T>(raw.get().as_bytes(), self.meta.decoding) {
            Ok(decoded) => {
                for mismatch in decoded.mismatches {
                    self.mismatches.push(mismatch.within(&format!("[{index}]")));
                }
                Ok(decoded.value)
            }
            Err(error) => {
                let mut meta = self.meta.clone();
                let end = (start + length).min(meta.body.len());
                meta.body = meta.body.slice(start.min(end)..end);
                meta.body = trimmed(&meta.body);
                Err(Error::decode(meta, error))
            }
        };
        self.items.push(item);
        Ok(length)
    }
}

fn trimmed(body: &Bytes) -> Bytes {
    body.slice_ref(body.trim_ascii())
}

impl<T: Decode> Sink for Decoder<'_, T> {
    fn list(&mut self, body: &str, start: usize) -> Option<(usize, usize)> {
        let length = data::decode_list(rest(body, start), &mut self.items);
        if length.is_none() {
            self.items.clear();
        }
        Some((length?, self.items.len()))
    }

    fn item(&mut self, body: &str, start: usize, index: usize) -> Result<usize, serde_json::Error> {
        // Large items are filled where they stay.
        self.items.push(Ok(T::default()));
        if let Some(Ok(place)) = self.items.last_mut()
            && let Some(length) = data::decode_first(rest(body, start), place)
        {
            return Ok(length);
        }
        self.items.pop();
        self.unfit(body, start, index)
    }

    fn clear(&mut self) {
        self.items.clear();
        self.mismatches.clear();
    }
}
