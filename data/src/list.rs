//! Deserializing and viewing lists.

use crate::note::Step;
use crate::place::{Accepts, Field, List, Place, Unset, View};
use crate::reader::{Expected, Fault, Reader};

/// A list that items are read into. What is here is compiled for every type.
trait Items {
    /// Makes room for more items.
    fn grow(&mut self, items: usize);
    /// Adds an item with nothing set, and reads into it.
    fn add(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;
    /// Removes all items but the first ones.
    fn keep(&mut self, items: usize);
}

impl<T: Place + Unset> Items for Vec<T> {
    fn grow(&mut self, items: usize) {
        self.reserve_exact(items);
    }

    fn add(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.push(T::UNSET);
        match self.last_mut() {
            Some(item) => item.read(reader),
            None => Ok(()),
        }
    }

    fn keep(&mut self, items: usize) {
        self.truncate(items);
    }
}

impl<T: Place + Unset> Place for Vec<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        read(self, size_of::<T>(), reader)
    }

    fn accepts() -> Accepts {
        Accepts::List(T::accepts)
    }
}

impl<T> Unset for Vec<T> {
    const UNSET: Self = Vec::new();
}

impl<T: Field> Field for Vec<T> {
    #[inline]
    fn view(&self) -> View<'_> {
        View::List(self, &[])
    }
}

impl<T: Field> List for Vec<T> {
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

/// A list that is being read.
struct ListReading<'l> {
    list: &'l mut dyn Items,
    /// How many items it has, and for how many there is room.
    count: usize,
    room: usize,
    /// The size of an item in bytes.
    size: usize,
}

/// Reads a list whose items have this size. Items that do not fit are left out and reported as mismatches.
fn read(list: &mut dyn Items, size: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
    let start = reader.start();
    reader.enter(b'[', Expected::A("an array"))?;
    if reader.replaces() {
        list.keep(0);
    }
    let mut reading = ListReading { list, count: 0, room: 0, size };
    if reader.is_empty(b']') {
        return Ok(());
    }
    let mut nulls = Vec::new();
    let mut index = 0;
    loop {
        let item = reader.start();
        let mut outcome = reading.item(index, item.at() - start.at(), reader);
        if outcome == Err(Fault::Unfit) {
            outcome = reader.set_aside(item).map(|raw| {
                if let (true, Ok(index)) = (raw == "null", u32::try_from(index)) {
                    nulls.push(index);
                }
            });
        }
        reader.step(item, || Step::Index(index));
        outcome?;
        index += 1;
        if !reader.goes_on(b']')? {
            break;
        }
    }
    if !nulls.is_empty() {
        reader.note_nulls(start.at(), nulls);
    }
    Ok(())
}

impl ListReading<'_> {
    /// Reads an item into its place in the list. `index` counts those that did not fit, too; `read` is the length of the
    /// text of the items so far.
    fn item(&mut self, index: usize, read: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if self.count == self.room {
            self.grow(index, read, reader)?;
        }
        let outcome = self.list.add(reader);
        match outcome {
            Ok(()) => self.count += 1,
            Err(_) => self.list.keep(self.count),
        }
        outcome
    }

    /// Makes room for as many items as there are, or for as many as the rest of the text may hold, going by the length of
    /// those so far, whichever is less.
    #[cold]
    fn grow(&mut self, index: usize, read: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let follow = (reader.rest() * index.max(1)).div_ceil(read.max(1));
        let more = if self.count == 0 { 1 } else { self.count.max(3).min(follow + 1) };
        reader.charge(more * self.size)?;
        self.list.grow(more);
        self.room += more;
        Ok(())
    }
}
