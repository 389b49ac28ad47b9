//! Decodes the items of a page. It is generic over their type, unlike the code that scans the page and finds the next position.

use super::scan::Sink;
use crate::data::{Decode, ReadError, Reader};
use crate::error::Error;
use crate::meta::Meta;

/// Decodes the items of a page and collects them.
pub(super) struct Decoder<'a, T> {
    pub(super) items: Vec<Result<T, Error>>,
    meta: &'a Meta,
}

/// The approximate memory of an error, in addition to its element of the list.
const ERROR_SIZE: usize = 1024;

impl<'a, T: Decode> Decoder<'a, T> {
    /// `expected` is the likely number of items. Reserving memory for them avoids copying a list of large items when it grows.
    pub(super) fn new(meta: &'a Meta, expected: usize) -> Self {
        Self { items: Vec::with_capacity(expected), meta }
    }
}

impl<T: Decode> Sink for Decoder<'_, T> {
    /// Items are decoded in place, since moving large ones is slow.
    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        reader.mark_root();
        if self.items.len() == self.items.capacity() {
            let more = self.items.len().max(4);
            reader.charge(more * size_of::<Result<T, Error>>())?;
            self.items.reserve_exact(more);
        }
        let start = reader.position();
        self.items.push(Ok(T::default()));
        let Some(Ok(place)) = self.items.last_mut() else { return Ok(()) };
        if let Err(error) = reader.try_read(place)? {
            reader.charge(ERROR_SIZE)?;
            let mut meta = self.meta.clone();
            meta.body = meta.body.slice(start.min(meta.body.len())..reader.position().min(meta.body.len()));
            self.items.pop();
            self.items.push(Err(Error::item(meta, error)));
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.items.clear();
    }
}
