//! A lookup table from keys to field numbers.

use crate::object::key_of;

const SLOTS: usize = 256;
/// The maximum number of fields in the table, so that at least half of it stays empty. Further fields are searched one by one; no type of
/// the API has so many.
const INDEXED: usize = SLOTS / 2;

/// A hash table of the keys of a type, built at compile time. Collisions are resolved by linear probing. Keys are given as
/// `"key":`.
#[derive(Debug)]
pub(crate) struct FieldIndex {
    /// 0 marks a free slot, n + 1 stands for field n.
    slots: [u8; SLOTS],
}

impl FieldIndex {
    pub(crate) const fn of(keys: &[&str]) -> Self {
        let mut slots = [0; SLOTS];
        let mut field = 0;
        while field < keys.len() && field < INDEXED {
            let mut slot = hash(key_of(keys[field]).as_bytes());
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            field += 1;
            slots[slot] = field as u8;
        }
        Self { slots }
    }

    /// The number of the field with this key; `None` if there is none.
    #[inline]
    pub(crate) fn find(&self, keys: &[&str], key: &str) -> Option<usize> {
        let mut slot = hash(key.as_bytes());
        loop {
            let field = usize::from(self.slots[slot]).wrapping_sub(1);
            match keys.get(field) {
                Some(known) if key_of(known) == key => return Some(field),
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return find_beyond_table(keys, key),
            }
        }
    }
}

#[cold]
fn find_beyond_table(keys: &[&str], key: &str) -> Option<usize> {
    let beyond = keys.get(INDEXED..)?;
    beyond.iter().position(|known| key_of(known) == key).map(|index| index + INDEXED)
}

/// Hashes the length and the first, middle and last byte of a key. The factors were chosen for few collisions among the keys of the API's
/// types: about one key in fifty collides with another of its type.
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
    use super::{FieldIndex, key_of};

    /// More keys than the table holds, one of each length. Each consists of `k` only. Its first `k` is in the place of the opening quote,
    /// its last two are in the places of the closing quote and the colon.
    const KEYS: &[&str] = {
        const LONGEST: &str = match str::from_utf8(&[b'k'; 200]) {
            Ok(text) => text,
            Err(_) => "",
        };
        let mut keys = [""; LONGEST.len() - 3];
        let mut length = 0;
        while length < keys.len() {
            keys[length] = LONGEST.split_at(length + 3).0;
            length += 1;
        }
        &{ keys }
    };

    #[test]
    fn every_key_is_found_and_no_other() {
        for count in [0, 1, 50, 128, 129, KEYS.len()] {
            let index = FieldIndex::of(&KEYS[..count]);
            for (number, encoded) in KEYS.iter().enumerate() {
                let name = key_of(encoded);
                assert_eq!(
                    index.find(&KEYS[..count], name),
                    (number < count).then_some(number),
                    "{name} among {count}"
                );
            }
        }
    }
}
