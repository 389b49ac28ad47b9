//! The fields of an object as tuples of references, so that a generated type only has to list them.

use serde::Serialize;
use serde::de::MapAccess;
use serde::ser::SerializeMap;

use super::decode::Decode;
use super::object::{Outcome, Slot, Writer};

/// References to fields: one field, or a tuple of such.
pub trait Fields: Copy {
    /// How many fields.
    const COUNT: usize;

    /// Writes them; the first of them has the number `first`.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<M: SerializeMap>(self, first: usize, writer: &mut Writer<'_, M>) -> Result<(), M::Error>;

    /// Whether they are equal.
    fn same(self, other: Self) -> bool;
}

/// References to fields that are being filled.
pub trait FieldsMut {
    /// How many fields.
    const COUNT: usize;

    /// Reads the value of one field.
    ///
    /// # Errors
    /// Where the value does not fit.
    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, slot: Slot<'_, A>) -> Result<Outcome, A::Error>;
}

impl<T: Decode + Serialize + PartialEq> Fields for &T {
    const COUNT: usize = 1;

    #[inline]
    fn write<M: SerializeMap>(self, first: usize, writer: &mut Writer<'_, M>) -> Result<(), M::Error> {
        writer.write(first, self)
    }

    #[inline]
    fn same(self, other: Self) -> bool {
        self == other
    }
}

impl<T: Decode> FieldsMut for &mut T {
    const COUNT: usize = 1;

    #[inline]
    fn read<'de, A: MapAccess<'de>>(&mut self, _: usize, slot: Slot<'_, A>) -> Result<Outcome, A::Error> {
        slot.read(&mut **self)
    }
}

macro_rules! tuples {
    ($($($name:ident $place:tt)*;)*) => {$(
        impl<$($name: Fields),*> Fields for ($($name,)*) {
            const COUNT: usize = 0 $(+ $name::COUNT)*;

            #[inline]
            #[allow(unused, reason = "of an empty tuple, and of the last field")]
            fn write<M: SerializeMap>(self, first: usize, writer: &mut Writer<'_, M>) -> Result<(), M::Error> {
                let mut next = first;
                $(
                    self.$place.write(next, writer)?;
                    next += $name::COUNT;
                )*
                Ok(())
            }

            #[inline]
            #[allow(unused, reason = "of an empty tuple")]
            fn same(self, other: Self) -> bool {
                true $(&& self.$place.same(other.$place))*
            }
        }

        impl<$($name: FieldsMut),*> FieldsMut for ($($name,)*) {
            const COUNT: usize = 0 $(+ $name::COUNT)*;

            #[inline]
            #[allow(unused, reason = "of an empty tuple, and of the last field")]
            fn read<'de, Map: MapAccess<'de>>(
                &mut self,
                field: usize,
                slot: Slot<'_, Map>,
            ) -> Result<Outcome, Map::Error> {
                let mut past = 0;
                $(
                    if field < past + $name::COUNT {
                        return self.$place.read(field - past, slot);
                    }
                    past += $name::COUNT;
                )*
                slot.skip()
            }
        }
    )*};
}

tuples! {
    ;
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
