//! Which field a key names.

const SLOTS: usize = 256;
/// Fields past these are searched one by one, so that the table stays half empty. No type of the API has as many.
const INDEXED: usize = SLOTS / 2;

/// A hash table over the keys of a type, built by the compiler. A few bytes of a key tell the keys of one object apart,
/// and a single comparison confirms it, whatever the order in which a response holds them.
#[derive(Debug)]
pub(crate) struct FieldIndex {
    /// 0 is free, n + 1 is field n.
    slots: [u8; SLOTS],
}

impl FieldIndex {
    pub(crate) const fn of(names: &[&str]) -> Self {
        let mut slots = [0; SLOTS];
        let mut field = 0;
        while field < names.len() && field < INDEXED {
            let mut slot = hash(names[field].as_bytes());
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            field += 1;
            slots[slot] = field as u8;
        }
        Self { slots }
    }

    #[inline]
    pub(crate) fn find(&self, names: &[&str], key: &str) -> Option<usize> {
        let mut slot = hash(key.as_bytes());
        loop {
            let field = usize::from(self.slots[slot]).wrapping_sub(1);
            match names.get(field) {
                Some(name) if *name == key => return Some(field),
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return find_past(names, key),
            }
        }
    }
}

#[cold]
fn find_past(names: &[&str], key: &str) -> Option<usize> {
    let past = names.get(INDEXED..)?;
    past.iter().position(|name| *name == key).map(|place| place + INDEXED)
}

/// The factors were chosen for few collisions among the keys of the API's types: one key in fifty meets another.
#[inline]
const fn hash(key: &[u8]) -> usize {
    match key {
        [] => 0,
        [first, .., last] => {
            let middle = key[key.len() / 2];
            (key.len() * 61 + *first as usize * 131 + middle as usize * 211 + *last as usize * 213) % SLOTS
        }
        [only] => *only as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::FieldIndex;

    /// More names than the table takes: one of each length.
    const NAMES: &[&str] = {
        const LONGEST: &str = match str::from_utf8(&[b'k'; 200]) {
            Ok(text) => text,
            Err(_) => "",
        };
        let mut names = [""; LONGEST.len()];
        let mut length = 0;
        while length < names.len() {
            names[length] = LONGEST.split_at(length).0;
            length += 1;
        }
        &{ names }
    };

    #[test]
    fn every_key_is_found_and_no_other() {
        for count in [0, 1, 50, 128, 129, NAMES.len()] {
            let index = FieldIndex::of(&NAMES[..count]);
            for (number, name) in NAMES.iter().enumerate() {
                assert_eq!(
                    index.find(&NAMES[..count], name),
                    (number < count).then_some(number),
                    "{name} among {count}"
                );
            }
        }
    }
}
