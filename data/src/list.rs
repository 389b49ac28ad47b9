//! Reading and viewing lists.

use crate::mismatch::Step;
use crate::place::{Accepts, ConstDefault, Encode, Place};
use crate::reader::{Expected, ReadError, Reader};
use crate::view::{List, View};

/// A list that items are read into. Its methods are compiled for every item type, so they are as small as possible.
trait Items {
    /// Reserves memory for more items.
    fn reserve_items(&mut self, additional: usize);
    /// Appends the default item, and reads the next value into it.
    fn read_item(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;
    /// Shortens the list to `length` items.
    fn shorten(&mut self, length: usize);
}

impl<T: Place + ConstDefault> Items for Vec<T> {
    fn reserve_items(&mut self, additional: usize) {
        self.reserve_exact(additional);
    }

    fn read_item(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.push(T::DEFAULT);
        match self.last_mut() {
            Some(item) => item.read(reader),
            None => Ok(()),
        }
    }

    fn shorten(&mut self, length: usize) {
        self.truncate(length);
    }
}

impl<T: Place + ConstDefault> Place for Vec<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        read(self, size_of::<T>(), reader)
    }

    fn accepts() -> Accepts {
        Accepts::List(T::accepts)
    }
}

impl<T> ConstDefault for Vec<T> {
    const DEFAULT: Self = Vec::new();
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn view(&self) -> View<'_> {
        View::List(self, &[])
    }
}

impl<T: Encode> List for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> View<'_> {
        match self.get(index) {
            Some(item) => item.view(),
            None => View::Absent,
        }
    }
}

/// A list while it is read.
struct ListReading<'l> {
    list: &'l mut dyn Items,
    /// How many items it has.
    count: usize,
    /// For how many items memory is reserved.
    capacity: usize,
    /// The size of an item in bytes.
    size: usize,
}

/// Reads a list whose items have this size. Items that do not fit are left out of it and reported as mismatches. If the list is a
/// field, its object keeps them.
fn read(list: &mut dyn Items, size: usize, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let start = reader.start();
    reader.open(b'[', Expected::What("an array"))?;
    if reader.take_replaces() {
        list.shorten(0);
    }
    let mut reading = ListReading { list, count: 0, capacity: 0, size };
    if reader.close_if_empty(b']') {
        return Ok(());
    }
    let mut left_out = Vec::new();
    let mut index = 0;
    loop {
        let item = reader.start();
        let mut outcome = reading.item(index, item.at() - start.at(), reader);
        if outcome == Err(ReadError::Mismatch) {
            let position = reading.count + left_out.len();
            outcome = reader.set_aside(item).map(|_| left_out.extend(reader.keep(item).map(|value| (position, value))));
        }
        reader.add_step(item, || Step::Index(index));
        outcome?;
        index += 1;
        if !reader.has_next(b']')? {
            break;
        }
    }
    if !left_out.is_empty() {
        reader.set_left_out(start.at(), left_out);
    }
    Ok(())
}

impl ListReading<'_> {
    /// Reads an item into the list. `index` also counts the items that did not fit. `bytes_read` is the length of
    /// the text of the items so far.
    fn item(&mut self, index: usize, bytes_read: usize, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if self.count == self.capacity {
            self.grow(index, bytes_read, reader)?;
        }
        let outcome = self.list.read_item(reader);
        match outcome {
            Ok(()) => self.count += 1,
            Err(_) => self.list.shorten(self.count),
        }
        outcome
    }

    /// Reserves memory for more items. The capacity grows exponentially, but not beyond what the rest of the text can contain if its items
    /// are as long as those so far: `index` items, whose text has `bytes_read` bytes.
    #[cold]
    fn grow(&mut self, index: usize, bytes_read: usize, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let expected = (reader.bytes_left() * index.max(1)).div_ceil(bytes_read.max(1));
        let more = if self.count == 0 { 1 } else { self.count.max(3).min(expected + 1) };
        reader.charge(more * self.size)?;
        self.list.reserve_items(more);
        self.capacity += more;
        Ok(())
    }
}
