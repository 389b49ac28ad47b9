//! Lists.

use crate::note::Step;
use crate::place::{Accepts, Field, List, Place, View};
use crate::reader::{Expected, Fault, Reader};

/// A list that is being filled.
trait Items {
    /// The size of an item.
    fn size(&self) -> usize;
    /// How many items there are.
    fn count(&self) -> usize;
    /// For how many more there is room.
    fn room(&self) -> usize;
    /// Makes room.
    fn grow(&mut self, items: usize);
    /// Reads an item where it stays; one that does not fit is left out.
    fn read_item(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;
    /// Removes all.
    fn clear(&mut self);
}

impl<T: Place + Default> Items for Vec<T> {
    fn size(&self) -> usize {
        size_of::<T>()
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn room(&self) -> usize {
        self.capacity() - self.len()
    }

    fn grow(&mut self, items: usize) {
        self.reserve_exact(items);
    }

    fn read_item(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.push(T::default());
        let Some(item) = self.last_mut() else { return Ok(()) };
        let outcome = item.read(reader);
        if outcome.is_err() {
            self.pop();
        }
        outcome
    }

    fn clear(&mut self) {
        self.clear();
    }
}

impl<T: Place + Default> Place for Vec<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        read(self, reader)
    }

    fn accepts() -> Accepts {
        Accepts::List(T::accepts)
    }
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
        self.get(index).map_or(View::Absent, Field::view)
    }
}

/// Reads a list. Items that do not fit are left out, and noted.
fn read(list: &mut dyn Items, reader: &mut Reader<'_>) -> Result<(), Fault> {
    let start = reader.start();
    reader.enter(b'[', Expected::A("an array"))?;
    if reader.replaces() {
        list.clear();
    }
    if reader.is_empty(b']') {
        return Ok(());
    }
    let mut nulls = Vec::new();
    let mut index = 0;
    loop {
        item(list, index, &mut nulls, start.at(), reader)?;
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

fn item(
    list: &mut dyn Items,
    index: usize,
    nulls: &mut Vec<u32>,
    begin: usize,
    reader: &mut Reader<'_>,
) -> Result<(), Fault> {
    let start = reader.start();
    let room = if list.room() == 0 { grow(list, index, start.at() - begin, reader) } else { Ok(()) };
    let mut outcome = room.and_then(|()| list.read_item(reader));
    if outcome == Err(Fault::Unfit) {
        outcome = reader.set_aside(start).map(|raw| {
            if let (true, Ok(index)) = (raw == "null", u32::try_from(index)) {
                nulls.push(index);
            }
        });
    }
    reader.step(start, || Step::Index(index));
    outcome
}

/// Makes room for as many items as there are, or as may still follow, going by the length of those that came.
#[cold]
fn grow(list: &mut dyn Items, index: usize, read: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
    let count = list.count();
    let follow = (reader.rest() * index.max(1)).div_ceil(read.max(1));
    let more = if count == 0 { 1 } else { count.max(3).min(follow + 1) };
    reader.charge(more * list.size())?;
    list.grow(more);
    Ok(())
}
